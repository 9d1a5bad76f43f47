"""Decides whether what is said over the assistant's own voice is worth stopping for."""

from __future__ import annotations

from voiceskill.content.labels import Intent, Urgency
from voiceskill.nlu.meaning import Understanding
from voiceskill.nlu.normalise import normalise

_INTENTS = frozenset(
    {
        Intent.STOP,
        Intent.PAUSE,
        Intent.NEXT,
        Intent.BACK,
        Intent.REPEAT,
        Intent.RESTART,
        Intent.SLOWER,
        Intent.FASTER,
        Intent.LOUDER,
        Intent.QUIETER,
        Intent.TIME_LEFT,
        Intent.HELP,
        Intent.WORSE,
        Intent.BETTER,
        Intent.EMERGENCY,
        Intent.CRAMP_NOW,
        Intent.REPORT_SYMPTOM,
        Intent.GOODBYE,
    }
)
"""What people interrupt with. Not yes and no: half a question has no answer."""

_LEAST_CONFIDENCE = 0.5
"""Beneath it the rest of the sentence is worth more than a guess."""

_LEAST_HEARD = 0.5
"""Of the recogniser: what it made of the rest of the own voice came with 0.40 to 0.51, of 159 right
words over the voice one with less than this. Danger and pain need none."""

_PAIN = frozenset({Intent.EMERGENCY, Intent.REPORT_SYMPTOM, Intent.CRAMP_NOW})

_DANGEROUS = (Urgency.EMERGENCY, Urgency.DOCTOR_NOW)


def interrupts(meaning: Understanding, heard: float, speaking: str) -> bool:
    """Whether to stop for what was heard while ``speaking`` was being said; ``heard`` is the
    recogniser's confidence, 0 to 1.

    Words that were just being spoken are the loudspeaker's. Only "stop" counts even then: to stop
    wrongly costs a word, not to stop costs pain.
    """
    if meaning.intent is Intent.STOP:
        return True
    own = set(normalise(speaking).split())
    if set(normalise(meaning.text).split()) <= own:
        return False
    if meaning.urgency in _DANGEROUS:
        return True
    if meaning.intent not in _INTENTS or meaning.confidence < _LEAST_CONFIDENCE:
        return False
    return heard >= _LEAST_HEARD or bool(meaning.symptoms) or _may_be_pain(meaning)


def _may_be_pain(meaning: Understanding) -> bool:
    """Better to stop for nothing; one word alone ("more") may be the own voice."""
    if meaning.intent is Intent.WORSE:
        return len(set(meaning.text.split())) > 1
    return meaning.intent in _PAIN
