"""What one utterance means: the value that the nlu stage hands to the dialogue."""

from __future__ import annotations

from dataclasses import dataclass, field

from voiceskill.content.labels import BodyPart, Intent, Side, Symptom, Urgency


@dataclass(frozen=True)
class Understanding:
    """The meaning of one utterance, without any dialogue state."""

    text: str
    """The utterance as it was heard."""

    intent: Intent = Intent.NONE
    """What the speaker wants."""

    body_part: BodyPart | None = None
    """The finest body part that was named."""

    side: Side | None = None
    """Left or right, when a side of the body was meant."""

    symptoms: frozenset[Symptom] = field(default_factory=frozenset)
    """Symptoms that are asserted as present (the speaker's own, or a present danger to another)."""

    denied: frozenset[Symptom] = field(default_factory=frozenset)
    """Symptoms that the speaker says are not there."""

    urgency: Urgency | None = None
    """The level that the present symptoms call for."""

    confidence: float = 0.0
    """0 to 1: how sure the intent is."""
