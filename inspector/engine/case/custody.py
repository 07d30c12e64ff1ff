"""The evidence's way to the examiner, from a TOML file, and lists of hashes that are known elsewhere."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from inspector.domain.case import CUSTODY, CaseInfo
from inspector.domain.errors import CaseError, ClipError
from inspector.engine.case.download_record import download_record
from inspector.engine.decode.evidence import blocks_to_hash
from inspector.engine.percent import Tell
from inspector.engine.regular_file import read_regular

_MOST_BYTES = 64 << 20  # of a list of hashes
_MOST_TOML_BYTES = 1 << 20
_LONGEST_LINE = 4096  # a name of 250,000 parts does not end in 90 s
_HASH = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{32})(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class HashList:
    """A list of MD5 or SHA-256 hashes, one per line or in the cells of a CSV table: the line of each hash."""

    name: str
    lines: Mapping[str, int]

    @property
    def has_md5(self) -> bool:
        """Whether a file has to be hashed by MD5 too."""
        return any(len(each) == 32 for each in self.lines)


@dataclass(frozen=True, slots=True)
class Custody:
    """What is recorded for all clips, what for those of a name, and the lists that are searched for each."""

    of_all: Mapping[str, str] = field(default_factory=dict)
    by_name: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lists: tuple[HashList, ...] = ()

    def fill(
        self,
        info: CaseInfo,
        clip: Path,
        sha256: str,
        should_continue: Callable[[], bool] = lambda: True,
        tell: Tell | None = None,
    ) -> CaseInfo:
        """The cover of a clip's report, also by a download's record beside it.

        If a list has MD5 hashes, the clip is read; `tell` gets the percentage. Raises ClipError if it cannot be, or is
        not to the end because `should_continue` returns False.
        """
        values = {**download_record(clip), **self.of_all, **self.by_name.get(clip.name, {})}
        if self.lists:
            hashes = {sha256: "SHA-256"}
            if any(each.has_md5 for each in self.lists):
                hashes[file_hashes(clip, should_continue, tell)[0]] = "MD5"
            values["hash_lists"] = "; ".join(_entry(each, hashes) for each in self.lists)
        return replace(info, **values)


def _entry(known: HashList, hashes: Mapping[str, str]) -> str:
    found = [f"{kind} in line {known.lines[each]}" for each, kind in hashes.items() if each in known.lines]
    return f"{known.name}: {', '.join(found) if found else 'not in it'}"


def read_custody(path: Path | None, lists: Sequence[Path] = ()) -> Custody:
    """Read a TOML file with the fields of `CUSTODY`, and tables of them named like clips; and lists of hashes.

    Raises CaseError with the key that is none.
    """
    found = tuple(read_hash_list(each) for each in lists)
    if path is None:
        return Custody(lists=found)
    text = _read(path, _MOST_TOML_BYTES)
    if max(map(len, text.splitlines()), default=0) > _LONGEST_LINE:
        raise CaseError(f"{path} is no TOML file (a line has more than {_LONGEST_LINE} characters); correct it.")
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise CaseError(f"{path} is no TOML file ({error}); correct it.") from error
    of_all = {name: value for name, value in values.items() if not isinstance(value, dict)}
    by_name = {name: value for name, value in values.items() if isinstance(value, dict)}
    for table in (of_all, *by_name.values()):
        for name, value in table.items():
            if name not in CUSTODY or not isinstance(value, str):
                raise CaseError(f"{path}: {name!r} is none of {', '.join(CUSTODY)} with a text in quotes; correct it.")
    return Custody(of_all, by_name, found)


def read_hash_list(path: Path) -> HashList:
    """The hashes in a text or CSV file. Raises CaseError, also if there is none in it."""
    lines: dict[str, int] = {}
    for number, line in enumerate(_read(path, _MOST_BYTES).splitlines(), 1):
        for each in _HASH.findall(line):
            lines.setdefault(each.lower(), number)
    if not lines:
        raise CaseError(f"{path} holds no MD5 or SHA-256 hash; name another list.")
    return HashList(path.name, lines)


def file_hashes(
    path: Path, should_continue: Callable[[], bool] = lambda: True, tell: Tell | None = None
) -> tuple[str, str]:
    """MD5 and SHA-256 of a file as lower-case hex, in one pass; `tell` gets the percentage meanwhile.

    Raises ClipError, also once `should_continue` returns False.
    """
    digests = hashlib.md5(usedforsecurity=False), hashlib.sha256()
    try:
        for block in blocks_to_hash(path, tell):
            for digest in digests:
                digest.update(block)
            if not should_continue():
                raise ClipError(f"{path} was not read to its end, because the program was stopped.")
    except OSError as error:
        raise ClipError(f"{path} cannot be read ({error.strerror}); check the path and the permissions.") from error
    return digests[0].hexdigest(), digests[1].hexdigest()


def _read(path: Path, most: int) -> str:
    try:
        data = read_regular(path, most)
    except OSError as error:
        raise CaseError(f"{path} cannot be read ({error.strerror}); check the path.") from error
    if data is None:
        raise CaseError(f"{path} is larger than {most >> 20} MiB; split it.")
    return data.decode("utf-8-sig", "replace")
