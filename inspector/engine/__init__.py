"""Floor 2: decode, find faces, score, explain, report. Never imports Qt."""

import os

# Torch's OpenMP threads spin while they wait. Here they share the cores with the decoder and MediaPipe, and on a busy
# two-core machine spinning made the network fifteen times slower (measured). Read when torch is loaded, so set first.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
