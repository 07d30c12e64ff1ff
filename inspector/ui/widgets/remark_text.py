"""Patterns of the remarks on how a file was read, which the *Clip* tab shows: see `engine_text`."""

from __future__ import annotations

import re

from inspector.ui.widgets.language import mark, plural, tr, tr_marked

REMARKS = (
    # inspector/engine/decode/timing/remarks.py
    mark(
        "The file gives its pictures time stamps in the order of decoding; the display times follow from the order in "
        "which the decoder returns the pictures."
    ),
    mark(
        "The file begins between two keyframes. The pictures up to the first one count as damaged: those that they "
        "refer to are not in the file, and their codec does not tell."
    ),
    mark(
        "The file stores no time stamps: {rate} pictures a second are declared in the stream or, without that, assumed."
    ),
    mark("1 picture has no time stamp; the times follow from the neighbours."),
    mark("{count} pictures have no time stamp; the times follow from the neighbours."),
    mark(
        "1 picture has a time stamp before 0, from {first} s on. FFmpeg reads no time stamp there, and players may "
        "show such pictures at other times or not at all."
    ),
    mark(
        "{count} pictures have time stamps before 0, from {first} s on. FFmpeg reads no time stamp there, and players "
        "may show such pictures at other times or not at all."
    ),
    mark("Behind the last picture the file holds {count} more bytes, which are no picture."),
    mark(
        "The first picture has the time stamp {first} s: the file counts from 0 and holds no picture before it, as a "
        "part of a longer recording does, or a file whose beginning is missing."
    ),
    mark("The first picture comes {seconds} s after the sound begins."),
    mark("One time stamp repeats or lies far from the neighbours': {places}."),
    mark("{count} time stamps repeat or lie far from the neighbours': {places}."),
    mark("pts {pts} ({seconds} s), shown as frame {index} at {at} s"),
    mark("Before the picture at {at} s: {reason}; the time stamps show no picture missing."),
    mark("The same is found in {count} more places."),
    mark(
        "The rate is variable, and nothing is stored for {places}; the file shows no sign of lost data there, and a "
        "recording of a still screen stores nothing either."
    ),
    mark(
        "The pictures follow each other after {usual} s, except {places}; the file shows no sign of lost data there. "
        "Where no keyframe follows, the pictures up to the next one count as damaged: its codec does not tell whether "
        "a picture that they refer to is missing."
    ),
    mark("The pictures follow each other after {usual} s, except {places}; the file shows no sign of lost data there."),
    mark("{seconds} s before the picture at {at} s"),
    # inspector/engine/provenance/coding/rules.py
    mark("from {start} to {end} s"),
    mark("at {at} s"),
    mark(
        "At {places} the time stamps jump between two keyframes. The pictures up to the next keyframe count as "
        "damaged: where another recording begins, those that they refer to are not in the file, and nothing shows it."
    ),
    mark(
        "At {places} the coding begins anew while the time stamps go on, as where pictures were cut out, or recordings "
        "joined, without being coded again. A broadcast that changes its format does that too."
    ),
    mark("Beside picture {number}: {cause}."),
    mark(
        "The header declares {declared} pictures, and {stored} are stored. AVI files have no time stamps: if pictures "
        "are missing, the times after them are too early."
    ),
    # inspector/domain/clip.py: how stored pictures change
    mark("size {after} (was {before})"),
    mark("stored size {what} (was {made})"),
    mark("the same"),
    mark("sample aspect ratio {after} (was {before})"),
    mark("rotation {what} (was {made})"),
    mark("{angle}° mirrored"),
    mark("scanning {what} (was {made})"),
    mark("pixel format {after} (was {before})"),
    mark("colour primaries {after} (was {before})"),
    mark("transfer curve {after} (was {before})"),
    mark("matrix {after} (was {before})"),
    mark("range {after} (was {before})"),
    # inspector/engine/process/jobs.py, inspector/engine/model/detector.py
    mark(
        "{name} holds other pictures too, which are not analysed ({streams}; and {count} more); choose them with "
        "--stream or in the Clip tab."
    ),
    mark(
        "{name} holds other pictures too, which are not analysed ({streams}); choose them with --stream or in the Clip "
        "tab."
    ),
    mark("The GPU failed ({cause}); the analysis continues on the CPU, which takes longer."),
    # inspector/engine/decode: decoder, still_streams, video_properties
    mark("The name ends with {suffix}, as that of a video, but the file holds a still picture ({codec})."),
    mark("The name ends with {suffix}, as that of a still picture, but the file holds a video ({codec})."),
    mark(
        "The file is {count} recordings behind each other, and this is number {number} (bytes {first} to {last}). The "
        "others are listed as streams of their own (--stream); other programs may count or show the pictures of all of "
        "them together."
    ),
    mark(
        "The edit list has a pause between two stretches. The pictures that are shown meanwhile are those of the "
        "track's beginning, as FFmpeg and programs that use it show them; the list asks for none there."
    ),
    mark(
        "The edit list asks for another speed than the stored one, or for a picture that stands still. Here, as in "
        "FFmpeg and programs that use it, the pictures are shown at the speed at which they are stored."
    ),
    mark(
        "The pictures store transparency, which is not applied: other programs may show what lies behind them instead."
    ),
    mark(
        "The colours are those of Dolby Vision without a compatible picture (profile 5 or 10.0), which are not "
        "converted here: they are shown and scored as if they were ordinary ones, and so are wrong."
    ),
    mark(
        "The file asks for its pictures to be shown slanted or turned by an angle that is no quarter turn. They are "
        "shown and scored turned by the nearest quarter turn; other programs may show them otherwise."
    ),
    mark(
        "The file holds pictures in a row without time stamps; 25 pictures a second are assumed, and no time is known."
    ),
    mark("The file declares a pixel aspect ratio of {declared}, which is implausible and not applied."),
    # inspector/engine/decode: stills, still_colour, wide_stills
    mark("The picture stores {what}. Its colour profile (ICC) is not applied."),
    mark("The picture stores {what}."),
    mark("{samples}, of which the upper 8 bits are shown"),
    mark("{samples}, of which 0 is shown as black and {white} as white, without a transfer curve"),
    mark("{count} x {bits} bits, unsigned integers, each in a plane of its own"),
    mark("{count} x {bits} bits, unsigned integers"),
    mark("{count} x {bits} bits, floating-point numbers"),
    mark(
        "The embedded colour profile (ICC) cannot be applied to this picture ({cause}); its values are shown as sRGB."
    ),
    mark("The picture was read at 8 bits a channel before it was tone-mapped, so dark areas may show steps."),
)
LISTED = frozenset(("places", "where"))
"""The placeholders of things that are listed one after another, the last ones by their number only."""
STREAMS = "streams"
"""The placeholder of streams of pictures, each as `StreamInfo.text` after its number."""
_MORE = re.compile(r"(.+?),? and (?:in )?(\d+) more(?: places)?", re.DOTALL)
_STREAM = re.compile(r"stream (\d+): (.+)", re.DOTALL)
_PICTURES = re.compile(r"(\d+) pictures?")
_BETWEEN = re.compile(r"(; |(?<=s), )")  # not the comma within one of them


def listed(text: str) -> tuple[list[str], int]:
    """The things of a list with what stands between them, and how many more there are."""
    found = _MORE.fullmatch(text)
    named, more = (found[1], int(found[2])) if found else (text, 0)
    return _BETWEEN.split(named), more


def with_more(named: str, more: int) -> str:
    """A list, and how many more there are."""
    return tr("{named} and {count} more", named=named, count=more) if more else named


def streams_text(text: str) -> str:
    """Streams of pictures, whose codecs, sizes and titles stay as they are."""
    return "; ".join(", ".join(map(_stream_part, stream.split(", "))) for stream in text.split("; "))


def _stream_part(part: str) -> str:
    if found := _STREAM.fullmatch(part):
        return tr("stream {number}: {kind}", number=found[1], kind=tr_marked(found[2]))
    if found := _PICTURES.fullmatch(part):
        return plural("%n pictures", "%n picture", int(found[1]))
    return part
