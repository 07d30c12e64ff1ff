"""Reading Content Credentials with the C2PA library: offline, within limits, and without ever writing."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import re
import sys
import time
from pathlib import Path
from typing import Any

from inspector.domain.credentials import Credentials, CredentialStatus, ValidationCode
from inspector.engine.decode.evidence import read_header
from inspector.engine.provenance.manifests import Manifests, clipped
from inspector.engine.provenance.status import judge, sentence
from inspector.engine.provenance.trust import TrustLists, trust_lists
from inspector.engine.regular_file import open_regular

# All that the library could fetch is off: manifests, certificate states, and the documents of identities.
_OFFLINE = {
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": True},
    "core": {
        "allowed_network_hosts": [],
        "allow_redirects": False,
        "decode_identity_assertions": False,
        "max_decompressed_manifest_size_in_mb": 32,
    },
}
_MOST_SECONDS, _SLOWEST = 60.0, 20e6  # and bytes per second: an engine process that is silent longer is ended
_MOST_PASSES = 8  # of bytes read, as multiples of the file's size
_MOST_JSON = 64 << 20
_MOST_STORED = 32 << 20  # a manifest with thumbnails takes some 100 kB
_MOST_CODES = 2000
_LABEL = re.compile(r"self#jumbf=/c2pa/([^/]+)")
_URL = re.compile(r"https?://\S+")
# By a file's first bytes, for the formats that the library reads; a name's ending may be wrong.
_TYPES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG", "image/png"),
    (0, b"GIF8", "image/gif"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (8, b"WEBP", "image/webp"),
    (8, b"AVI ", "video/avi"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftypavi", "image/avif"),
    (4, b"ftyphei", "image/heic"),
    (4, b"ftypmif1", "image/heif"),
    (4, b"ftyp", "video/mp4"),
    (4, b"moov", "video/quicktime"),
    (4, b"mdat", "video/quicktime"),
    (4, b"wide", "video/quicktime"),
)
_NO_SUPPORT = "The C2PA library reads no Content Credentials in files of this kind."


def read_credentials(path: Path, stored_bytes: int = 0) -> Credentials:
    """The Content Credentials of a file. What cannot be read becomes a status; raises ClipError if the file cannot.

    `stored_bytes` is the size of what holds them, as far as it is known; those of more than 32 MB are not read.
    """
    kind = media_type(read_header(path))
    if kind is None:
        return Credentials(CredentialStatus.NONE, f"{sentence(CredentialStatus.NONE)} {_NO_SUPPORT}")
    lists = trust_lists()
    if stored_bytes > _MOST_STORED:
        return _unreadable(
            lists, f"they take {stored_bytes / 1e6:.0f} MB, and more than {_MOST_STORED >> 20} MB are not read"
        )
    try:
        with _Bounded(path) as file:
            return _read(file, kind, lists)
    except OSError as error:
        return _unreadable(lists, error.strerror or str(error))


def media_type(head: bytes) -> str | None:
    """The MIME type by a file's first bytes; None for formats that the C2PA library does not read."""
    return next((mime for at, magic, mime in _TYPES if head[at : at + len(magic)] == magic), None)


def _read(file: _Bounded, kind: str, lists: TrustLists) -> Credentials:
    _name_native_library()
    import c2pa  # imported here because it takes its time, and the window imports this package

    settings = {**_OFFLINE, "trust": {"trust_anchors": lists.pem}} if lists.pem else _OFFLINE
    try:
        with c2pa.Context.from_dict(settings) as context, c2pa.Reader(kind, file, context=context) as reader:
            text = reader.json()
            if len(text) > _MOST_JSON:
                return _unreadable(lists, f"its manifests take {len(text) >> 20} MB as text")
            store: dict[str, Any] = json.loads(text)
            active = Manifests(store, lambda uri: _resource(reader, uri)).active()
            codes = _codes(store)
            remote = clipped(reader.get_remote_url() or "")
    except c2pa.C2paError as error:
        return _refused(error, file, lists)
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        # The library's own JSON of a hostile manifest: a field of another type than the specification gives it.
        return _unreadable(lists, f"its manifest is not as specified ({clipped(str(error), 120)})")
    state = str(store.get("validation_state", ""))
    status = judge(state, codes)
    told = sentence(status, active, codes, lists.text)
    return Credentials(status, told, state, active, codes, remote, lists.text, c2pa.sdk_version())


