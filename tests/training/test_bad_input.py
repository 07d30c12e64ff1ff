"""Damaged files, unwritable paths and impossible requests: one sentence each, and finished work stays."""

import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
import pytest
import torch
from lightning_fabric.plugins import Precision
from safetensors.torch import save_file
from timm.utils import ModelEmaV3

from inspector.domain.errors import OutputError, TrainingError
from tests.disk import full_disk
from tests.training import source_layouts as layouts
from training import __main__ as command_line
from training import recipe as recipes
from training.fit import checkpoint, metrics_log
from training.fit.batch.batches import Batches
from training.fit.batch.loader import load_batches
from training.fit.checkpoint import State, begin, begin_run, save
from training.fit.loop import fit
from training.forge import autoencoders
from training.measure import ablate as ablation
from training.measure import compare as comparison
from training.measure.tracks import LAYOUT
from training.prepare import prepare
from training.prepare.clip import Cause, Job, Outcome
from training.prepare.index import load_index
from training.prepare.split import Side, divide
from training.recipe import PrepareOptions, Recipe
from training.sources import Sample


def quiet(_: str) -> None:
    """Ignore a message."""


@pytest.fixture
def run(tiny: Recipe, tmp_path: Path, monkeypatch) -> Path:
    """A run of `tiny` with a checkpoint of fresh weights; the command line loads `tiny` for any recipe path."""
    monkeypatch.setattr(recipes, "load", lambda _: tiny)
    folder = tmp_path / "run"
    begin_run(tiny, folder)
    network = begin(tiny)
    state = State(network, ModelEmaV3(network), torch.optim.SGD(network.parameters()), Precision())
    save(folder / "last.safetensors", state)
    return folder


def message_of(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """The message of a failing command, which must be one sentence."""
    assert command_line.main([str(argument) for argument in arguments]) == 1
    message = capsys.readouterr().err
    assert message.count("\n") == 1, message
    return message


@pytest.mark.parametrize(
    ("command", "name", "content", "advice"),
    [
        ("calibrate", "tracks.json", "{", "remove it and run the same command again"),
        ("calibrate", "tracks.json", "[]", "remove it and run the same command again"),
        ("calibrate", "tracks.json", f'{{"layout": {LAYOUT}, "tracks": [{{"part": 1}}]}}', "remove it"),
        ("evaluate", "calibration.json", '{"calibration": 3}', "run `python -m training calibrate`"),
        ("robustness", "calibration.json", "{", "run `python -m training calibrate`"),
        ("export", "calibration.json", "", "run `python -m training calibrate`"),
        ("fit", "metrics.csv", "step,log loss\n4,low\n", "restore it, or remove it"),
        ("fit", "metrics.csv", "log loss\n4\n", "names no step"),
        ("fit", "metrics.csv", "step\n0,1,2\n", "restore it, or remove it"),
        ("fit", "recipe.json", "{", "name another run folder"),
    ],
)
def test_a_damaged_file_of_a_run_is_named(run: Path, capsys, command: str, name: str, content: str, advice: str):
    (run / name).write_text(content)
    before = (run / "last.safetensors").read_bytes()
    more = ["--out", run / "bundle"] if command == "export" else []
    message = message_of(capsys, command, "a.toml", "--folder", run, *more)
    assert str(run / name) in message
    assert "damaged" in message
    assert advice in message
    assert (run / "last.safetensors").read_bytes() == before


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


@pytest.mark.parametrize(("harm", "cause"), [(cut_off, "is damaged"), (Path.unlink, "is missing")])
def test_a_part_that_is_cut_off_or_gone_is_named(
    tiny: Recipe, tmp_path: Path, harm: Callable[[Path], None], cause: str
) -> None:
    for part in (tmp_path / "prepared/parts").iterdir():
        harm(part)
    with pytest.raises(TrainingError, match=rf"parts/\d+\.safetensors .*{cause}.*prepare again"):
        fit(tiny, tmp_path / "run", quiet)


@pytest.mark.parametrize("workers", [0, 1])
def test_a_worker_reports_what_is_wrong_in_one_line(tiny: Recipe, tmp_path: Path, workers: int) -> None:
    rows = [row for row in load_index(tmp_path / "prepared") if not row["is_held_out"]]
    batches = Batches(tiny, rows, 3, 1)
    for part in (tmp_path / "prepared/parts").iterdir():
        part.unlink()
    with pytest.raises(TrainingError) as caught:
        next(load_batches(batches, 0, 1, workers))
    assert str(caught.value).endswith("writes that part again.")
    assert "\n" not in str(caught.value)


def test_junk_for_an_autoencoder_or_its_texture_is_named(tiny: Recipe, tmp_path: Path) -> None:
    (weights,) = (tmp_path / "autoencoders").iterdir()
    save_file({"a": torch.zeros(1)}, weights)
    for _ in range(2):
        with pytest.raises(TrainingError, match=rf"{weights.name} .*damaged.*run `python -m training autoencoders`"):
            autoencoders.load(weights.parent)
        weights.write_bytes(b"junk")
    with pytest.raises(TrainingError, match=r"absent is missing; name a safetensors file of .* as `texture`"):
        autoencoders.EarlyMaps(tmp_path / "absent")
    with pytest.raises(TrainingError, match=r"damaged.*as `texture`"):
        autoencoders.EarlyMaps(weights)


def test_a_folder_for_autoencoders_that_cannot_be_made_is_reported_first(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="file/autoencoders cannot be written"):
        autoencoders.fit_all([], tmp_path / "absent", tmp_path / "file/autoencoders", 1, 1, quiet)
    (tmp_path / "full").mkdir()
    kind = autoencoders.KINDS[0]
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OutputError, match=rf"{kind.name}\.safetensors cannot be written"):
        autoencoders.save(autoencoders.Autoencoder(kind), kind, tmp_path / "full")
    assert not list((tmp_path / "full").glob("*.safetensors")), "half of it would count as finished"


