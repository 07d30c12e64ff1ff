"""Steps are taken back and done again in one order, and forgotten with what they belong to."""

import pytest

from inspector.ui.case.undo import History, Scope


class Letter:
    def __init__(self, text, letter, scope=Scope.CLIP):
        self._text, self._letter, self.scope = text, letter, scope

    def redo(self):
        self._text.append(self._letter)

    def undo(self):
        assert self._text.pop() == self._letter


@pytest.fixture
def history(qapp):
    return History(qapp)


def test_steps_go_back_and_forth_in_order(history):
    text = []
    for letter in "abc":
        history.push(Letter(text, letter))
    history.undo()
    history.undo()
    assert (text, history.can_undo, history.can_redo) == (["a"], True, True)
    history.redo()
    assert text == ["a", "b"]
    history.push(Letter(text, "d"))
    assert not history.can_redo
    for _ in range(5):
        history.undo()
    assert (text, history.can_undo) == ([], False)
    for _ in range(5):
        history.redo()
    assert text == ["a", "b", "d"]


def test_another_clip_forgets_its_steps_and_keeps_the_cases(history):
    text, case = [], []
    history.push(Letter(case, "1", Scope.CASE))
    history.push(Letter(text, "a"))
    history.push(Letter(case, "2", Scope.CASE))
    history.undo()
    history.forget(Scope.CLIP)
    history.redo()
    assert (text, case) == (["a"], ["1", "2"])
    history.undo()
    history.undo()
    assert (text, case, history.can_undo) == (["a"], [], False)


def test_every_change_is_said_once(history, qtbot):
    said = []
    history.changed.connect(lambda: said.append((history.can_undo, history.can_redo)))
    history.push(Letter([], "a"))
    history.undo()
    history.forget(*Scope)
    assert said == [(True, False), (False, True), (False, False)]
