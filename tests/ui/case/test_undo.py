"""Steps are undone and redone in one order, and dropped with the clip or case they belong to."""

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


def test_steps_are_undone_and_redone_in_order(history):
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


def test_opening_another_clip_drops_its_steps_and_keeps_those_of_the_case(history):
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


def test_every_change_is_signalled_once(history, qtbot):
    states = []
    history.changed.connect(lambda: states.append((history.can_undo, history.can_redo)))
    history.push(Letter([], "a"))
    history.undo()
    history.forget(*Scope)
    assert states == [(True, False), (False, True), (False, False)]
