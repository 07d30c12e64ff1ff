"""Text from files reaches labels, tooltips and the terminal only through what shows it as plain, printable text."""

import ast
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LABELS = "inspector/ui/widgets/labels.py"
PRINTERS = {"inspector/terminal.py", "inspector/engine/faults.py"}  # both make what they print printable

# Widgets that read their text as HTML, or that load what it names. Their subclasses are as dangerous.
RICH_WIDGETS = {"QLabel", "QMessageBox", "QErrorMessage", "QTextEdit", "QTextBrowser", "QProgressDialog", "QStaticText",
                "QTextDocument", "QGraphicsTextItem", "LabelItem", "TextItem"}  # fmt: skip
RICH_METHODS = {"setHtml", "setMarkdown", "insertHtml", "appendHtml", "insertMarkdown"}
TIP_METHODS = {"setToolTip", "showText", "setWhatsThis", "setLabelText"}


def name_of(node: ast.expr) -> str:
    """The last part of a dotted name, "" for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def is_plain(node: ast.expr) -> bool:
    """Whether an argument is text of ours, in whatever language, or went through `plain_tip`."""
    if isinstance(node, ast.Call):
        is_ours = name_of(node.func) == "tr" and not node.keywords and all(map(is_plain, node.args))
        return is_ours or name_of(node.func) == "plain_tip"
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def names_tip_role(node: ast.AST) -> bool:
    return any(isinstance(inner, ast.Attribute) and inner.attr == "ToolTipRole" for inner in ast.walk(node))


def rich_text(tree: ast.Module) -> Iterator[str]:
    """What of the window's code could show untrusted text as HTML, as "line: name"."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for base in node.bases:
                if name_of(base) in RICH_WIDGETS:
                    yield f"{node.lineno}: {name_of(base)}"
        elif isinstance(node, ast.Call):
            name = name_of(node.func)
            is_rich = name in RICH_WIDGETS | RICH_METHODS or any(keyword.arg == "html" for keyword in node.keywords)
            if is_rich or (name in TIP_METHODS and not any(map(is_plain, node.args))):
                yield f"{node.lineno}: {name}"
            elif any(map(names_tip_role, node.args)) and not any(map(is_plain, node.args)):
                yield f"{node.lineno}: {name} of ToolTipRole"
        elif isinstance(node, ast.If) and names_tip_role(node.test):
            returned = [inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return) and inner.value]
            if not all(map(is_plain, returned)):
                yield f"{node.lineno}: ToolTipRole"


def prints(tree: ast.Module) -> Iterator[str]:
    """What writes to the terminal, as "line: name"."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            is_printing = name in {"print", "sys.stdout.write", "sys.stderr.write"}
            if is_printing or name_of(node.func) in {"Console", "ArgumentParser"}:
                yield f"{node.lineno}: {name}"


def writes_tables(tree: ast.Module) -> Iterator[str]:
    """What writes CSV past `SheetWriter`, as "line: name"."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"csv.writer", "csv.DictWriter"}:
            yield f"{node.lineno}: {ast.unparse(node.func)}"


def walks_down(tree: ast.Module) -> Iterator[str]:
    """What calls itself for each folder within a folder, as "line: name"."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name_of(node.func) == "rglob" or ast.unparse(node.func) == "os.walk"):
            yield f"{node.lineno}: {ast.unparse(node.func)}"


def reads_fractions(tree: ast.Module) -> Iterator[str]:
    """What may make a fraction of a text, in which "1e99999999" takes hours, as "line: argument"."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node.func) == "Fraction":
            is_one = len(node.args) == 1 and not isinstance(node.args[0], ast.Constant)
            yield from [f"{node.lineno}: {ast.unparse(node.args[0])}"] if is_one else []


def searched(files: Iterable[Path], search: Callable[[ast.Module], Iterator[str]], words: set[str]) -> list[str]:
    """What a search finds in files, of which only those that hold one of the words are parsed."""
    sources = ((path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in sorted(files))
    named = [(name, source) for name, source in sources if any(word in source for word in words)]
    return [f"{name}:{what}" for name, source in named for what in search(ast.parse(source))]


def test_the_window_shows_text_only_as_plain_text():
    files = [path for path in (ROOT / "inspector/ui").rglob("*.py") if path != ROOT / LABELS]
    assert len(files) > 80
    words = {"ToolTipRole", "html="} | RICH_WIDGETS | RICH_METHODS | TIP_METHODS
    assert not searched(files, rich_text, words), f"use PlainLabel and plain_tip of {LABELS}"


def test_tables_for_spreadsheets_are_written_in_one_place():
    files = [path for room in ("inspector", "training") for path in (ROOT / room).rglob("*.py")]
    found = searched(files, writes_tables, {"csv.writer", "csv.DictWriter"})
    assert [place.partition(":")[0] for place in found] == ["inspector/engine/spreadsheet.py"], "use its SheetWriter"


def test_folders_of_strangers_are_listed_however_deep_they_are():
    found = searched((ROOT / "inspector").rglob("*.py"), walks_down, {"rglob", "os.walk"})
    assert not found, "use files_below of inspector/engine/regular_file.py"


def test_fractions_are_made_of_texts_only_where_their_form_is_checked():
    rooms = [*(ROOT / "inspector/engine").rglob("*.py"), *(ROOT / "inspector/domain").rglob("*.py")]
    assert {place.partition(":")[0] for place in searched(rooms, reads_fractions, {"Fraction("})} == {
        "inspector/engine/codec.py",
        "inspector/engine/decode/streams.py",
        "inspector/engine/decode/picture_format.py",  # of a number
        "inspector/domain/timecode.py",  # of a number
    }


def test_the_command_line_prints_only_through_the_terminal_module():
    files = (path for path in (ROOT / "inspector").rglob("*.py") if path.relative_to(ROOT).as_posix() not in PRINTERS)
    assert not searched(files, prints, {"print(", "Console(", "ArgumentParser(", ".write("}), (
        "use inspector/terminal.py, and SafeConsole of inspector/console.py"
    )


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("QLabel(name)", ["1: QLabel"]),
        ("QtWidgets.QMessageBox()", ["1: QMessageBox"]),
        ("class Note(QLabel): ...", ["1: QLabel"]),
        ("view.setHtml(text)", ["1: setHtml"]),
        ("TextItem(html=text)", ["1: TextItem"]),
        ("box.setToolTip(str(path))", ["1: setToolTip"]),
        ("box.setToolTip(f'{path}')", ["1: setToolTip"]),
        ("box.setToolTip('Close')", []),
        ("box.setToolTip(plain_tip(str(path)))", []),
        ("row.setToolTip(column, tip)", ["1: setToolTip"]),
        ("box.setItemData(1, tip, Qt.ItemDataRole.ToolTipRole)", ["1: setItemData of ToolTipRole"]),
        ("def data():\n    if role == Qt.ItemDataRole.ToolTipRole:\n        return path", ["2: ToolTipRole"]),
        ("def data():\n    if role == Qt.ItemDataRole.ToolTipRole:\n        return plain_tip(path)", []),
    ],
)
def test_the_search_finds_rich_text(code: str, expected: list[str]):
    assert list(rich_text(ast.parse(code))) == expected
