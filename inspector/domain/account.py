"""The account of a clip's pictures: what became of everything that its video stream stores."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PictureAccount:
    """What became of each stored packet of the video stream, and what is known to be missing.

    `packets` is the sum of the counts from `shown` to `lost`; `unexplained` is the difference, which is 0 unless the
    program is wrong. `damaged` pictures are among the shown ones. `missing` ones are not in the file: an estimate for
    damaged parts of it, and for the part behind its end if it breaks off. `declared` is the container's own count.
    """

    packets: int
    shown: int
    shown_again: int = 0  # of those shown: stored once, and shown more than once by the edit list
    cut: int = 0  # by the edit list
    hidden: int = 0  # reference pictures that are never displayed
    repeats: int = 0  # empty or not coded: the picture before stays
    second_fields: int = 0  # of pictures whose fields are stored apart
    without_picture: int = 0  # parameter sets, SEI, delimiters
    lost: int = 0  # stored, and not decodable
    damaged: int = 0
    missing: int = 0
    declared: int | None = None

    @property
    def stored(self) -> int:
        """How many pictures the file stores."""
        return self.packets - self.repeats - self.second_fields - self.without_picture

    @property
    def unexplained(self) -> int:
        """Stored packets that the counts do not explain."""
        return self.stored + self.shown_again - self.shown - self.cut - self.hidden - self.lost

    @property
    def is_remarkable(self) -> bool:
        """Whether there is more to say than that all stored pictures are shown undamaged."""
        return self.packets != self.shown or bool(self.damaged or self.missing)

    def text(self) -> str:
        """The account as part of a sentence: "stored 50, shown 25 (25 cut by the edit list), ..."."""
        named = (
            (self.shown_again, "shown again by the edit list"),
            (self.cut, "cut by the edit list"),
            (self.hidden, "never displayed"),
        )
        besides = (
            (self.repeats, "packet that repeats the picture before", "packets that repeat the picture before"),
            (self.second_fields, "second field", "second fields"),
            (self.without_picture, "packet without a picture", "packets without a picture"),
        )
        others = ", ".join(f"{count} {what}" for count, what in named if count)
        parts = [f"stored {self.stored}", f"shown {self.shown}" + (f" ({others})" if others else "")]
        parts.append(f"damaged {self.damaged}" + (" of those shown" if self.damaged else ""))
        parts.append(f"lost {self.lost}")
        if self.missing:
            parts.append(f"about {self.missing} more missing")
        if self.unexplained:
            parts.append(f"{self.unexplained} unexplained")
        parts += [f"besides {count} {one if count == 1 else many}" for count, one, many in besides if count]
        return ", ".join(parts)
