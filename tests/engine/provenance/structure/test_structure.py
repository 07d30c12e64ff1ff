"""The structure of each format: parts, offsets, tags, facts, and the difference of two files."""

import io
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from inspector.domain.structure import Element, Structure, Tag
from inspector.engine.provenance.structure import walk
from inspector.engine.provenance.structure.compare import difference
from inspector.engine.provenance.structure.read import read_structure
from inspector.engine.provenance.structure.text import structure_lines
from tests.clips import make_clip
from tests.signing import picture, sign


def box(kind: str, content: bytes = b"") -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind.encode("latin-1") + content


def header(made: int) -> bytes:
    return bytes(4) + struct.pack(">II", made, made) + bytes(88)


def read(path: Path, data: bytes) -> Structure:
    path.write_bytes(data)
    return read_structure(path)


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "file"


def kinds(found: Structure) -> list[str]:
    return [element.kind for element in found.elements]


def tags(found: Structure) -> set[tuple[str, str, str]]:
    return {(tag.group, tag.name, tag.value) for tag in found.tags}


def rules(found: Structure) -> set[str]:
    return {fact.rule for fact in found.facts}


FTYP = box("ftyp", b"isom\0\0\2\0isommp42")


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv", ".avi", ".ts"])
def test_parts_of_a_clip_fill_it_and_name_its_writer(tmp_path, suffix) -> None:
    path = make_clip(tmp_path / f"clip{suffix}", frames=4)
    found = read_structure(path)
    top = [element for element in found.elements if element.depth == 0]
    end = 0
    for element in top:
        assert element.offset == end
        end += element.size + (element.size % 2 if suffix == ".avi" else 0)
    assert end == found.size_bytes == path.stat().st_size
    assert not found.problems
    assert all(element.is_known for element in found.elements)
    if suffix != ".ts":
        assert "written-by-ffmpeg" in rules(found)


@pytest.mark.parametrize("options", [{"mpegts_m2ts_mode": "1"}, {"muxrate": "2000000"}], ids=["camera", "padded"])
def test_a_whole_transport_stream_has_no_unknown_parts(tmp_path, options) -> None:
    """Cameras (AVCHD) write a time stamp before each packet, broadcasters fill up with packets of padding."""
    found = read_structure(make_clip(tmp_path / "clip.ts", frames=30, container_options=options))
    assert any(element.kind == "PID 8191" for element in found.elements)
    assert not rules(found) & {"trailing-bytes", "unknown-parts"}
    assert not found.problems


def test_bytes_behind_the_last_packet_of_a_transport_stream_are_counted(tmp_path) -> None:
    path = make_clip(tmp_path / "clip.ts", frames=30, container_options={"mpegts_m2ts_mode": "1"})
    path.write_bytes(path.read_bytes() + bytes(100))
    assert ("computed", "trailing bytes", "100") in tags(read_structure(path))


@pytest.mark.parametrize("size", [bytes(4), b"\xff" * 4])
def test_an_avi_that_was_not_finished_is_read_to_its_end(tmp_path, size) -> None:
    """As that of a camera whose power was cut: its sizes are filled in last."""
    path = make_clip(tmp_path / "clip.avi", codec="mjpeg", pix_fmt="yuvj420p", frames=4)
    whole, data = read_structure(path), bytearray(path.read_bytes())
    data[4:8] = size
    path.write_bytes(data)
    found = read_structure(path)
    assert kinds(found) == kinds(whole)
    assert "trailing-bytes" not in rules(found)
    assert found.problems == (
        "The size of the chunk 'RIFF' at byte 0 is not filled in, as where a recording was not finished; it is read as "
        "if it reached to the end.",
    )


def test_an_animated_avif_has_no_unknown_parts(tmp_path) -> None:
    path = tmp_path / "a.avif"
    pictures = [Image.new("RGBA", (16, 16), (10 * at, 90, 40, 128)) for at in range(2)]
    pictures[0].save(path, save_all=True, append_images=pictures[1:])
    assert "unknown-parts" not in rules(read_structure(path))


