"""The one protocol that every source of live sound fulfils."""

from __future__ import annotations

from typing import Protocol


class Microphone(Protocol):
    """Sound as it comes in, in frames. One reader; not thread-safe."""

    @property
    def ended(self) -> bool:
        """True when there will be no more sound: a file has run out."""

    @property
    def overflows(self) -> int:
        """How often sound was lost because nobody fetched it in time."""

    @property
    def dead_s(self) -> float:
        """How long by now there was no sound at all, seconds: every sample zero, as no open
        microphone in a room has it. Pulled out, a sound server goes on like that; so does one that
        is muted, and one that cuts noise off."""

    @property
    def position_s(self) -> float:
        """Where in the input the next frame begins, seconds; what was dropped counts too."""

    def clock_at(self, position_s: float) -> float | None:
        """Monotonic time of the machine at which that place in the input sounded; None where no
        clock runs along: a file."""

    def start(self) -> None:
        """Begin to hear. Raises AudioError when the device cannot be opened."""

    def read(self, timeout_s: float) -> bytes | None:
        """The next frame: FRAME_BYTES of int16 mono at 16 kHz, or None after ``timeout_s`` seconds.

        Raises AudioError when the device is gone.
        """

    def flush(self) -> None:
        """Drop what has been heard but not read: the assistant's own voice, in half-duplex."""

    def close(self) -> None:
        """Stop hearing; safe to call twice."""
