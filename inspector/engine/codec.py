"""Domain values to JSON or msgpack and back, validated by type. Pickle is never used, since input is untrusted."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, TypeVar, get_origin

import msgspec
import numpy as np

from inspector.domain.printable import printable_json

T = TypeVar("T")

_RATIO = re.compile(r"-?[0-9]{1,40}(/[0-9]{1,40})?")
_ARRAY_TYPES = {"<f4", "|u1"}
_MAX_ARRAY_BYTES = 64 * 1024 * 1024


class _Array(msgspec.Struct, array_like=True):
    dtype: str
    shape: tuple[int, ...]
    data: bytes


def _encode_other(value: Any) -> Any:
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, np.ndarray):
        whole = np.ascontiguousarray(value)
        return _Array(whole.dtype.str, whole.shape, whole.tobytes())
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} cannot be encoded.")


def _decode_other(wanted: Any, value: Any) -> Any:
    if wanted is Fraction:
        return _fraction(value)
    if (get_origin(wanted) or wanted) is np.ndarray:
        array = msgspec.convert(value, _Array)
        if array.dtype not in _ARRAY_TYPES or len(array.data) > _MAX_ARRAY_BYTES or min(array.shape, default=0) < 0:
            raise ValueError("an array of unexpected type or size")
        return np.frombuffer(array.data, dtype=array.dtype).reshape(array.shape)
    raise TypeError(f"{wanted} cannot be decoded.")


def _fraction(value: Any) -> Fraction:
    # The form that is written: "1e99999999" would be a number of as many digits, which takes hours to compute.
    if isinstance(value, str) and not _RATIO.fullmatch(value):
        raise ValueError(f"{value[:50]!r} is not a fraction")
    try:
        return Fraction(value)
    except (TypeError, ZeroDivisionError, OverflowError) as error:
        raise ValueError(f"{value!r} is not a fraction") from error


def to_json(value: object) -> bytes:
    """Encode a domain value as compact UTF-8 JSON; fractions become "30000/1001"."""
    return msgspec.json.encode(value, enc_hook=_encode_other)


def to_pretty_json(value: object) -> bytes:
    """Encode like `to_json`, but indented by two spaces and with a final newline, and safe to print to a terminal."""
    text = msgspec.json.format(to_json(value), indent=2).decode()
    return f"{printable_json(text)}\n".encode()


def from_json(data: bytes | str, wanted: type[T]) -> T:
    """Decode JSON into `wanted`, checking every field. Raises msgspec.DecodeError (a ValueError) naming the field."""
    try:
        return msgspec.json.decode(data, type=wanted, dec_hook=_decode_other)
    except RecursionError:
        raise msgspec.DecodeError("it is nested too deeply") from None


def to_msgpack(value: object) -> bytes:
    """Encode a value, numpy arrays included, for a message between processes."""
    return msgspec.msgpack.encode(value, enc_hook=_encode_other)


def from_msgpack(data: bytes, wanted: Any) -> Any:
    """Decode a message into `wanted` (a type or a union of tagged structs), checking every field.

    Raises msgspec.DecodeError.
    """
    try:
        return msgspec.msgpack.decode(data, type=wanted, dec_hook=_decode_other)
    except RecursionError:
        raise msgspec.DecodeError("it is nested too deeply") from None
