"""Stores what `inspector selftest` compares with. Run it after the demo clip or the bundle has changed."""

from inspector.engine.codec import to_pretty_json
from inspector.engine.resources import resource
from inspector.engine.selftest import CLIP, EXPECTED, measure

if __name__ == "__main__":
    resource(EXPECTED).write_bytes(to_pretty_json(measure(resource(CLIP))))
    print(f"wrote {resource(EXPECTED)}")
