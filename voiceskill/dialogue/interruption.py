"""Decides whether what is said over the assistant's own voice is worth stopping for."""

from __future__ import annotations

from voiceskill.content.labels import Intent, Urgency
from voiceskill.content.model import Content
from voiceskill.dialogue.levels import Levels
from voiceskill.dialogue.spotting import patterns
from voiceskill.dialogue.state import State
from voiceskill.dialogue.surroundings import Surroundings
from voiceskill.nlu.meaning import Understanding
from voiceskill.nlu.normalise import normalise

_CONTROLS = frozenset(
    {
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
        Intent.GOODBYE,
    }
)
_TROUBLE = frozenset({Intent.EMERGENCY, Intent.REPORT_SYMPTOM, Intent.CRAMP_NOW})

_INTENTS = _CONTROLS | _TROUBLE | {Intent.WORSE, Intent.BETTER}
"""What people interrupt with, beside "stop". Not yes and no: half a question has no answer."""

_LEAST_CONFIDENCE = 0.5
"""Beneath it the rest of the sentence is worth more than a guess."""

_LEAST_HEARD = 0.5
"""Of the recogniser: what it made of the rest of the own voice came with 0.40 to 0.51, of 159 right
words over the voice one with less than this. Danger and pain need none."""

_HEARD_WELL = 0.8
"""Of the recogniser: never was the rest of the own voice heard as surely. So a control is the
person's, though it is being spoken: "Say next when you are ready" has just taught it."""

_DANGEROUS = (Urgency.EMERGENCY, Urgency.DOCTOR_NOW)

_CRIES = ("hurts", "ouch")
"""Words of pain, by the names of their lists in phrases.yaml."""


class Interruption:
    """Judges by the same signs of danger and pain as when nothing is being spoken."""

    def __init__(
        self, content: Content, state: State, levels: Levels, surroundings: Surroundings
    ) -> None:
        self._cries = [patterns(content.phrases[name]) for name in _CRIES]
        self._state = state
        self._levels = levels
        self._surroundings = surroundings

    def matters(self, heard: Understanding, sureness: float, speaking: str) -> bool:
        """Whether to stop for what was heard while ``speaking`` was being said; ``sureness`` is
        the recogniser's confidence, 0 to 1.

        Words that were just being spoken are the loudspeaker's. Only "stop" counts even then: to
        stop wrongly costs a word, not to stop costs pain.
        """
        if heard.intent is Intent.STOP:
            return True
        words, own = normalise(heard.text), frozenset(normalise(speaking).split())
        is_understood = heard.intent in _INTENTS and heard.confidence >= _LEAST_CONFIDENCE
        if own.issuperset(words.split()):
            return is_understood and heard.intent in _CONTROLS and sureness >= _HEARD_WELL
        if self._is_danger(heard, words) or self._is_pain(heard, words, own, sureness):
            return True
        if not is_understood:
            return False
        is_trouble = bool(heard.symptoms) or heard.intent in _TROUBLE
        return is_trouble or sureness >= _LEAST_HEARD

    def _is_danger(self, heard: Understanding, words: str) -> bool:
        level = self._levels.level(heard.symptoms, self._state.symptoms | heard.symptoms)
        if heard.intent is Intent.EMERGENCY or (level in _DANGEROUS and not heard.is_for_nobody):
            return True
        return self._surroundings.place(heard, words) is not None

    def _is_pain(
        self, heard: Understanding, words: str, own: frozenset[str], sureness: float
    ) -> bool:
        """Better to stop for nothing; only one word alone ("more", "ow") may be the own voice."""
        if len(set(words.split())) == 1 and sureness < _LEAST_HEARD:
            return False
        return heard.intent is Intent.WORSE or any(
            not own.issuperset(words[begin:end].split())
            for cries in self._cries
            for begin, end in cries.spans(words)
        )
