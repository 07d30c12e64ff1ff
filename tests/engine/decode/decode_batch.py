"""Opens and decodes each file named on the command line and prints the result; run as a separate process.

A decoder that crashes on a damaged file must not take the tests with it, and one that hangs is ended by faulthandler,
which shows where.
"""

import faulthandler
import sys
from pathlib import Path

from inspector.domain.clip import Frame
from inspector.domain.errors import ClipError
from inspector.engine.decode.decoder import Decoder, open_clip

SECONDS = 30  # for one file


def result_of(path: Path) -> str:
    """The result of decoding the file: "frames N gaps M", or "refused: " and the error."""
    try:
        clip = open_clip(path)
        with Decoder(clip) as decoder:
            events = list(decoder.frames())
            frames = [event for event in events if isinstance(event, Frame)]
            reached = None
            for event in events:
                start = event.pts if isinstance(event, Frame) else event.start_pts
                assert reached is None or start >= reached, "out of order"
                reached = start + 1 if isinstance(event, Frame) else event.end_pts
                assert reached > start, "an empty gap"
            for frame in frames[:: max(len(frames) // 3, 1)]:
                assert decoder.frame_at(frame.pts).pts == frame.pts, "not found again"
    except ClipError as error:
        is_sentence = str(error).endswith(".") and "\n" not in str(error) and path.name in str(error)
        return f"refused: {error}" if is_sentence else f"badly worded: {error!r}"
    return f"frames {len(frames)} gaps {len(events) - len(frames)}"


def main() -> None:
    """Decode the files; each result is flushed, so that the file of a crash is known."""
    for name in sys.argv[1:]:
        faulthandler.dump_traceback_later(SECONDS, exit=True)
        print(name, result_of(Path(name)), sep="\t", flush=True)
    faulthandler.cancel_dump_traceback_later()


if __name__ == "__main__":
    main()
