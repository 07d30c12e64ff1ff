import errno
import hashlib
import json
import os
import resource
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from inspector.domain.errors import OutputError
from inspector.engine.filters import filters
from inspector.engine.filters.table import default_step
from inspector.engine.report import png
from inspector.engine.report.material import ReportMaterial
from inspector.engine.report.writer import write_report
from inspector.engine.seal.manifest import MANIFEST, read_manifest
from tests.engine.report.conftest import make_saved_figure

Make = Callable[..., ReportMaterial]


@pytest.fixture
def full_disk() -> Iterator[None]:
    """The kernel refuses to let any file grow beyond 30 kB, as a full disk would."""
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, old[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, old)
    signal.signal(signal.SIGXFSZ, handler)


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        image.load()
        return image


def test_writes_everything_and_the_manifest_agrees(make_material: Make, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "out"
    paths = write_report(make_material(), folder)
    names = {str(p.relative_to(folder)) for p in paths}
    assert {"report.pdf", "report.json", "frames.csv", "signals.csv", "VERIFY.txt", MANIFEST} <= names
    assert sum(n.startswith("figures/") for n in names) == 6
    assert set(files_in(folder)) == names
    listed = read_manifest(folder / MANIFEST)
    assert set(listed) == names - {MANIFEST}
    for name, sha256 in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256


def test_the_same_material_gives_the_same_bytes(make_material: Make, tmp_path: Path) -> None:
    write_report(make_material(60, 2), tmp_path / "a")
    write_report(make_material(60, 2), tmp_path / "b")
    assert files_in(tmp_path / "a") == files_in(tmp_path / "b")


def test_figures_named_in_the_json_exist_and_say_what_they_show(make_material: Make, tmp_path: Path) -> None:
    material = make_material(40, 1)
    write_report(material, tmp_path)
    (key_frame,) = json.loads((tmp_path / "report.json").read_text())["key_frames"]
    frame, marked, heat = (opened(tmp_path / name) for name in key_frame["files"])
    assert frame.size == marked.size == (640, 360)
    assert frame.tobytes() == material.key_frames[0].frame.image.tobytes()
    assert marked.tobytes() != frame.tobytes()
    assert heat.info["Evidence SHA-256"] == "3f" * 32
    assert heat.info["Heat map"] == "GradCAM at layer blocks.6.0"
    assert "0.025" in heat.info["Heat map scale"]
    assert heat.info["False-positive rate of the rule, per track"].startswith("3.1")
    assert (frame.info["Frame index"], frame.info["Face track"]) == ("0", "1")


def test_a_saved_figure_lies_beside_the_frame_as_decoded_and_names_its_filters(
    make_material: Make, tmp_path: Path
) -> None:
    chain = (default_step("error_level"), default_step("levels"))
    picture = make_saved_figure(3, 7, chain)
    write_report(replace(make_material(40, 1), saved_figures=(make_saved_figure(1, 2), picture)), tmp_path)
    _, entry = json.loads((tmp_path / "report.json").read_text())["saved_figures"]
    decoded, filtered = (opened(tmp_path / name) for name in entry["files"])
    image = picture.render()[0]
    assert decoded.tobytes() == image.tobytes()
    assert filtered.tobytes() == filters.apply(chain, image).tobytes()
    assert decoded.info["Filters"] == "none"
    assert filtered.info["Filters"] == "Error level (JPEG quality 90, gain 30×); Levels (black 16, white 235)"
    assert decoded.info["Frame pts"] == filtered.info["Frame pts"]
    assert set(entry["files"]) < set(read_manifest(tmp_path / MANIFEST))


def test_a_full_disk_is_one_sentence_and_leaves_nothing(make_material: Make, tmp_path: Path, full_disk: None) -> None:
    with pytest.raises(OutputError, match=r"^The report cannot be written to .*; free some space .*\.$"):
        write_report(make_material(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_earlier_report_whole(
    make_material: Make, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    write_report(make_material(40, 1), tmp_path)
    before = files_in(tmp_path)
    request.getfixturevalue("full_disk")
    with pytest.raises(OutputError):
        write_report(make_material(), tmp_path)
    assert files_in(tmp_path) == before


def test_a_disk_that_fails_at_the_last_moment_leaves_no_whole_looking_report(
    make_material: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(OutputError, match="No space left on device"):
        write_report(make_material(10, 1), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("below", [False, True])
def test_a_file_where_the_folder_should_be(make_material: Make, tmp_path: Path, below: bool) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    with pytest.raises(OutputError, match="cannot be written"):
        write_report(make_material(5, 1), taken / "out" if below else taken)
    assert taken.read_text() == "mine"


def test_a_new_report_removes_figures_of_the_old_one_and_nothing_else(make_material: Make, tmp_path: Path) -> None:
    write_report(make_material(40, 3), tmp_path)
    (tmp_path / "figures" / "mine.png").write_text("keep")
    (tmp_path / "precious.png").write_text("keep")
    with (tmp_path / MANIFEST).open("a") as manifest:
        manifest.write(f"{'0' * 64}  precious.png\n")
    write_report(make_material(40, 1), tmp_path)
    left = set(files_in(tmp_path))
    assert {"figures/mine.png", "precious.png"} <= left
    assert not any("track02" in name or "track03" in name for name in left)


def test_a_report_without_figures_has_no_folder_for_them(make_material: Make, tmp_path: Path) -> None:
    material = replace(make_material(3, 1), key_frames=(), saved_figures=(), search_frames=())
    write_report(material, tmp_path, has_pdf=False)
    assert not (tmp_path / "figures").exists()


@pytest.mark.parametrize("own", ["figures", "exhibits"])
def test_a_linked_folder_of_figures_leads_nothing_elsewhere(make_material: Make, tmp_path: Path, own: str) -> None:
    folder, pictures = tmp_path / "report", tmp_path / "pictures"
    folder.mkdir()
    pictures.mkdir()
    (pictures / "holiday.png").write_bytes(b"mine")
    (folder / own).symlink_to(pictures)
    (folder / "frames.csv").symlink_to(pictures / "holiday.png")
    (folder / MANIFEST).write_text(f"{'a' * 64}  {own}/holiday.png\n")
    write_report(make_material(20, 1), folder, has_pdf=False)
    assert [path.name for path in pictures.iterdir()] == ["holiday.png"]
    assert (pictures / "holiday.png").read_bytes() == b"mine"
    assert not any(path.is_symlink() for path in folder.iterdir())
    assert list((folder / "figures").iterdir())


def test_a_pipe_in_the_place_of_a_former_manifest_is_not_waited_for(make_material: Make, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "manifest.json")
    assert write_report(make_material(3, 1), tmp_path, has_pdf=False)
    (tmp_path / "manifest.json").write_text("[" * 100_000)
    (tmp_path / MANIFEST).unlink()
    assert write_report(make_material(3, 1), tmp_path, has_pdf=False)


@pytest.mark.parametrize("others", [True, False])
def test_figures_of_a_report_in_the_former_folder_are_removed(
    make_material: Make, tmp_path: Path, others: bool
) -> None:
    former = tmp_path / "exhibits"
    former.mkdir()
    (former / "track01-frame000000-frame.png").write_bytes(b"old")
    if others:
        (former / "mine.png").write_text("keep")
    names = ["report.pdf", "exhibits/track01-frame000000-frame.png"]
    (tmp_path / "manifest.json").write_text(json.dumps({"files": [{"name": name} for name in names]}))
    write_report(make_material(5, 1), tmp_path)
    assert former.exists() == others
    assert [path.name for path in former.glob("*")] == (["mine.png"] if others else [])


@pytest.mark.parametrize(("name", "content"), [("manifest.json", '{"files": 7}'), (MANIFEST, "nothing of ours\n")])
def test_a_broken_earlier_manifest_is_no_obstacle(make_material: Make, tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    (tmp_path / f"{MANIFEST}.sig").write_text("of the earlier manifest")
    write_report(make_material(5, 1), tmp_path)
    assert "report.pdf" in read_manifest(tmp_path / MANIFEST)
    assert {path.name for path in tmp_path.glob("[Mm]*")} == {MANIFEST}, "nothing about the earlier one is left"


def test_a_key_frame_without_heat_map_or_landmarks_is_still_shown(make_material: Make, tmp_path: Path) -> None:
    material = make_material(40, 1)
    score = replace(material.key_frames[0].score, crop=None, fake_probability=None, box=None, logit=None, quality=None)
    bare = replace(material.key_frames[0], cam=None, landmarks=None, score=score, robustness=())
    write_report(replace(material, key_frames=(bare,)), tmp_path)
    assert len(list((tmp_path / "figures").iterdir())) == 2


def test_a_picture_that_cannot_be_written_in_the_background_ends_the_report(
    make_material: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(png, "save", fail)
    with pytest.raises(OutputError, match="No space left"):
        write_report(make_material(40, 1), tmp_path)
    assert files_in(tmp_path) == {}
