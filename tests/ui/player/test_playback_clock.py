"""When a frame of a playing clip is due."""

from inspector.ui.player.playback_clock import PlaybackClock


def test_playback_is_due_by_the_clips_own_time_and_slips_when_hopeless():
    clock = PlaybackClock()
    clock.start(100.0, 2.0, 0.5)
    assert clock.due(3.0) == 102.0
    assert not clock.catch_up(102.1, 3.0)
    assert clock.catch_up(104.0, 3.0)
    assert clock.due(3.5) == 105.0
    clock.start(100.0, 2.0, -1.0)
    assert clock.due(1.0) == 101.0
