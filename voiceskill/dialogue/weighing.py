"""What is taken out of an answer before it counts: signs and commands that it does not hold."""

from __future__ import annotations

from dataclasses import replace

from voiceskill.content.labels import Intent, Symptom
from voiceskill.content.model import Question
from voiceskill.dialogue.denial import Denial, Phrases
from voiceskill.dialogue.spotting import patterns, spotted
from voiceskill.nlu.heard import outside
from voiceskill.nlu.meaning import Understanding
from voiceskill.nlu.spotter import Span

_MAY_BE_OLD = frozenset({Symptom.SWELLING, Symptom.WARMTH, Symptom.REDNESS})
"""What may be so on both sides for years, or come from a blanket."""

_SAID_AS_SUCH = {Intent.STOP: ("stop_words",), Intent.BETTER: ("better_words",)}
"""Intents that end a question about danger: no likeness will do, words of these lists must be
there."""

_SAID_IN_A_STRETCH = {
    Intent.STOP: ("stop_words",),
    Intent.BETTER: ("better_words", "feels_better"),
}
"""Likewise intents that end a stretch."""

_SAID_OTHERWISE = {Intent.STOP: ("wont_stop",), Intent.BETTER: ("wont_stop", "not_better")}
"""Lists of what holds such words and means the contrary: "it won't stop"."""


def weighed(
    question: Question, heard: Understanding, words: str, phrases: Phrases
) -> Understanding:
    """``heard`` as an answer to ``question``: without the signs that ``words`` call known or
    the same on both sides, and without commands that were not said as such."""
    asked = frozenset(question.asserts)
    needed = _SAID_AS_SUCH.get(heard.intent)
    if needed and not _is_said(heard.intent, needed, words, phrases):
        heard = replace(heard, intent=Intent.NONE)
    if is_known_state(question, heard, words, phrases):
        return replace(heard, symptoms=heard.symptoms - asked, urgency=None)
    return heard


def weighed_in_a_stretch(heard: Understanding, words: str, phrases: Phrases) -> Understanding:
    """``heard`` without an end that was not asked for ("it won't stop") and without relief that
    was not said; to stop for a mere likeness does no harm."""
    needed = _SAID_IN_A_STRETCH.get(heard.intent)
    if needed is None or _is_said(heard.intent, needed, words, phrases):
        return heard
    if any(spotted(phrases[name], words) for name in _SAID_OTHERWISE[heard.intent]):
        return replace(heard, intent=Intent.SAME)
    return heard if heard.intent is Intent.STOP else replace(heard, intent=Intent.NONE)


def without_good_news(heard: Understanding, words: str, phrases: Phrases) -> Understanding:
    """``heard`` without signs, where all of ``words`` says that something is well."""
    if not heard.symptoms or not Denial(phrases).is_good_news(words):
        return heard
    return replace(heard, symptoms=frozenset(), urgency=None)


def is_known_state(question: Question, heard: Understanding, words: str, phrases: Phrases) -> bool:
    """Whether a sign is only said to be old, on both sides, or of a plain cause."""
    found = frozenset(question.asserts) & heard.symptoms
    if not found or not found <= _MAY_BE_OLD:
        return False
    return spotted(phrases["known_state"], words) and not spotted(phrases["one_sided"], words)


def _is_said(intent: Intent, names: tuple[str, ...], words: str, phrases: Phrases) -> bool:
    """Whether words of the lists ``names`` are there, and not in what means the contrary."""
    otherwise = _spans(_SAID_OTHERWISE[intent], words, phrases)
    return bool(outside(_spans(names, words, phrases), otherwise))


def _spans(names: tuple[str, ...], words: str, phrases: Phrases) -> list[Span]:
    return [span for name in names for span in patterns(phrases[name]).spans(words)]
