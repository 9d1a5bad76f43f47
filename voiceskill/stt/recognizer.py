"""The one protocol that every speech engine fulfils, and the values it speaks in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

UNKNOWN = "[unk]"
"""The word by which a grammar engine tells that something else was said; never part of a text."""


class Expect(str, Enum):
    """The kinds of thing that can be listened for; the end of speech is waited for accordingly."""

    COMMAND = "command"
    YES_NO = "yes_no"
    OPEN = "open"
    WHERE = "where"


@dataclass(frozen=True)
class Expectation:
    """What is likely to be said next."""

    kind: Expect
    """Decides how long a silence ends the utterance."""

    phrases: tuple[str, ...] = ()
    """Likely phrases, lower case, in the speaker's words: a grammar for one engine, a bias for
    another. Anything else may still be said and must still be heard."""

    early: tuple[str, ...] = ()
    """Commands, lower case, that may be taken before the silence shows that nothing follows: to do
    so wrongly does no harm. "Next" is one, "no" is none: "no, it is worse"."""

    shortest_s: float = 0.0
    """What is spoken shorter than this (seconds) is not worth a recognition: it comes out as a
    rejected Final."""


@dataclass(frozen=True)
class Word:
    """One recognised word."""

    word: str
    start: float
    """Seconds since the start of the input."""
    end: float
    """Seconds since the start of the input."""
    conf: float
    """0 to 1."""


@dataclass(frozen=True)
class Partial:
    """What the words spoken so far sound like; may still change."""

    text: str
    at: float
    """Seconds since the start of the input."""


@dataclass(frozen=True)
class Final:
    """One finished utterance."""

    text: str
    """Lower case, no punctuation; empty when nothing intelligible was said."""
    confidence: float
    """0 to 1, the engine's own mean."""
    start: float
    """Seconds since the start of the input."""
    end: float
    """Seconds since the start of the input."""
    words: tuple[Word, ...] = ()
    rejected: str | None = None
    """Why the engine does not trust the text (then ``text`` is empty), else None."""


class Recognizer(Protocol):
    """Speech to text for one utterance at a time.

    Fed with the frames between the onset and the end of speech (``stt.ear`` decides both),
    16 kHz mono int16 bytes. Not thread-safe.
    """

    name: str
    """Name of the engine, as ``--engine`` spells it."""

    def expect(self, expectation: Expectation) -> None:
        """Say what is likely to be said in the utterances from now on."""

    def begin(self, at: float) -> None:
        """Start an utterance whose first frame lies ``at`` seconds after the start of input."""

    def feed(self, frame: bytes) -> Partial | None:
        """Hear one frame; answer with a new partial result where the engine has one."""

    def peek(self) -> Final | None:
        """What the sound so far is, the utterance going on; None where that cannot be told yet.

        When nothing is fed after it, ``finish`` takes no second look at the sound.
        """

    def finish(self) -> Final:
        """End the utterance and return what was heard."""

    def missing_words(self, phrases: Sequence[str]) -> list[str]:
        """The words of the phrases that this engine can never hear, sorted."""

    def close(self) -> None:
        """Free what the engine holds; safe to call twice."""