OPTIONS = PrepareOptions(frames=2, held_out_frames=2, largest=64, held_out=0.0, seed=1)


@pytest.mark.parametrize("content", ["", "{", "[1]", "\x00"])
def test_damaged_options_of_a_prepared_folder_are_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "options.json").write_text(content)
    with pytest.raises(TrainingError, match=r"options\.json .*damaged.*name another folder, or remove it"):
        prepare.prepare([], tmp_path, OPTIONS, quiet)
    assert (tmp_path / "options.json").read_text() == content


def test_a_damaged_list_of_rejected_samples_is_named(tmp_path: Path) -> None:
    one = Job(Sample(tmp_path / "a", "clip", True, "m", "", "", "", "s", "l"), "g", False, tmp_path, Path("p"), OPTIONS)
    (tmp_path / "rejected.csv").write_text("part,reason\np,no face found\n")
    with pytest.raises(TrainingError, match=r"rejected\.csv is damaged \(it has no 'cause'\); remove it"):
        prepare._Rejected(tmp_path, [one])


def test_a_rejected_sample_whose_names_are_formulas_is_quoted_and_known_again(tmp_path: Path) -> None:
    named, part = Path("=cmd;-1.mp4"), Path("@1.safetensors")
    (tmp_path / named).touch()
    one = Job(Sample(named, "clip", True, "m", "", "", "", "s", "l"), "g", False, tmp_path, part, OPTIONS)
    with prepare._Rejected(tmp_path, [one]) as rejected:
        rejected.add(one, Outcome(0, Cause.FILE, "=1+1"))
    written = (tmp_path / "rejected.csv").read_text()
    assert written.splitlines()[1].startswith("'=cmd;'-1.mp4,'=1+1,")
    with prepare._Rejected(tmp_path, [one]) as rejected:
        assert part.name in rejected, "it is not tried again"
    assert (tmp_path / "rejected.csv").read_text() == written


def test_with_nothing_left_the_cluster_is_not_asked_and_a_message_says_so(tmp_path: Path) -> None:
    messages: list[str] = []
    jobs: list[Job] = []
    with prepare._Rejected(tmp_path, jobs) as rejected:
        prepare._run(jobs, rejected, messages.append, 1, "tcp://nowhere:1", None)
        prepare._run(jobs, rejected, messages.append, 1, "", None)
    there = "nothing is left to prepare; the scheduler at tcp://nowhere:1 was not contacted"
    assert messages == [there, "nothing is left to prepare"]


