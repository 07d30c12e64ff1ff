"""Signed manifests of people who know this program: thumbnails that are bombs, long chains, text that controls."""

import io
import struct
import tracemalloc
import zlib
from typing import Any

import c2pa
import pytest
from PIL import Image

from inspector.domain.credentials import CredentialStatus as Status
from inspector.domain.credentials import Manifest
from inspector.engine.provenance import manifests
from inspector.engine.provenance.manifests import Manifests
from inspector.engine.provenance.text import code_rows, history_rows, manifest_rows
from tests.engine.provenance.structure.test_bad_input import chunk
from tests.signing import make_signer, manifest, opened, picture, sign

HOSTILE = "<img src=//host/x>\x1b[2J\u202e\n"


def bomb(side: int) -> bytes:
    """A PNG of zeros, a thousandth of its pixels in size."""
    packed = zlib.compress(bytes((1 + 3 * side) * side), 9)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def with_thumbnails(thumbnail: bytes, count: int) -> bytes:
    """A signed picture with ingredients that all have this thumbnail."""
    off = {"verify": {"verify_after_sign": False}, "builder": {"thumbnail": {"enabled": False}}}
    builder = c2pa.Builder(manifest(), c2pa.Context.from_dict(off))
    for number in range(count):
        builder.add_resource(f"t{number}", io.BytesIO(thumbnail))
        about = {"title": str(number), "thumbnail": {"format": "image/png", "identifier": f"t{number}"}}
        builder.add_ingredient({**about, "relationship": "componentOf"}, "image/jpeg", io.BytesIO(picture()))
    out = io.BytesIO()
    builder.sign(make_signer().library_signer(), "image/jpeg", io.BytesIO(picture()), out)
    return out.getvalue()


def test_thumbnails_that_are_bombs_are_not_decoded(read, monkeypatch) -> None:
    hostile, usual = with_thumbnails(bomb(2100), 2), with_thumbnails(bomb(1024), 1)
    decoded: list[object] = []
    convert = Image.Image.convert

    def spy(image: Image.Image, *args: Any, **options: Any) -> Image.Image:
        decoded.append(image.size)
        return convert(image, *args, **options)

    monkeypatch.setattr(Image.Image, "convert", spy)
    assert [ingredient.thumbnail for ingredient in read(hostile).active.ingredients] == [None, None]
    assert decoded == [], "one of 8192 pixels a side cost half a gigabyte, fifty of them a minute"
    assert read(usual).active.ingredients[0].thumbnail.shape == (128, 128, 3)
    assert decoded == [(1024, 1024)]


def test_a_long_chain_is_read_to_a_depth_and_shown_in_few_rows(read, monkeypatch) -> None:
    monkeypatch.setattr(manifests, "_DEEPEST", 2)
    data = sign(picture())
    for _ in range(3):
        data = sign(data, opened(), parent=data)
    found = read(data)
    assert found.status == Status.UNKNOWN_SIGNER
    assert len(history_rows(found)) == manifests._DEEPEST + 1


def test_manifests_that_name_each_other_end() -> None:
    """Made-up JSON of the library: each manifest has all as ingredients, 100 to the power of 12 in all."""
    each = {"ingredients": [{"active_manifest": str(number)} for number in range(100)]}
    store = {"active_manifest": "0", "manifests": {str(number): each for number in range(100)}}
    tracemalloc.start()
    active = Manifests(store, lambda _uri: b"").active()
    assert tracemalloc.get_traced_memory()[1] < 40 << 20
    tracemalloc.stop()

    def count(manifest: Manifest) -> int:
        return 1 + sum(count(ingredient.manifest) for ingredient in manifest.ingredients if ingredient.manifest)

    assert active is not None
    assert count(active) == manifests._MOST_MANIFESTS


@pytest.mark.parametrize("size", [300, 30_000])
def test_text_of_a_manifest_stays_text_and_is_cut_off(read, size) -> None:
    text = (HOSTILE * size)[:size]
    action = {"action": "c2pa.edited", "description": text, "softwareAgent": text, "when": text}
    found = read(sign(picture(), manifest({"action": "c2pa.created"}, action, title=text)))
    rows = [*manifest_rows(found.active), *code_rows(found)]
    assert len(rows) < 100
    assert max(len(value) for _, value in rows) < 1500
    assert any("<img src" in value for _, value in rows), "the window and the report escape it where they show it"


def test_a_field_that_the_library_leaves_out_is_one_sentence(read, monkeypatch) -> None:
    text = '{"validation_results": {"activeManifest": {"failure": [{}]}}}'
    monkeypatch.setattr(c2pa.Reader, "json", lambda _self: text)
    found = read(sign(picture()))
    assert found.status == Status.UNREADABLE
    assert "its manifest is not as specified" in found.sentence
