"""Ctrl-C and other signals that end a training run: it saves what it has learnt, says so, and goes on from there."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from safetensors.torch import load_file

from inspector.engine.end_signals import Ended
from training.fit import crossfit, loop
from training.fit.batch.batches import Batch, Batches
from training.fit.checkpoint import steps_done
from training.fit.crossfit import fit_folds, names
from training.fit.loop import fit
from training.fit.optim import Clock
from training.recipe import Recipe

pytestmark = pytest.mark.usefixtures("interruptible")


@pytest.fixture(autouse=True)
def default_signal() -> Iterator[None]:
    """SIGTERM has its default effect, whatever the process that runs the tests inherited."""
    former = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGTERM, former)


def quiet(_: str) -> None:
    """Ignore a message."""


def then(signals: Callable[[int], list[int]], work: Callable[..., None]) -> Callable[..., None]:
    """The work, with the signals that come while it is called for the n-th time."""
    calls: list[object] = []

    def interrupted(*given: object) -> None:
        calls.append(given)
        for number in signals(len(calls)):
            signal.raise_signal(number)
        work(*given)

    return interrupted


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_saves_the_step_and_the_next_call_goes_on(
    tiny: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    recipe = msgspec.structs.replace(tiny, fit=msgspec.structs.replace(tiny.fit, save_every=1000))
    fit(recipe, tmp_path / "whole", quiet)
    messages: list[str] = []
    monkeypatch.setattr(loop, "set_rate", then(lambda call: [number] if call == 2 else [], loop.set_rate))
    with pytest.raises(Ended) as ended:
        fit(recipe, tmp_path / "run", messages.append)
    assert ended.value.number == number
    assert messages[-1] == "interrupted at step 2, which is saved; run the same command again to continue"
    assert steps_done(tmp_path / "run/last.safetensors") == 2
    monkeypatch.undo()
    fit(recipe, tmp_path / "run", quiet)
    whole, again = (load_file(tmp_path / name / "last.safetensors") for name in ("whole", "run"))
    assert all(whole[name].equal(again[name]) for name in whole)


def test_a_second_ctrl_c_does_not_wait_for_the_step(
    tiny: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    twice: list[int] = [signal.SIGTERM, signal.SIGTERM, signal.SIGINT]  # the system may repeat its own
    monkeypatch.setattr(loop, "set_rate", then(lambda _: twice, loop.set_rate))
    with pytest.raises(Ended):
        fit(tiny, tmp_path / "run", quiet)
    assert steps_done(tmp_path / "run/last.safetensors") == 1
    monkeypatch.setattr(loop, "set_rate", then(lambda _: [signal.SIGINT, signal.SIGINT], quiet))
    with pytest.raises(Ended):
        fit(tiny, tmp_path / "other", quiet)
    assert not (tmp_path / "other/last.safetensors").exists()


def test_networks_of_source_folds_are_all_saved(
    sources: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = msgspec.structs.replace(sources, fit=msgspec.structs.replace(sources.fit, steps=1000, save_every=1000))
    messages: list[str] = []
    monkeypatch.setattr(crossfit, "set_rate", then(lambda call: [15] if call == 1 else [], crossfit.set_rate))
    with pytest.raises(Ended):
        fit_folds(recipe, tmp_path / "run", messages.append)
    steps = {steps_done(crossfit.folder_of(tmp_path / "run", name) / "last.safetensors") for name in names(None)}
    assert messages[-1].startswith(f"interrupted at step {steps.pop()}, which is saved; ")


class Interrupted(Batches):
    """Batches whose maker gets the signals that a terminal and a service manager send to all processes."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.first = os.getpid()

    def __getitem__(self, number: int) -> Batch:
        if multiprocessing.parent_process() is not None:
            signal.raise_signal(signal.SIGINT)
            if number == 6:  # of which the network has learnt from two at least: three wait
                os.kill(self.first, signal.SIGTERM)
                signal.raise_signal(signal.SIGTERM)
        return super().__getitem__(number)


def test_a_signal_that_also_ends_the_maker_of_batches_loses_no_step(
    tiny: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "Batches", Interrupted)
    table = msgspec.structs.replace(tiny.fit, save_every=1000, check_every=1000, steps=12, workers=1)
    with pytest.raises(Ended):
        fit(msgspec.structs.replace(tiny, fit=table), tmp_path / "run", quiet)
    assert steps_done(tmp_path / "run/last.safetensors") >= 2


@pytest.mark.parametrize("error", [RuntimeError("worker died"), ConnectionResetError(), EOFError()])
def test_a_worker_that_the_signal_ended_too_gives_no_batch_and_one_that_died_by_itself_its_error(
    tiny: Recipe, error: Exception
) -> None:
    def die(number: int) -> Batch:
        if number:
            signal.raise_signal(number)
        raise error

    clock = Clock(tiny.fit, SimpleNamespace(seconds=0.0), 1.0)  # type: ignore[arg-type]
    with pytest.raises(Ended), clock.interruptible():
        assert clock.fetch(map(die, [signal.SIGTERM]), 1) == []
    with pytest.raises(type(error)):
        Clock(tiny.fit, SimpleNamespace(seconds=0.0), 1.0).fetch(map(die, [0]), 1)  # type: ignore[arg-type]
