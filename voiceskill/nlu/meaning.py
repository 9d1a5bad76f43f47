"""What one utterance means: the value that the nlu stage hands to the dialogue."""

from __future__ import annotations

from dataclasses import dataclass, field

from voiceskill.content.labels import BodyPart, Intent, Side, Symptom, Urgency

SURELY_FOR_NOBODY = 0.9
"""Of 944 texts with a sign of an emergency six were so surely no talk for us, and none of them was
meant ("the internet's so slow, I'm having a seizure"); 0.6 would lose "my throat is closing up"."""


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

    @property
    def is_for_nobody(self) -> bool:
        """Whether it is so surely other talk that no sign in it is meant: a television's, or a
        story's."""
        return self.intent is Intent.NONE and self.confidence >= SURELY_FOR_NOBODY
