"""What yt-dlp, or a tool that calls it, wrote beside a clip about where it comes from: NAME.info.json."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from inspector.domain.printable import printable

_MOST_BYTES = 64 << 20  # comments of a popular clip take some megabytes
_LONGEST = 300
_ACCOUNT = ("uploader", "channel", "uploader_id")


def download_record(clip: Path) -> dict[str, str]:
    """Fields of the cover by the record beside a clip, with the record's own SHA-256; {} where there is none.

    A file of that name that is no such record is passed over: other programs use the ending too.
    """
    for path in (clip.with_suffix(".info.json"), clip.with_name(f"{clip.name}.info.json")):
        try:
            if path.is_file() and 0 < path.stat().st_size <= _MOST_BYTES:
                data = path.read_bytes()
                return _fields(json.loads(data), path.name, hashlib.sha256(data).hexdigest())
        except (OSError, ValueError, RecursionError):
            continue
    return {}


def _fields(record: Any, name: str, sha256: str) -> dict[str, str]:
    url = _text(record, "webpage_url") or _text(record, "original_url")
    if not url:
        return {}
    account = next((text for key in _ACCOUNT if (text := _text(record, key))), "")
    day = _text(record, "upload_date")
    parts = [
        url,
        account and f"account {account}",
        day and f"uploaded {day[:4]}-{day[4:6]}-{day[6:8]}",
        f"by {printable(os.fsencode(name).decode('utf-8', 'replace'))}, SHA-256 {sha256}",
    ]
    version = record.get("_version") or {}
    tool = f"yt-dlp {_text(version, 'version')}" if _text(version, "version") else ""
    found = {"source": "; ".join(filter(None, parts)), "obtained_at": _moment(record), "obtained_how": tool}
    return {key: value for key, value in found.items() if value}


def _text(record: Any, key: str) -> str:
    value = record.get(key) if isinstance(record, dict) else None
    return printable(value[:_LONGEST]) if isinstance(value, str) else ""


def _moment(record: dict[str, Any]) -> str:
    """When the record was written, which yt-dlp does as it downloads; "" where it does not say."""
    epoch = record.get("epoch")
    if not isinstance(epoch, int | float) or not 0 < epoch < 1 << 33:
        return ""
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