def test_a_damaged_budget_costs_only_its_recipe_and_is_named(run: Path, tmp_path: Path) -> None:
    (tmp_path / "runs/default").mkdir(parents=True)
    (tmp_path / "runs/default/budget.json").write_text('{"steps": 3}')
    with pytest.raises(TrainingError, match="No recipe gave a result"):
        comparison.compare([tmp_path / "a.toml"], tmp_path / "runs", tmp_path / "t.md", comparison.Budget(2), quiet)
    page = (tmp_path / "t.md").read_text()
    assert "budget.json is damaged" in page
    assert "missing required field" in page


def test_a_damaged_ablation_is_named(run: Path, tiny: Recipe, monkeypatch) -> None:
    monkeypatch.setattr(ablation, "train", lambda *_, **__: None)
    (run / "ablation.json").write_text('{"checkpoint": "a"}')
    with pytest.raises(TrainingError, match=r"ablation\.json .*damaged .*`rows`.*remove it and run the same command"):
        ablation.measured(tiny, tiny, run, quiet)


@pytest.mark.parametrize("command", ["compare", "ablate"])
@pytest.mark.parametrize("out", ["file/table.md", "folder"])
def test_a_table_that_cannot_be_written_is_known_before_training(
    run: Path, tmp_path: Path, monkeypatch, capsys, command: str, out: str
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    for module in (comparison, ablation):
        monkeypatch.setattr(module, "train", lambda *_, **__: pytest.fail("it trained"))
    arguments = [command, "a.toml", "--folder", tmp_path / "runs", "--out", tmp_path / out, "--steps", 2]
    assert f"{tmp_path / out} cannot be written" in message_of(capsys, *arguments)
    assert not (tmp_path / "runs").exists()


def test_results_that_the_disk_refuses_are_named(run: Path, capsys, monkeypatch) -> None:
    monkeypatch.setattr(os, "fsync", full_disk)
    message = message_of(capsys, "calibrate", "a.toml", "--folder", run)
    assert f"{run / 'tracks.json'} cannot be written (No space left on device)" in message
    assert "finished work is kept" in message


def test_a_log_that_cannot_be_opened_or_continued_is_named(tmp_path: Path) -> None:
    (tmp_path / "tensorboard").touch()
    with pytest.raises(OutputError, match="tensorboard cannot be written"):
        metrics_log.MetricsLog(tmp_path, 0, quiet)


def test_plots_of_an_inspection_need_room_too(tmp_path: Path, capsys) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/broken.csv").symlink_to("/dev/full")
    message = message_of(capsys, "inspect", layouts.manifest(tmp_path / "m"), "--out", tmp_path / "out")
    assert f"{tmp_path / 'out'} cannot be written (No space left on device)" in message
    assert "name another folder with --out" in message


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["fit", "a.toml", "--folder", "r", "--steps", "-3"], "--steps: a whole number of at least one, not '-3'"),
        (["fit", "a.toml", "--folder", "r", "--steps", "0"], "at least one, not '0'"),
        (["fit", "a.toml", "--folder", "r", "--steps", "many"], "at least one, not 'many'"),
        (["fit", "a.toml", "--folder", "r", "--steps", "9" * 30], "--steps: a whole number of at most 1,000,000,000"),
        (["prepare", "a.toml", "--workers", "0"], "--workers: a whole number of at least one"),
        (["prepare", "a.toml", "--limit", "soon"], "--limit: a number above 0, not 'soon'"),
        (["robustness", "a.toml", "--folder", "r", "--files", "-1"], "--files: a whole number"),
        (["compare", "a.toml", "--folder", "r", "--out", "t", "--steps", "-1"], "--steps: a whole number"),
        (["compare", "a.toml", "--folder", "r", "--out", "t", "--minutes", "inf"], "--minutes: a number above 0"),
        (["compare", "a.toml", "--folder", "r", "--out", "t", "--steps", "1", "--frames", "-1"], "--frames: a whole"),
        (["ablate", "a.toml", "--folder", "r", "--out", "t", "--steps", "1.5"], "--steps: a whole number"),
        (["measure", "a.toml", "--folder", "r", "--out", "t", "--split", "train"], "'public', 'test'"),
    ],
)
def test_counts_are_checked_where_they_are_typed(capsys, arguments: list[str], expected: str) -> None:
    with pytest.raises(SystemExit) as caught:
        command_line.main(arguments)
    assert caught.value.code == 2
    assert expected in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("fit", "the folder of the run; created if needed"),
        ("calibrate", "the folder of the run that `fit` wrote"),
        ("measure", "`inspector scan` wrote its results to"),
        ("measure", "{public,test}"),
        ("inspect", "manifest, dfdc, celeb_df, face_forensics, real_fake_folders"),
        ("prepare", "reject every clip that takes more seconds than this"),
    ],
)
def test_help_explains_each_command(capsys, monkeypatch, command: str, expected: str) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    with pytest.raises(SystemExit):
        command_line.main([command, "--help"])
    assert expected in capsys.readouterr().out