def test_boxes_are_those_that_ffmpeg_wrote(tmp_path) -> None:
    found = read_structure(make_clip(tmp_path / "clip.mp4", frames=4))
    assert {"ftyp", "mdat", "moov", "trak", "stsd", "avc1", "avcC", "ilst"} <= set(kinds(found))
    (entry,) = [element for element in found.elements if element.kind == "avc1"]
    assert (entry.depth, found.elements[kinds(found).index("stsd")].depth) == (6, 5)
    assert {"index-behind-media", "no-time-of-creation", "coded-by-x264"} <= rules(found)


def test_an_index_before_the_media_is_told_apart(file) -> None:
    assert "index-before-media" in rules(read(file, FTYP + box("moov", box("mvhd", header(1))) + box("mdat")))


def test_times_device_and_place_of_a_phone(file) -> None:
    times = box("mvhd", header(3_800_000_000)) + box("trak", box("tkhd", header(3_800_000_000 + 10_920)))
    keys = b"".join(box("mdta", f"com.apple.quicktime.{name}".encode()) for name in ("model", "location.ISO6709"))
    values = (b"iPhone 15", b"+52.5+013.4/")
    items = b"".join(
        box(chr(0) * 3 + chr(at), box("data", struct.pack(">II", 1, 0) + value)) for at, value in enumerate(values, 1)
    )
    meta = box("meta", box("hdlr", bytes(8) + b"mdta" + bytes(13)) + box("keys", struct.pack(">II", 0, 2) + keys)
               + box("ilst", items))  # fmt: skip
    found = read(file, FTYP + box("moov", times + meta))
    assert ("mvhd", "created", "2024-05-31 11:33:20 UTC") in tags(found)
    assert ("computed", "time difference", "3 h 2 min") in tags(found)
    assert ("ilst", "model", "iPhone 15") in tags(found)
    said = [fact.sentence for fact in found.facts]
    assert "Times of creation in the file differ by 3 h 2 min, as they are written." in said
    assert "The file names the device iPhone 15." in said
    assert "The file states a place: +52.5+013.4/." in said


def test_edit_lists_unknown_boxes_and_trailing_bytes(file) -> None:
    edits = box("elst", struct.pack(">IIIiIIiI", 0, 2, 40, -1, 65536, 80, 1024, 65536))
    found = read(file, FTYP + box("moov", box("trak", box("edts", edits))) + box("mine") + b"\xff\xfe the rest")
    assert (
        "2 edits: empty for 40 ticks (scale unknown), from 1024 ticks (scale unknown) for 80 ticks (scale unknown)"
        in {element.detail for element in found.elements}
    )
    assert ("computed", "unknown parts", "mine") in tags(found)
    assert ("computed", "trailing bytes", "11") in tags(found)
    assert {"unknown-parts", "trailing-bytes"} <= rules(found)


@pytest.mark.parametrize(("rate", "said"), [(0, "0"), (131072, "2"), (-65536, "-1")])
def test_an_edit_that_is_not_played_at_its_rate_is_a_problem(file, rate: int, said: str) -> None:
    for edits in (struct.pack(">IIIii", 0, 1, 80, 1024, rate), struct.pack(">IIQqi", 1 << 24, 1, 80, 1024, rate)):
        found = read(file, FTYP + box("moov", box("trak", box("edts", box("elst", edits)))))
        assert f"An edit has the rate {said} (0 holds one picture); it is played here at rate 1." in found.problems
    usual = struct.pack(">IIIiiIii", 0, 2, 40, -1, 0, 80, 1024, 65536)
    found = read(file, FTYP + box("moov", box("trak", box("edts", box("elst", usual)))))
    assert not [each for each in found.problems if "rate" in each]


