"""What happens in a spoken conversation, told as small values: for captions, JSON and tests."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from voiceskill.dialogue.actions import Status
from voiceskill.nlu.meaning import Understanding


@dataclass(frozen=True)
class Happening:
    """Base of all happenings."""

    event: ClassVar[str]

    at: float
    """Seconds since the start of the input."""

    def as_json(self) -> dict[str, Any]:
        """One flat object, ``event`` first; times to the millisecond."""
        return {"event": self.event, **{k: _rounded(v) for k, v in asdict(self).items()}}


@dataclass(frozen=True)
class Started(Happening):
    """The assistant listens and can speak."""

    event: ClassVar[str] = "started"
    engine: str
    voice: str


@dataclass(frozen=True)
class Listening(Happening):
    """All is said; it is the person's turn."""

    event: ClassVar[str] = "listening"
    expects: str
    """command, yes_no, open or where."""


@dataclass(frozen=True)
class SpeechBegan(Happening):
    """Somebody began to speak."""

    event: ClassVar[str] = "speech"


@dataclass(frozen=True)
class Hearing(Happening):
    """The words so far of an utterance that goes on."""

    event: ClassVar[str] = "partial"
    text: str


@dataclass(frozen=True)
class WasHeard(Happening):
    """An utterance ended."""

    event: ClassVar[str] = "heard"
    text: str
    confidence: float
    start: float
    end: float
    end_clock: float | None
    """When the voice ended, monotonic seconds of the machine; None where a file is heard."""


@dataclass(frozen=True)
class WasUnheard(Happening):
    """Somebody spoke, but nothing intelligible came of it."""

    event: ClassVar[str] = "unheard"
    reason: str


@dataclass(frozen=True)
class Quiet(Happening):
    """The listening time-out ran out."""

    event: ClassVar[str] = "silence"


@dataclass(frozen=True)
class InputEnded(Happening):
    """The file that was heard is over, and with it the conversation."""

    event: ClassVar[str] = "input_ended"


@dataclass(frozen=True)
class WasUnderstood(Happening):
    """What the utterance was taken to mean."""

    event: ClassVar[str] = "understood"
    meaning: Understanding

    def as_json(self) -> dict[str, Any]:
        """The labels of the understanding, in the words of the contract."""
        return {"event": self.event, "at": _rounded(self.at), **meaning_as_json(self.meaning)}


@dataclass(frozen=True)
class WasSaid(Happening):
    """A sentence begins to be spoken."""

    event: ClassVar[str] = "said"
    text: str
    prompt: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class WasRendered(Happening):
    """The sentence that begins to be spoken has become sound."""

    event: ClassVar[str] = "rendered"
    cached: bool
    """Whether it only had to be fetched."""


@dataclass(frozen=True)
class Playing(Happening):
    """The first sample of a sentence was handed to the loudspeaker."""

    event: ClassVar[str] = "playing"
    clock: float
    """When that was, monotonic seconds of the machine."""


@dataclass(frozen=True)
class WasCut(Happening):
    """Somebody spoke over the assistant, which fell silent at once."""

    event: ClassVar[str] = "cut"
    spoken_s: float
    """Seconds of the sentence that were heard before."""


@dataclass(frozen=True)
class WasIgnored(Happening):
    """What was said over the assistant was nothing to stop for; it goes on where it was."""

    event: ClassVar[str] = "ignored"
    text: str


@dataclass(frozen=True)
class FellAsleep(Happening):
    """Nothing is answered now but the wake phrase and a call for help."""

    event: ClassVar[str] = "asleep"


@dataclass(frozen=True)
class WokeUp(Happening):
    """The wake phrase or a call for help was heard, or somebody spoke over the assistant."""

    event: ClassVar[str] = "awake"
    reason: str
    text: str


@dataclass(frozen=True)
class Moved(Happening):
    """The conversation took a step: where it stands now."""

    event: ClassVar[str] = "status"
    status: Status

    def as_json(self) -> dict[str, Any]:
        """Mode, topic, step and urgency."""
        status = self.status
        return {
            "event": self.event,
            "at": _rounded(self.at),
            "mode": status.mode,
            "topic": status.topic,
            "step": status.step,
            "steps": status.steps,
            "asks": [symptom.value for symptom in status.asks],
            "asks_if": status.asks_if,
            "ended": status.ended,
        }


@dataclass(frozen=True)
class UrgencyRose(Happening):
    """The conversation reached an urgency, or a new one after a goodbye."""

    event: ClassVar[str] = "urgency"
    urgency: str


@dataclass(frozen=True)
class Trouble(Happening):
    """Something failed; what was done about it."""

    event: ClassVar[str] = "trouble"
    message: str


def _rounded(value: Any) -> Any:
    return round(value, 3) if isinstance(value, float) else value


def meaning_as_json(meaning: Understanding) -> dict[str, Any]:
    """The object of ``voiceskill understand`` for one utterance."""
    return {
        "text": meaning.text,
        "intent": meaning.intent.value,
        "body_part": meaning.body_part.value if meaning.body_part else None,
        "side": meaning.side.value if meaning.side else None,
        "symptoms": sorted(symptom.value for symptom in meaning.symptoms),
        "urgency": meaning.urgency.value if meaning.urgency else None,
        "confidence": round(meaning.confidence, 3),
    }
