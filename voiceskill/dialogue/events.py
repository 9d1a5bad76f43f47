"""What can happen to a conversation: the closed set of events that a session handles."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Heard:
    """The person said something."""

    text: str


@dataclass(frozen=True)
class Unheard:
    """The person spoke, but nothing intelligible was recognised."""


@dataclass(frozen=True)
class Silence:
    """The listening time-out ran out without a word."""


@dataclass(frozen=True)
class HoldEnded:
    """The hold of the last reply was counted to its end."""


@dataclass(frozen=True)
class HoldBroken:
    """The hold of the last reply was broken off before its end."""

    held_s: float
    """Seconds of it that were held: the speaking before it does not count."""
    by: Event | None = None
    """What happened meanwhile; None: sound was lost, and is back."""


Event = Heard | Unheard | Silence | HoldEnded | HoldBroken
