"""The processes that decode for this window. It decodes nothing itself, and never loads FFmpeg."""

from __future__ import annotations

from inspector.engine.process.player.players import Players

PLAYERS = Players()
"""One for the program, because everything that shows a file shares its process. The controller closes it."""