def test_edits_are_given_in_seconds_of_the_two_scales(file) -> None:
    edits = box("elst", struct.pack(">IIIiIIiI", 0, 2, 500, -1, 65536, 1250, 1024, 65536))
    movie = box("mvhd", bytes(12) + struct.pack(">I", 1000) + bytes(84))
    media = box("mdia", box("mdhd", b"\1" + bytes(19) + struct.pack(">I", 12_800) + bytes(12)))
    found = read(file, FTYP + box("moov", movie + box("trak", box("edts", edits) + media)))
    assert "2 edits: empty for 0.500 s, from 0.080 s for 1.250 s" in {element.detail for element in found.elements}


def test_numbers_of_matroska_have_their_units(tmp_path) -> None:
    found = read_structure(make_clip(tmp_path / "clip.mkv", frames=4, size=(64, 48)))
    said = {element.kind: element.detail for element in found.elements}
    assert (said["PixelWidth"], said["TimestampScale"]) == ("64 px", "1000000 ns")
    assert said["Duration"].endswith(" times TimestampScale")


@pytest.mark.parametrize("kind", [">f", ">d"])
def test_a_duration_of_matroska_keeps_its_digits(file, kind: str) -> None:
    duration = b"\x44\x89" + bytes([0x80 | struct.calcsize(kind)]) + struct.pack(kind, 1_234_567)
    info = b"\x15\x49\xa9\x66" + bytes([0x80 | len(duration)]) + duration
    segment = b"\x18\x53\x80\x67" + bytes([0x80 | len(info)]) + info
    found = read(file, b"\x1a\x45\xdf\xa3\x80" + segment)
    assert "1234567 times TimestampScale" in {element.detail for element in found.elements}


def test_media_that_no_sample_uses_are_counted(file) -> None:
    sizes = box("stsz", struct.pack(">IIIII", 0, 0, 2, 300, 700))
    found = read(
        file, FTYP + box("mdat", bytes(9_000)) + box("moov", box("trak", box("mdia", box("minf", box("stbl", sizes)))))
    )
    assert ("computed", "unused media bytes", "8000") in tags(found)
    assert "2 samples of 1000 bytes" in {element.detail for element in found.elements}
    assert "unused-media" in rules(found)


def test_jpeg_segments_tags_and_what_follows(file) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0131] = "Maker", "Camera 3", "Adobe Photoshop 25.0"
    xmp = b'<x:xmpmeta xmp:CreatorTool="Tool 1"><Iptc4xmpExt:DigitalSourceType>http://x/digitalCapture</x>'
    data = io.BytesIO()
    Image.radial_gradient("L").save(data, "JPEG", exif=exif, xmp=xmp, quality=85, comment=b"hello")
    found = read(file, data.getvalue() + b"behind")
    assert sum(element.size for element in found.elements) == found.size_bytes
    assert {("EXIF", "make", "Maker"), ("JPEG", "comment", "hello"), ("XMP", "CreatorTool", "Tool 1")} <= tags(found)
    assert {"device", "adobe", "jpeg-standard-table", "iptc-source-type", "trailing-bytes"} <= rules(found)
    (table,) = [fact for fact in found.facts if fact.rule == "jpeg-standard-table"]
    assert "at quality 85:" in table.sentence


def test_png_and_webp(file) -> None:
    found = read(file, picture("PNG") + b"x")
    assert kinds(found) == ["IHDR", "IDAT", "IEND", "(behind the picture)"]
    assert read(file, picture("WEBP")).format == "RIFF"
    assert read(file, b"something else entirely").format == "other"