def test_measuring_a_split_that_no_source_has_names_it(tiny: Recipe, tmp_path: Path, monkeypatch, capsys) -> None:
    source = recipes.SourceTable(format="manifest", path=str(layouts.manifest(tmp_path / "m")), split="train")
    monkeypatch.setattr(recipes, "load", lambda _: msgspec.structs.replace(tiny, sources=[source]))
    message = message_of(capsys, "measure", "a.toml", "--folder", tmp_path, "--out", tmp_path / "b", "--split", "test")
    assert message.strip() == "a.toml, split 'test', holds nothing; measuring needs both classes."


def test_a_share_of_nothing_holds_out_no_one_and_fit_reports_what_that_means(tiny: Recipe, tmp_path: Path) -> None:
    samples = [Sample(Path(f"{n}"), "face", n % 2 == 1, "m", f"p{n}", "", "train", "s", "l") for n in range(20)]
    assert {assignment.side for assignment in divide(samples, 0.0, 1)} == {Side.TRAIN}
    assert Side.HELD_OUT in {assignment.side for assignment in divide(samples, 0.1, 1)}
    rows = [row for row in load_index(tmp_path / "prepared") if not row["is_held_out"]]
    with pytest.raises(TrainingError, match="has no held-out people; raise the recipe's held_out and prepare again"):
        fit(tiny, tmp_path / "run", quiet, rows)


def test_a_damaged_note_of_the_commit_is_named(run: Path) -> None:
    (run / checkpoint._COMMIT).write_text("3")
    with pytest.raises(TrainingError, match=r"is damaged .*; remove it; the card will then not name a commit"):
        checkpoint.commit_of(run)


def test_a_card_does_without_a_commit_where_there_is_no_git(monkeypatch) -> None:
    assert len(checkpoint._commit().removesuffix("-dirty")) in (0, 40)
    monkeypatch.setenv("PATH", "")
    assert checkpoint._commit() == ""


@pytest.mark.parametrize("option", [["--join"], ["--tracks", "a.csv"], ["--recipe", "a.toml"]])
def test_an_option_of_learnt_weights_needs_them(capsys, option: list[str]) -> None:
    said = message_of(capsys, "deep", "models/default", "--out", "b", "--version", "1", *option)
    assert f"{option[0]} needs what was learnt; name it with --weights" in said


def test_an_error_of_the_program_is_named_as_ours(
    monkeypatch: pytest.MonkeyPatch, own_log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_chosen: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setitem(command_line._COMMANDS, "pack", fails)
    assert command_line.main(["pack", "a.toml", "--out", "b"]) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith("Deepfake Inspector made an error while running python -m training pack (KeyError: 'a bug')")
    assert str(own_log) in said
    assert "Traceback" in own_log.read_text()


def ended_by(number: int, _chosen: object) -> None:
    signal.raise_signal(number)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_command_says_how_it_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    former = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        monkeypatch.setitem(command_line._COMMANDS, "pack", partial(ended_by, number))
        assert command_line.main(["pack", "a.toml", "--out", "b"]) == code
        assert capsys.readouterr().err == "Stopped; run the same command again to continue from the finished work.\n"
    signal.signal(signal.SIGTERM, former)
