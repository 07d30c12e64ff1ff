"""An imported analysis is believed once this installation has made it again with the same numbers."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inspector.domain.analysis import SignalBlock, Timing
from inspector.domain.settings import Settings
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.imports import admit
from inspector.engine.provenance.coding.blocks import CODING_TRACK
from tests.engine.case.test_case_file import CLIP, batch
from tests.engine.case.test_imports import made_case, origin, result, tampered


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.mp4.inspector"


FORGERIES = [
    "",
    "UPDATE scores SET logit = 1.2500001 WHERE logit IS NOT NULL",
    "UPDATE analyses SET result = json_set(result, '$.summary.reason', 'x')",
    "UPDATE analyses SET result = '{}'",
    "UPDATE analyses SET series = json_replace(series, '$[0][0]', 'another signal')",
    "UPDATE analyses SET clip = json_replace(clip, '$.codec', 'av1')",
    "UPDATE analyses SET settings = json_replace(settings, '$.every', 7)",
]


@pytest.mark.parametrize("forgery", FORGERIES)
def test_an_imported_analysis_with_the_same_numbers_is_confirmed_by_an_own_one(path: Path, forgery: str):
    number = made_case(path, is_signed=False)
    if forgery:
        tampered(path, forgery)
    admit(path)
    with CaseFile.open(path) as case:
        own = case.begin(CLIP, Settings(), "m")
        case.sign(own)
        case.append(own, batch(), {})
        again = replace(result(), started_at="later", device="another", timings=(Timing("decode", 1.0, 1),))
        case.finish(own, again)
        assert case.read(number).imported(), "not before the result is there"
        case.sign(own)
        assert bool(case.read(number).imported()) == bool(forgery)
        assert any(entry.action == "imported analysis confirmed" for entry in case.audit()) != bool(forgery)
    admit(path)
    assert bool(origin(path, number)) == bool(forgery)


@pytest.mark.parametrize("is_measured_by_both", [False, True])
def test_measurements_of_the_clip_that_an_older_release_lacks_do_not_hinder_the_confirmation(
    path: Path, is_measured_by_both: bool
):
    number = made_case(path, is_signed=False)
    if is_measured_by_both:
        tampered(path, "INSERT INTO signals SELECT id, 0, 0, 9, x'0000000000000000', x'00000000' FROM analyses")
    admit(path)
    with CaseFile.open(path) as case:
        own = case.begin(CLIP, Settings(), "m")
        block = SignalBlock(CODING_TRACK, np.zeros(1, np.int64), np.ones((1, 1), np.float32))
        case.append(own, replace(batch(), signals=(*batch().signals, block)), {})
        case.finish(own, replace(result(), started_at="later"))
        case.sign(own)
        assert bool(case.read(number).imported()) == is_measured_by_both, "different numbers confirm nothing"
