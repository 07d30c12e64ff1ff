"""What yt-dlp, or a tool that calls it, wrote beside a clip about where it comes from: NAME.info.json."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from inspector.domain.printable import printable
from inspector.engine.regular_file import read_regular

_MOST_BYTES = 64 << 20  # comments of a popular clip take some megabytes
_LONGEST = 300

T = TypeVar("T")


class _Record(msgspec.Struct):
    """The fields that are used, as they stand there; others, such as comments, are passed over and take no memory."""

    webpage_url: msgspec.Raw = msgspec.Raw()
    original_url: msgspec.Raw = msgspec.Raw()
    uploader: msgspec.Raw = msgspec.Raw()
    channel: msgspec.Raw = msgspec.Raw()
    uploader_id: msgspec.Raw = msgspec.Raw()
    upload_date: msgspec.Raw = msgspec.Raw()
    epoch: msgspec.Raw = msgspec.Raw()
    tool: msgspec.Raw = msgspec.field(default=msgspec.Raw(), name="_version")


class _Tool(msgspec.Struct):
    version: str = ""


def download_record(clip: Path) -> dict[str, str]:
    """Fields of the cover by the record beside a clip, with the record's own SHA-256; {} where there is none.

    A file of that name that is no such record is passed over: other programs use the ending too. So is a link, which
    may lead to another computer.
    """
    for path in (clip.with_suffix(".info.json"), clip.with_name(f"{clip.name}.info.json")):
        try:
            data = None if path.is_symlink() else read_regular(path, _MOST_BYTES)
            if data:
                record = msgspec.json.decode(data, type=_Record)
                return _fields(record, path.name, hashlib.sha256(data).hexdigest())
        except (OSError, ValueError, RecursionError, msgspec.MsgspecError):
            continue
    return {}


def _fields(record: _Record, name: str, sha256: str) -> dict[str, str]:
    url = _text(record.webpage_url) or _text(record.original_url)
    if not url:
        return {}
    accounts = map(_text, (record.uploader, record.channel, record.uploader_id))
    account = next(filter(None, accounts), "")
    day = _text(record.upload_date)
    parts = [
        url,
        account and f"account {account}",
        day and f"uploaded {day[:4]}-{day[4:6]}-{day[6:8]}",
        f"by {printable(os.fsencode(name).decode('utf-8', 'replace'))}, SHA-256 {sha256}",
    ]
    version = _shown(_value(record.tool, _Tool, _Tool()).version)
    tool = f"yt-dlp {version}" if version else ""
    found = {"source": "; ".join(filter(None, parts)), "obtained_at": _moment(record.epoch), "obtained_how": tool}
    return {key: value for key, value in found.items() if value}


def _value(raw: msgspec.Raw, kind: type[T], without: T) -> T:
    """A field of this type, or what stands for one that is not there or is of another type."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except (ValueError, RecursionError, msgspec.MsgspecError):
        return without


def _text(raw: msgspec.Raw) -> str:
    return _shown(_value(raw, str, ""))


def _shown(text: str) -> str:
    return printable(text[:_LONGEST])


def _moment(raw: msgspec.Raw) -> str:
    """When the record was written, which yt-dlp does as it downloads; "" where it does not say."""
    epoch = _value(raw, float, 0.0)
    if not 0 < epoch < 1 << 33:
        return ""
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
