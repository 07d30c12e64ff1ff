"""Finds the sentences of the engine's errors, so that the window can recognise and translate them.

An error is raised as an English sentence, which the command line, the log and the report keep. The window recognises
the sentence by its pattern (`inspector/ui/widgets/engine_text.py`). The patterns are read from the sources by Python's
own parser: the first argument of each expected error, what is noted as a problem of a file, and what the functions of
`TEXT_FUNCTIONS` return. Nobody keeps a second list of them. A placeholder is named after the last word of its
expression.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Formatter

from inspector.domain import errors

ROOT = Path(__file__).resolve().parent.parent.parent
_SOURCES = ("inspector/domain/**/*.py", "inspector/engine/**/*.py")
# What only the command line does: its sentences stay English, as all that it prints.
_COMMAND_LINE = frozenset(
    "process/scan.py process/clip_scan.py process/cluster.py process/cluster_scan.py process/report_folders.py "
    "process/rerun.py process/scan_inputs.py report/verify.py report/compare.py report/recorded.py case/merge.py "
    "case/footage.py seal/manifest.py seal/stamp.py".split()
)
# Functions that return such a sentence, or a phrase of one; the last ones say how a process is confined.
TEXT_FUNCTIONS = frozenset(
    "ended_text player_ended_text stalled_text signal_text missing_file_text other_file_text _other_schema_text "
    "_write_once _record _objections _doing _limits _restrict _restrict_linux restrict _in_job".split()
)
# Calls whose first or second argument says what was being done when an error happened.
_DOING = frozenset(("Boundary", "attempt"))
_SAME = {"strerror": "cause", "error": "cause", "begun": "doing"}  # one placeholder, so that one translation does
_LEAST_LETTERS = 6  # a pattern with less of its own would fit everything
# What is raised or called with a sentence, or with the phrase that says why within one.
_ERRORS = frozenset(
    kind.__name__
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, errors.InspectorError)
) | {"UnknownFormatError", "StoppedError", "TooMuchError", "KeystoreError", "SoundFacts", "_reject"}


def error_sentences() -> list[str]:
    """The patterns of all sentences, and the phrases that are put into them, sorted."""
    found: set[str] = set()
    for path in sorted(path for pattern in _SOURCES for path in ROOT.glob(pattern)):
        if "/".join(path.parts[-2:]) not in _COMMAND_LINE:
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found.update(sentences_of(path.read_text(encoding="utf-8"), module))
    for path in sorted((ROOT / "inspector/ui").rglob("*.py")):
        found.update(_doings(ast.parse(path.read_text(encoding="utf-8"))))
    return sorted(found)


def sentences_of(code: str, module_name: str) -> Iterator[str]:
    """The patterns in the source code of one module, whose constants are looked up in the imported module."""
    if not any(name in code for name in (*_ERRORS, *TEXT_FUNCTIONS, *_DOING, "problem")):
        return
    tree = ast.parse(code)
    yield from _doings(tree)
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        reader = _Reader(module_name, function)
        found = [
            text for node in ast.walk(function) for each in _said(node, function.name) for text in reader.texts(each)
        ]
        yield from (text for text in (*found, *reader.phrases) if _letters(text) >= _LEAST_LETTERS)


def _said(node: ast.AST, function: str) -> list[ast.expr]:
    """The expressions that are sentences: of a raised or made error, or of what a function for texts returns."""
    if isinstance(node, ast.Call) and _name(node.func) in _ERRORS:
        return node.args[:1]
    if isinstance(node, ast.Call) and _is_note_of_a_problem(node.func):
        return node.args[:1]
    if function in TEXT_FUNCTIONS and isinstance(node, ast.Return | ast.Yield) and node.value is not None:
        return list(node.value.elts) if isinstance(node.value, ast.Tuple) else [node.value]
    return []


def _is_note_of_a_problem(called: ast.expr) -> bool:
    """Whether a call notes what is wrong with a file: `walk.problem(...)` or `self._problems.append(...)`."""
    if not isinstance(called, ast.Attribute):
        return False
    return called.attr == "problem" or (called.attr == "append" and _name(called.value) == "_problems")


def _doings(tree: ast.AST) -> Iterator[str]:
    """What the program is said to have been doing: arguments of calls, and `doing` of classes of jobs."""
    for node in ast.walk(tree):
        said: list[ast.expr] = []
        if isinstance(node, ast.Call) and _name(node.func) in _DOING:
            said = node.args[:1]
        elif isinstance(node, ast.Assign) and any(_name(target) == "doing" for target in node.targets):
            said = [node.value]
        yield from (each.value for each in said if isinstance(each, ast.Constant) and isinstance(each.value, str))


class _Reader:
    """Reads the texts of expressions in one function; `phrases` are the texts that it assigns to local names."""

    def __init__(self, module_name: str, function: ast.FunctionDef) -> None:
        self._module_name = module_name
        self._assigned: dict[str, list[ast.expr]] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    self._assigned.setdefault(_name(target), []).append(node.value)
        self.phrases: set[str] = set()

    def texts(self, node: ast.expr) -> list[str]:
        """The patterns of an expression: none if it is no text that is known before the program runs."""
        match node:
            case ast.Constant(value=str(text)):
                return [text.replace("{", "{{").replace("}", "}}")]
            case ast.JoinedStr():
                return [self._joined(node)]
            case ast.IfExp():
                return self.texts(node.body) + self.texts(node.orelse)
            case ast.Name(id=name) if constant := self._constant(name):
                return [constant]
            case ast.Name():
                return [text for value in self._assigned.get(node.id, ()) for text in self.texts(value)]
            case ast.Call(func=ast.Attribute(attr="format", value=ast.Name(id=name))):
                return [_without_formats(self._constant(name))]
        return []

    def _constant(self, name: str) -> str:
        """The value of a constant of the module; "" if it is none or no text."""
        if name.lstrip("_") != name.lstrip("_").upper():
            return ""  # importing takes time
        value = getattr(importlib.import_module(self._module_name), name, None)
        return value if isinstance(value, str) else ""

    def _joined(self, node: ast.JoinedStr) -> str:
        names: dict[str, str] = {}
        parts = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                parts.append(self._filled(part.value, names))
            elif isinstance(part, ast.Constant):
                parts.append(str(part.value))
        return "".join(parts)

    def _filled(self, value: ast.expr, names: dict[str, str]) -> str:
        """A placeholder, or the text of a constant."""
        if isinstance(value, ast.Name) and (constant := self._constant(value.id)):
            return constant
        self.phrases.update(self.texts(value))
        source, name = ast.unparse(value), _word(value)
        taken = [other for other, former in names.items() if former != source]
        while name in taken:
            name += "2"
        names[name] = source
        return f"{{{name}}}"


def _word(node: ast.expr) -> str:
    """The last word of an expression: "strerror" of `error.strerror`, "name" of `Path(clip.path).name`."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _SAME.get(name, name.strip("_").lower())
        case ast.BoolOp(values=[first, *_]) | ast.BinOp(left=first) | ast.Subscript(value=first):
            return _word(first)
        case ast.Call(args=[first, *_]):
            return _word(first)
        case ast.Call(func=func):
            return _word(func)
        case ast.IfExp():
            return "what"
    return "value"


def _without_formats(text: str) -> str:
    """ "{bytes:,}" as "{bytes}": what is recognised is what was written."""
    return "".join(
        before + (f"{{{name}}}" if name is not None else "") for before, name, _, _ in Formatter().parse(text)
    )


def _letters(text: str) -> int:
    return sum(character.isalpha() for before, *_ in Formatter().parse(text) for character in before)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def as_lines(sentences: Iterable[str]) -> str:
    """The contents of the file that the window reads: one pattern a line."""
    return "".join(f"{sentence}\n" for sentence in sentences)