@pytest.mark.parametrize(("kind", "mime"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_the_size_of_content_credentials_is_known(file, kind, mime) -> None:
    plain, signed = picture(kind), sign(picture(kind), mime=mime)
    (size,) = [int(tag.value) for tag in read(file, signed).tags if tag.name == "credential bytes"]
    assert 0.9 * (len(signed) - len(plain)) < size <= len(signed) - len(plain)


def test_no_rule_calls_a_file_fake(file) -> None:
    from inspector.engine.provenance.structure.rules import load_rules

    listed, remarks = load_rules()
    assert (len({rule.id for rule in listed}), remarks) == (len(listed), ())
    for rule in listed:
        assert rule.causes
        assert rule.source
        assert not {"fake", "manipulat", "forged", "authentic", "genuine"} & set(
            (rule.says + rule.causes).lower().split()
        )


def test_the_difference_of_two_files_leaves_sizes_out(tmp_path) -> None:
    first, second = (read_structure(make_clip(tmp_path / f"{n}.mp4", frames=n)) for n in (4, 9))
    assert all(line.startswith("  ") for line in difference(first, second))
    (tmp_path / "c").write_bytes((tmp_path / "4.mp4").read_bytes() + box("mine"))
    assert [line for line in difference(first, read_structure(tmp_path / "c")) if line[0] in "+-"] == ["+ mine"]


def test_the_difference_of_two_large_files_compares_whole_parts_only() -> None:
    first, second = (
        Structure("ISO base media", 1, tuple(Element(f"{name}{n}", 0, n, 1) for n in range(2000))) for name in "ab"
    )
    lines = difference(first, second)
    assert len(lines) == 4001
    assert lines[1:3] == ["- a0", "- a1"]


def test_files_that_share_nothing_but_a_repeated_part_are_compared_soon() -> None:
    """Half a minute on the window's thread if each repetition may begin a match."""
    first, second = (
        Structure("", 1, tuple(Element("free" if n % 2 else f"{name}{n}", 0, n, 1) for n in range(2000)))
        for name in "ab"
    )
    lines = difference(first, second)
    assert [line for line in lines if line[0] == "-"][:2] == ["- a0", "- free"]
    assert sum(line[0] in " -" for line in lines) == 2001
    assert sum(line[0] in " +" for line in lines) == 2001


def test_all_fragments_are_counted_and_do_not_use_up_what_may_be_read(file, monkeypatch) -> None:
    monkeypatch.setattr(walk, "_MOST_READ", 16 << 20)
    fragment = box("moof", box("mfhd", bytes(8)) + box("traf", box("tfhd") + box("tfdt") + box("trun")))
    found = read(file, FTYP + box("moov", box("mvhd", bytes(100))) + (fragment + box("mdat", bytes(1 << 16))) * 400)
    assert found.left_out > 0
    assert found.problems == ()
    assert ("computed", "fragments", "400") in tags(found)


def test_bytes_before_a_marker_do_not_break_a_jpeg_off(file) -> None:
    data = picture()
    for count in (1, 2, 3):
        fill = b"\xff" * count
        found = read(file, data[:2] + fill + data[2:-2] + fill + data[-2:])
        assert found.problems == ()
        assert kinds(found)[-1] == "EOI"


def test_the_tags_of_a_heic_are_read_before_any_picture_is_decoded(tmp_path) -> None:
    """Pillow does not read HEIC by itself, and a process that described a file first had not taught it yet."""
    code = (
        "import sys; from pathlib import Path; from PIL import Image; import pillow_heif\n"
        "from inspector.engine.provenance.structure.read import read_structure\n"
        "exif = Image.Exif(); exif[0x110] = 'Phone 7'; path = Path(sys.argv[1])\n"
        "pillow_heif.from_pillow(Image.new('RGB', (64, 64))).save(path, exif=exif.tobytes())\n"
        "found = read_structure(path); print(found.problems, [tag.value for tag in found.tags if tag.group == 'EXIF'])"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a.heic")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "() ['Phone 7']\n"


def test_as_text_everything_is_named() -> None:
    lines = structure_lines(Structure("JPEG", 7, tags=(Tag("a", "b", "c"),), problems=("Broken.",), left_out=3))
    assert lines == ["JPEG, 7 bytes", "! Broken.", "a / b: c", "… and 3 more parts"]
