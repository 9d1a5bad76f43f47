"""What a session can ask for: the closed set of actions that a front end carries out."""

from __future__ import annotations

from dataclasses import dataclass

from voiceskill.content.labels import Side, Symptom, Urgency
from voiceskill.nlu.meaning import Understanding
from voiceskill.stt.recognizer import Expectation


@dataclass(frozen=True)
class Say:
    """Speak one prompt."""

    prompt: str
    """Id of the prompt in prompts/, for logs and tests."""

    sentences: tuple[str, ...]
    """What is spoken, sentence by sentence, slots filled in."""

    sources: tuple[str, ...]
    """Ids of the sources of what is stated."""


@dataclass(frozen=True)
class Cue:
    """Something said during a hold."""

    at_s: float
    """Seconds after the hold began."""

    text: str


@dataclass(frozen=True)
class Hold:
    """Keep quiet company for some seconds; anything heard meanwhile is an event."""

    seconds: float
    cues: tuple[Cue, ...] = ()
    expectation: Expectation | None = None
    """What may be said meanwhile."""


@dataclass(frozen=True)
class Listen:
    """Wait for the person to speak."""

    expectation: Expectation
    timeout_s: float
    """After so many seconds without speech the session gets a Silence event."""


@dataclass(frozen=True)
class Adjust:
    """Change how the assistant speaks from now on."""

    rate_wpm: int | None = None
    """Words a minute."""

    gain_db: float | None = None
    """Loudness against the normal, dB."""


@dataclass(frozen=True)
class End:
    """The conversation is over."""


Action = Say | Hold | Listen | Adjust | End


@dataclass(frozen=True)
class Status:
    """Where the conversation stands after a reply; the fields of the chat contract."""

    mode: str
    """idle, triage, stretch, answer or ended."""
    topic: str | None = None
    """The stretch, question or protocol id."""
    step: int | None = None
    """Position in a guided stretch, from 1."""
    steps: int | None = None
    side: Side | None = None
    """The side that is stretched, where it was named."""
    asks: tuple[Symptom, ...] = ()
    """The symptoms that the open yes/no question is about."""
    asks_if: str | None = None
    """"yes" or "no": the plain answer that would assert them."""
    urgency: Urgency | None = None
    """The highest level that this conversation has reached."""
    ended: bool = False


@dataclass(frozen=True)
class Reply:
    """A session's answer to one event. Its last action is a Listen, a Hold or an End."""

    actions: tuple[Action, ...]
    status: Status
    understanding: Understanding | None = None
    """What the words of a Heard event were taken to mean."""
