"""Open groups of pictures behind a cut or damage: what is displayed before the keyframe is lost, the rest is whole."""

from pathlib import Path

import av
import pytest

from inspector.domain.clip import Frame, Gap
from inspector.engine.decode.decoder import Decoder, frame_sha256, open_clip
from inspector.engine.decode.display_order import NO_REFERENCE, NO_REFERENCE_AT_SEAM
from tests.clips import make_clip, read_code

FRAMES, GOP = 48, 12
KEYS = f"keyint={GOP}:min-keyint={GOP}:scenecut=0"
CODECS = {
    "libx264": {"x264-params": f"open-gop=1:{KEYS}"},
    "libx265": {"x265-params": f"open-gop=1:{KEYS}:bframes=2:log-level=none"},
    "mpeg2video": {"b": "2M", "bf": "2"},
}


@pytest.fixture(scope="module", params=CODECS)
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("open-gop") / f"{request.param}.ts"
    return make_clip(path, frames=FRAMES, gop=GOP, codec=request.param, bframes=2, options=CODECS[request.param])


def events_of(path: Path) -> list[Frame | Gap]:
    with Decoder(open_clip(path)) as decoder:
        return list(decoder.frames())


def pictures(events: list[Frame | Gap]) -> dict[int, Frame]:
    return {read_code(event.image): event for event in events if isinstance(event, Frame)}


def keys_of(path: Path) -> list[int]:
    with av.open(str(path)) as container:
        return [packet.pos or 0 for packet in container.demux(video=0) if packet.size and packet.is_keyframe]


def test_behind_a_cut_only_what_lacks_its_reference_is_lost(whole: Path, tmp_path: Path) -> None:
    data, key = whole.read_bytes(), keys_of(whole)[1]
    path = tmp_path / "cut.ts"
    path.write_bytes(data[: 3 * 188] + data[key:])
    events, expected = events_of(path), pictures(events_of(whole))
    gaps = [event for event in events if isinstance(event, Gap)]
    assert [gap.reason for gap in gaps] == [NO_REFERENCE]
    shown = pictures(events)
    assert len(shown) > FRAMES - GOP - 4
    assert not any(frame.is_corrupt for frame in shown.values())
    for number, frame in shown.items():
        assert frame_sha256(frame.image) == frame_sha256(expected[number].image)


@pytest.mark.parametrize("groups", [2, 3, 4])
def test_behind_a_seam_only_what_lacks_its_reference_is_lost(whole: Path, tmp_path: Path, groups: int) -> None:
    """The decoder neither sorts the pictures of both recordings together nor refers from one to the other."""
    data, keys = whole.read_bytes(), [*keys_of(whole), None]
    parts = [data[: keys[groups]], data[: 3 * 188] + data[keys[1] :]]
    expected = []
    for number, part in enumerate(parts):
        (tmp_path / f"{number}.ts").write_bytes(part)
        expected.append([event for event in events_of(tmp_path / f"{number}.ts") if isinstance(event, Frame)])
    path = tmp_path / "joined.ts"
    path.write_bytes(b"".join(parts))
    events = events_of(path)
    (gap,) = [event for event in events if isinstance(event, Gap)]
    assert gap.reason == NO_REFERENCE_AT_SEAM
    assert events.index(gap) == len(expected[0])
    shown = [event for event in events if isinstance(event, Frame)]
    assert not any(frame.is_corrupt for frame in shown)
    assert [frame_sha256(frame.image) for frame in shown] == [
        frame_sha256(frame.image) for part in expected for frame in part
    ]
    with Decoder(open_clip(path)) as decoder:
        for frame in (shown[-1], *shown[len(expected[0]) - 1 :][:4], shown[0]):
            assert frame_sha256(decoder.frame_at(frame.pts).image) == frame_sha256(frame.image)


def test_damage_before_a_keyframe_reaches_no_picture_displayed_behind_it(whole: Path, tmp_path: Path) -> None:
    data, keys = bytearray(whole.read_bytes()), keys_of(whole)
    start = (keys[1] + keys[2]) // 2 // 188 * 188
    data[start + 188 : start + 3 * 188] = b"".join(data[at : at + 4] + bytes(184) for at in (start + 188, start + 376))
    path = tmp_path / "damaged.ts"
    path.write_bytes(data)
    shown, expected = pictures(events_of(path)), pictures(events_of(whole))
    behind = [number for number in expected if number >= 2 * GOP + 1]
    assert any(frame.is_corrupt for frame in shown.values()) or len(shown) < FRAMES
    for number in behind:
        assert not shown[number].is_corrupt
        assert frame_sha256(shown[number].image) == frame_sha256(expected[number].image)
