"""Floor 3: the window."""

# PySide6 reads the source of each module that is imported after it, to see whether that uses Qt: 0.1 ms for each of
# 600 modules. So those below the window, which do not, come first; these few import most of them.
import inspector.engine.analysis.deep_rule
import inspector.engine.case.case_entry
import inspector.engine.case.merge
import inspector.engine.filters.table
import inspector.engine.model.bundle
import inspector.engine.process.player.players
import inspector.engine.provenance.coding.lanes
import inspector.engine.provenance.coding.repeats
import inspector.engine.provenance.structure.text
import inspector.engine.report.case_export
import inspector.engine.sound.text  # noqa: F401
