"""The sentences of errors are read from the sources: with their placeholders, constants, choices and local names."""

from inspector.engine.decode.evidence import HIDDEN_PICTURE
from tools.texts import error_sentences

CODE = """
_END = "say so"
def one(path, error, name, size):
    what = "sound" if size else "nothing"
    if size:
        raise ClipError(f"{path.name} holds {what} ({error.strerror}); {_END}.")
    raise CaseError(f"{path} and {name.lower()} and {path} are {'missing' if size else 'replaced'} here")
def two():
    raise ValueError("of no use to a user")
def three(walk, at):
    walk.problem(f"The packets are out of step from byte {at:,} on.")
def stalled_text():
    return "It stalled."
with faults.Boundary("reading a file"):
    pass
"""


def test_patterns_are_read_from_the_code(monkeypatch):
    class Module:
        _END = "say so"

    monkeypatch.setattr(error_sentences.importlib, "import_module", lambda _name: Module)
    assert set(error_sentences.sentences_of(CODE, "x")) == {
        "{name} holds {what} ({cause}); say so.",
        "nothing",  # "sound" has too few letters to be a phrase of its own
        "{path} and {lower} and {path} are {what} here",
        "missing",
        "replaced",
        "The packets are out of step from byte {at} on.",
        "It stalled.",
        "reading a file",
    }


def test_a_constant_that_is_formatted_is_found_without_the_format_of_its_numbers():
    found = error_sentences.error_sentences()
    assert HIDDEN_PICTURE.replace("{start:,}", "{start}") in found
    assert "The analysis process sent no message for {seconds} s and was ended; finished frames are kept." in found
    assert {"it is locked", "it does not answer within {patience_seconds} seconds"} <= set(found), "of the key store"
    assert "sent no message for {limit} s" in found, "of the player's process"
    assert not any("--out" in text for text in found), "the command line is not translated"
