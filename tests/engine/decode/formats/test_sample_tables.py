"""MP4 files with unusual tables of samples, which no muxer here writes: empty samples, two codecs in a track, edits."""

import struct
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import av
import pytest
from PIL import Image

from inspector.domain.clip import StreamKind
from inspector.domain.errors import ClipError
from inspector.engine.decode import container
from inspector.engine.decode.decoder import open_clip
from inspector.engine.decode.formats.edit_list import read_edits
from inspector.engine.decode.formats.isobmff import find
from tests.clips import code_picture, make_clip
from tests.decoding import decode_all

FRAMES, SCALE, STEP = 30, 12800, 512  # ticks of a second and of a picture
SIZE = (96, 64)


def box(kind: str, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I4s", 8 + len(content), kind.encode()) + content


def table(kind: str, *parts: bytes, flags: int = 0) -> bytes:
    return box(kind, struct.pack(">I", flags), *parts)


def numbers(*values: int) -> bytes:
    return struct.pack(f">{len(values)}I", *values)


@dataclass
class Track:
    """A track of pictures a step apart: (data, number of its description) each, and the descriptions."""

    samples: list[tuple[bytes, int]]
    entries: list[bytes]
    edits: list[tuple[int, int]] | None = None  # (milliseconds, media time in ticks)
    durations: list[tuple[int, int]] = field(default_factory=list)  # (count, ticks)
    keys: tuple[int, ...] = ()  # the numbers of the keyframes from 1, all where none is given
    rate: int = 1 << 16  # of all edits, in 65,536ths

    def written(self, path: Path) -> Path:
        """Write the file: the samples, and behind them the tables with a chunk for each sample."""
        start = box("ftyp", b"isom", bytes(4), b"isom")
        count, at, offsets = len(self.samples), len(start) + 8, []
        for data, _ in self.samples:
            offsets.append(at)
            at += len(data)
        durations = self.durations or [(count, STEP)]
        tables = box(
            "stbl",
            table("stsd", numbers(len(self.entries)), *self.entries),
            table("stts", numbers(len(durations)), *(numbers(*run) for run in durations)),
            table("stsc", numbers(count), *(numbers(n + 1, 1, sample[1]) for n, sample in enumerate(self.samples))),
            table("stsz", numbers(0, count), *(numbers(len(data)) for data, _ in self.samples)),
            table("stco", numbers(count, *offsets)),
            table("stss", numbers(len(self.keys), *self.keys)) if self.keys else b"",
        )
        reference = box("dinf", table("dref", numbers(1), table("url ", flags=1)))
        media = box(
            "mdia",
            table("mdhd", numbers(0, 0, SCALE, count * STEP), b"\x55\xc4\0\0"),
            table("hdlr", bytes(4), b"vide", bytes(13)),
            box("minf", table("vmhd", bytes(8), flags=1), reference, tables),
        )
        edits = b""
        if self.edits is not None:
            rows = (struct.pack(">IiI", length, at, self.rate) for length, at in self.edits)
            edits = box("edts", table("elst", numbers(len(self.edits)), *rows))
        matrix = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
        size = numbers(SIZE[0] << 16, SIZE[1] << 16)
        track = table("tkhd", numbers(0, 0, 1, 0, 40 * count), bytes(16), matrix, size, flags=3)
        movie = table("mvhd", numbers(0, 0, 1000, 40 * count, 1 << 16), bytes(12), matrix, bytes(24), numbers(2))
        content = box("mdat", *(data for data, _ in self.samples))
        path.write_bytes(start + content + box("moov", movie, box("trak", track, edits, media)))
        return path


def source(folder: Path, codec: str, gop: int = 12) -> tuple[list[bytes], bytes]:
    """The packets of a clip, and how its file describes them."""
    path = make_clip(folder / f"{codec}.mp4", frames=FRAMES, codec=codec, gop=gop)
    with av.open(str(path)) as container:
        packets = [bytes(packet) for packet in container.demux(video=0) if packet.size]
    data = path.read_bytes()
    found = next(find(data, "moov/trak/mdia/minf/stbl/stsd"))
    return packets, data[found.start + 8 : found.end]


@pytest.fixture(scope="module")
def h264(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[bytes], bytes]:
    return source(tmp_path_factory.mktemp("h264"), "libx264")


@pytest.fixture(scope="module")
def mpeg4(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[bytes], bytes]:
    return source(tmp_path_factory.mktemp("mpeg4"), "mpeg4")


def test_empty_samples_repeat_the_picture_before_and_are_no_loss(tmp_path) -> None:
    packets, entry = source(tmp_path, "libx264", gop=1)
    samples = [(b"" if number in (10, 11, 20) else data, 1) for number, data in enumerate(packets)]
    _, shown, gaps, account = decode_all(Track(samples, [entry]).written(tmp_path / "clip.mp4"))
    assert shown == [number for number in range(FRAMES) if number not in (10, 11, 20)]
    assert not gaps
    assert account == "stored 27, shown 27, damaged 0, lost 0, besides 3 packets that repeat the picture before"


def test_more_durations_than_samples_are_no_loss(tmp_path, h264) -> None:
    packets, entry = h264
    track = Track([(data, 1) for data in packets], [entry], durations=[(FRAMES + 20, STEP)])
    _, shown, gaps, _ = decode_all(track.written(tmp_path / "clip.mp4"))
    assert (shown, gaps) == ([*range(FRAMES)], [])


@pytest.mark.parametrize("at", [12, FRAMES])
def test_samples_of_another_codec_are_a_gap_with_that_reason(tmp_path, h264, mpeg4, at) -> None:
    own, others = ([(data, number) for data in source[0]] for number, source in ((1, h264), (2, mpeg4)))
    track = Track(own[:at] + others[:10] + own[at:], [h264[1], mpeg4[1]])
    path = track.written(tmp_path / "clip.mp4")
    _, shown, (gap,), _ = decode_all(path)
    assert shown == [*range(FRAMES)]
    assert (gap.start_pts, gap.end_pts) == (at * STEP, (at + 10) * STEP)
    assert "10 pictures are stored with another codec (mp4v)" in gap.reason


@pytest.mark.parametrize("more", [{}, {"x264-params": "ref=16:b-pyramid=normal"}])
def test_pictures_of_two_sizes_of_one_codec_are_all_shown(tmp_path, h264, more) -> None:
    """With more reference pictures, their numbers have another length than in the second entry."""
    path = make_clip(tmp_path / "large.mp4", frames=30, size=(160, 96), options=more, bframes=3 if more else 0)
    data = path.read_bytes()
    found = next(find(data, "moov/trak/mdia/minf/stbl/stsd"))
    with av.open(str(path)) as container:
        large = [(bytes(packet), 1) for packet in container.demux(video=0) if packet.size]
    track = Track(large + [(data, 2) for data in h264[0]], [data[found.start + 8 : found.end], h264[1]])
    _, shown, gaps, account = decode_all(track.written(tmp_path / "clip.mp4"))
    assert (shown, gaps) == ([*range(30), *range(FRAMES)], [])
    assert "damaged 0" in account


@pytest.mark.parametrize(
    ("edits", "numbers_shown"),
    [
        ([(400, 0), (400, 20 * STEP)], [*range(10), *range(20, 30)]),
        ([(400, 7 * STEP)], [*range(7, 17)]),
        ([(800, 10 * STEP), (400, 0)], [*range(10, 30), *range(10)]),
        ([(400, 0), (400, 0)], [*range(10), *range(10)]),
        ([(1000, -1), (1200, 0)], [*range(30)]),
    ],
)
def test_edit_lists_of_all_shapes_show_what_they_say(tmp_path, h264, edits, numbers_shown) -> None:
    track = Track([(data, 1) for data in h264[0]], [h264[1]], edits=edits, keys=(1, 13, 25))
    _, shown, gaps, account = decode_all(track.written(tmp_path / "clip.mp4"))
    assert (shown, gaps) == (numbers_shown, [])
    assert f"stored {FRAMES}, shown {len(numbers_shown)}" in account
    assert "damaged 0, lost 0" in account


def test_an_edit_list_that_shows_nothing_is_named(tmp_path, h264) -> None:
    path = Track([(data, 1) for data in h264[0]], [h264[1]], edits=[(0, 5 * STEP)]).written(tmp_path / "clip.mp4")
    with pytest.raises(ClipError, match=f"stores {FRAMES} pictures, and its edit list shows none of them"):
        open_clip(path)


LONG = "has an edit list of 2,000 entries, for which its 300 pictures or sounds would be read 600,000 times in all"


def many_edits(path: Path, entries: int) -> Path:
    """300 pictures of one group, whose last but one is shown so many times: each time the whole group is read."""
    whole = make_clip(path.with_suffix(".mov"), frames=300, gop=300)
    with av.open(str(whole)) as file:
        packets = [(bytes(packet), 1) for packet in file.demux(video=0) if packet.size]
    data = whole.read_bytes()
    found = next(find(data, "moov/trak/mdia/minf/stbl/stsd"))
    track = Track(packets, [data[found.start + 8 : found.end]], edits=[(40, 298 * STEP)] * entries, keys=(1,))
    return track.written(path)


def test_an_edit_list_that_would_take_minutes_is_refused_before_it_is_read(tmp_path, monkeypatch) -> None:
    path = many_edits(tmp_path / "clip.mp4", 2000)
    photo = tmp_path / "photo.jpg"
    Image.fromarray(code_picture(7)).save(photo)
    photo.write_bytes(photo.read_bytes() + path.read_bytes())
    opened: list[str] = []
    monkeypatch.setattr(container, "av", SimpleNamespace(open=lambda url, **_: opened.append(url)))
    with pytest.raises(ClipError, match=rf"clip\.mp4 {LONG}; take the edit list out of a copy"):
        open_clip(path)
    (video,) = open_clip(photo).other_streams
    assert (video.kind, video.can_open, opened) == (StreamKind.EMBEDDED_VIDEO, False, [])


def test_an_edit_list_of_many_entries_in_a_long_film_is_read(tmp_path) -> None:
    (edits,) = read_edits(many_edits(tmp_path / "clip.mp4", 400))
    assert (edits.entries, edits.read, edits.is_excessive) == (400, 400 * 300, False)
    assert open_clip(tmp_path / "clip.mp4").declared_frames == 300


@pytest.mark.parametrize(
    ("edits", "has_pause"),
    [
        ([(400, 0), (1000, -1), (400, 10 * STEP)], True),
        ([(1000, -1), (400, 0), (400, 10 * STEP)], False),
        ([(400, 0), (1000, -1)], False),
    ],
)
def test_a_pause_inside_an_edit_list_is_named(tmp_path, h264, edits, has_pause) -> None:
    """FFmpeg shows the beginning of the track meanwhile."""
    track = Track([(data, 1) for data in h264[0]], [h264[1]], edits=edits, keys=(1, 13, 25))
    remarks = open_clip(track.written(tmp_path / "clip.mp4")).remarks
    assert any("has a pause between two stretches" in remark for remark in remarks) == has_pause


@pytest.mark.parametrize(("rate", "is_named"), [(1 << 16, False), (1 << 15, True), (2 << 16, True), (0, True)])
def test_a_speed_that_an_edit_list_asks_for_is_named(tmp_path, h264, rate, is_named) -> None:
    """The pictures are shown at the stored speed, as FFmpeg shows them; QuickTime heeds the rate."""
    track = Track([(data, 1) for data in h264[0]], [h264[1]], edits=[(400, 0)], keys=(1, 13, 25), rate=rate)
    remarks = open_clip(track.written(tmp_path / "clip.mp4")).remarks
    assert any("asks for another speed" in remark for remark in remarks) == is_named