def _name_native_library() -> None:
    """Tell the library where its native part is: it would search the working directory first, a folder of evidence."""
    name = {"darwin": "libc2pa_c.dylib", "win32": "c2pa_c.dll"}.get(sys.platform, "libc2pa_c.so")
    package = importlib.util.find_spec("c2pa")
    places = [] if package is None else package.submodule_search_locations or []
    found = next((path for place in places for path in Path(place).absolute().glob(f"**/{name}")), None)
    if found is None:
        raise ImportError(f"{name} is not installed")
    os.environ["C2PA_LIBRARY_NAME"] = str(found)


def _refused(error: Exception, file: _Bounded, lists: TrustLists) -> Credentials:
    """What the library's refusal means."""
    import c2pa

    text = str(error)
    if isinstance(error, c2pa.C2paError.ManifestNotFound):
        return Credentials(CredentialStatus.NONE, sentence(CredentialStatus.NONE), trust_lists=lists.text)
    url = _URL.search(text)
    if url is not None and "remote" in text.lower():
        remote = clipped(url.group())
        told = sentence(CredentialStatus.REMOTE)
        return Credentials(CredentialStatus.REMOTE, told, remote_url=remote, trust_lists=lists.text)
    return _unreadable(lists, file.stopped or clipped(text, 200))


def _unreadable(lists: TrustLists, cause: str) -> Credentials:
    told = f"{sentence(CredentialStatus.UNREADABLE)} Cause: {cause.rstrip('.')}."
    return Credentials(CredentialStatus.UNREADABLE, told, trust_lists=lists.text)


def _resource(reader: Any, uri: str) -> bytes:
    """The bytes of a thumbnail; b"" where the manifest names one that it does not hold."""
    import c2pa

    stream = io.BytesIO()
    try:
        reader.resource_to_stream(uri, stream)
    except c2pa.C2paError:
        return b""
    return stream.getvalue()


def _codes(store: dict[str, Any]) -> tuple[ValidationCode, ...]:
    """The results for the active manifest, then those for its ingredients where they differ from what was recorded."""
    results = store.get("validation_results") or {}
    groups = [results.get("activeManifest") or {}]
    groups += [delta.get("validationDeltas") or {} for delta in results.get("ingredientDeltas") or []]
    found = []
    for group in groups:
        for kind in ("failure", "informational", "success"):
            for entry in group.get(kind) or []:
                label = _LABEL.search(entry.get("url") or "")
                about = clipped(label.group(1)) if label else ""
                found.append(
                    ValidationCode(kind, clipped(entry["code"]), clipped(entry.get("explanation") or ""), about)
                )
    return tuple(found[:_MOST_CODES])


class _Bounded(io.RawIOBase):
    """A file that is only read, and no longer once a time or an amount of bytes is used up.

    The library calls it back for each part that it wants, so a manifest that makes it read without end ends here.
    """

    def __init__(self, path: Path) -> None:
        self._file = open_regular(path)
        size = path.stat().st_size
        self._seconds = _MOST_SECONDS + size / _SLOWEST
        self._until = time.monotonic() + self._seconds
        self._left = _MOST_PASSES * size + (64 << 20)
        self.stopped = ""  # why nothing more is read

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def writable(self) -> bool:
        """Never: the evidence is only read."""
        return False

    def readinto(self, buffer: Any) -> int:
        """Read the next bytes. Raises OSError once a limit is reached."""
        if time.monotonic() > self._until:
            self.stopped = f"it took longer than {self._seconds:.0f} s"
        elif self._left < 0:
            self.stopped = f"it asked for the file more than {_MOST_PASSES} times over"
        if self.stopped:
            raise OSError(self.stopped)
        count = self._file.readinto(buffer)
        self._left -= count
        return count

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move the position."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """The position."""
        return self._file.tell()

    def write(self, _data: Any) -> int:
        """Refuse. Raises OSError."""
        raise OSError("the evidence is only read")

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()
