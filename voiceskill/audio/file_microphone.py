"""A sound that stands in for the microphone."""

from __future__ import annotations

from voiceskill.audio.sound import FRAME_BYTES, FRAME_S, SAMPLE_RATE, Sound
from voiceskill.audio.wav import resample


class FileMicrophone:
    """Delivers a finished sound frame by frame, as fast as it is asked; see ``Microphone``."""

    overflows = 0
    """A file waits for its reader."""

    dead_s = 0.0
    """A file may be as quiet as it likes."""

    def __init__(self, sound: Sound) -> None:
        self._data = resample(sound, SAMPLE_RATE).samples.tobytes()
        self._next = 0

    @property
    def ended(self) -> bool:
        """True when the last frame has been delivered."""
        return self._next * FRAME_BYTES >= len(self._data)

    @property
    def position_s(self) -> float:
        """Seconds delivered so far."""
        return self._next * FRAME_S

    @property
    def left_s(self) -> float:
        """Seconds still to come."""
        return max(0.0, len(self._data) / FRAME_BYTES - self._next) * FRAME_S

    def clock_at(self, position_s: float) -> None:
        """Never known: a file sounded when it was recorded."""

    def start(self) -> None:
        """Nothing to do: a file is always ready."""

    def read(self, timeout_s: float) -> bytes | None:  # noqa: ARG002 (a file never keeps waiting)
        """The next frame, the last one filled up with silence; None after the end."""
        if self.ended:
            return None
        start = self._next * FRAME_BYTES
        self._next += 1
        return self._data[start : start + FRAME_BYTES].ljust(FRAME_BYTES, b"\0")

    def flush(self) -> None:
        """Nothing to do: a file runs on only when it is read."""

    def close(self) -> None:
        """After this there is no more sound."""
        self._data = b""
