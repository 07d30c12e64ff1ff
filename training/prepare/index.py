"""The index of a prepared folder as rows of a few bytes each: DFDC has four million of them.

A row is a view of one line of `index.parquet`. Columns are read on first use and held as arrays, text as codes into a
list of the distinct values. For the worker processes that make batches, an index is pickled as its path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from inspector.domain.errors import TrainingError
from training.prepare.parts import COLUMNS

_NOTHING: Mapping[str, Any] = {}


class Row(Mapping[str, Any]):
    """One line of an index by column name; `row | {"name": value}` is a changed view, as with a dict."""

    __slots__ = ("_changes", "_index", "_number")

    def __init__(self, index: Index, number: int, changes: Mapping[str, Any] = _NOTHING) -> None:
        self._index, self._number, self._changes = index, number, changes

    def __getitem__(self, name: str) -> Any:
        if name in self._changes:
            return self._changes[name]
        return self._index.column(name)(self._number)

    def __iter__(self) -> Iterator[str]:
        yield from COLUMNS.names
        yield from (name for name in self._changes if name not in COLUMNS.names)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __or__(self, changes: Mapping[str, Any]) -> Row:
        return Row(self._index, self._number, self._index.shared({**self._changes, **changes}))

    def __reduce__(self) -> tuple[Any, ...]:
        return Row, (self._index, self._number, self._changes)

    def __repr__(self) -> str:
        return repr(dict(self))


class Index(Sequence[Row]):
    """All rows of one `index.parquet` without their landmarks; columns that an older file lacks are None.

    Raises TrainingError when it cannot be read, or is replaced while its rows are in use.
    """

    def __init__(self, path: Path, stamp: tuple[int, int] | None = None) -> None:
        self._path = path
        self._stamp = _stamp(path) if stamp is None else stamp
        with self._opened() as file:
            self._length, self._have = int(file.metadata.num_rows), frozenset(file.schema_arrow.names)
        self._columns: dict[str, Callable[[int], Any]] = {}
        self._changes: dict[tuple[tuple[str, Any], ...], Mapping[str, Any]] = {}

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Row]:
        return (Row(self, number) for number in range(self._length))

    @overload
    def __getitem__(self, key: int) -> Row: ...
    @overload
    def __getitem__(self, key: slice) -> list[Row]: ...
    def __getitem__(self, key: int | slice) -> Row | list[Row]:
        numbers = range(self._length)[key]
        return Row(self, numbers) if isinstance(numbers, int) else [Row(self, number) for number in numbers]

    def __reduce__(self) -> tuple[Any, ...]:
        return Index, (self._path, self._stamp)

    def column(self, name: str) -> Callable[[int], Any]:
        """The values of a column by row number; KeyError for an unknown column."""
        if name not in self._columns:
            self._columns[name] = self._read(name, COLUMNS.field(name).type)
        return self._columns[name]

    def shared(self, changes: Mapping[str, Any]) -> Mapping[str, Any]:
        """The same changes, stored once for all rows that have them."""
        return self._changes.setdefault(tuple(sorted(changes.items())), changes)

    def _read(self, name: str, kind: pa.DataType) -> Callable[[int], Any]:
        if name not in self._have:
            return lambda number: None
        is_text = pa.types.is_string(kind)
        with self._opened(read_dictionary=[name] if is_text else None) as file:
            column = file.read(columns=[name]).column(0)
        if is_text:
            return _text_column(column.unify_dictionaries().combine_chunks())
        return _number_column(column.combine_chunks())

    def _opened(self, **options: Any) -> Any:
        if _stamp(self._path) != self._stamp:
            raise TrainingError(f"{self._path} was replaced while it was in use; run the same command again.")
        try:
            return pq.ParquetFile(self._path, **options)
        except (OSError, pa.ArrowException) as error:
            raise TrainingError(
                f"{self._path} is damaged ({error}); run `prepare` again, which writes it again."
            ) from error


def load_index(folder: Path) -> Sequence[Row]:
    """All rows of a prepared folder's index; TrainingError when it is missing or cannot be read."""
    return Index(folder / "index.parquet")


def _stamp(path: Path) -> tuple[int, int]:
    try:
        stat = path.stat()
    except OSError as error:
        raise TrainingError(f"{path} is missing; run `python -m training prepare RECIPE` first.") from error
    return stat.st_size, stat.st_mtime_ns


def _text_column(column: Any) -> Callable[[int], Any]:
    """Text values by row number, from a dictionary array."""
    texts = [*column.dictionary.to_pylist(), None]
    codes = column.indices.fill_null(len(texts) - 1).to_numpy(zero_copy_only=False)
    codes = codes.astype(np.min_scalar_type(len(texts)))
    return lambda number: texts[codes[number]]


def _number_column(column: Any) -> Callable[[int], Any]:
    """Numbers or booleans by row number, as Python objects; None where the value is missing."""
    missing = column.is_null().to_numpy(zero_copy_only=False)
    values = column.fill_null(0 if column.type != pa.bool_() else False).to_numpy(zero_copy_only=False)
    if not missing.any():
        return values.item  # type: ignore[no-any-return]
    return lambda number: None if missing[number] else values.item(number)
