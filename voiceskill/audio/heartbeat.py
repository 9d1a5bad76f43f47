"""Whether a sound stream still lives: its callbacks are the beats."""

from __future__ import annotations

import threading
import time

FIRST_BEAT_S = 3.0
"""A sleeping device (Bluetooth, HDMI) takes seconds until its first callback."""

NO_BEAT_S = 0.8
"""Without a callback for so long the device or its server is gone; blocks last 0.1 s at most. With
the second look it is noticed within a second."""

SECOND_LOOK_S = 0.2
"""This process may have been stopped itself: a living stream beats again within this time."""


class Heartbeat:
    """Notices a stream that was lost: PortAudio raises nothing and sets no flag when it is."""

    def __init__(self) -> None:
        self._last = time.monotonic() + FIRST_BEAT_S - NO_BEAT_S
        self._beaten = threading.Event()
        self._ended = threading.Event()

    def beat(self) -> None:
        """A callback came; called by PortAudio's thread."""
        self._last = time.monotonic()
        self._beaten.set()

    def end(self) -> None:
        """The stream has ended; called by PortAudio's thread."""
        self._ended.set()

    def lost(self) -> bool:
        """Whether the stream is gone; takes ``SECOND_LOOK_S`` where that is not yet certain."""
        if self._ended.is_set():
            return True
        if time.monotonic() - self._last < NO_BEAT_S:
            return False
        self._beaten.clear()
        return not self._beaten.wait(SECOND_LOOK_S)
