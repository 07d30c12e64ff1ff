"""Folder names from strangers' file names: readable in every script, and accepted by every system."""

import pytest

from inspector.engine.file_names import plain_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("interview 2026-01-02", "interview_2026-01-02"),
        ("采访 记者", "采访_记者"),
        ("вид\u0438\u0306ео", "видйео"),  # a letter with a combining mark
        ("हिन्दी", "हिन्दी"),
        ("مقابلة", "مقابلة"),
        ("\u202egpj", "gpj"),  # a mark that turns the direction of writing
        ("-rf *", "-rf"),
        ("a/../b", "a_.._b"),
        ("..", "clip"),
        ("", "clip"),
        ("con", "_con"),  # a device on Windows
        ("nul.x", "_nul.x"),
        ("caf\udce9", "caf"),  # a byte that is not UTF-8
        ("x" * 300, "x" * 120),
        ("記" * 100, "記" * 40),
    ],
)
def test_names_keep_letters_and_drop_what_is_none(text: str, name: str):
    assert plain_name(text, "clip") == name
