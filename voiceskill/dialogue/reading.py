"""Reads an utterance as an answer to a yes/no question about warning signs."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from voiceskill.content.labels import Intent, Symptom
from voiceskill.content.model import Question
from voiceskill.dialogue.spotting import patterns
from voiceskill.dialogue.state import Reading
from voiceskill.nlu.meaning import Understanding


def read_answer(
    question: Question,
    heard: Understanding,
    words: str,
    denied: AbstractSet[Symptom],
    hedges: tuple[str, ...] = (),
) -> Reading:
    """What ``heard`` (``words`` when normalised) answers.

    ``denied`` was denied until now; ``hedges`` are templates of half a yes ("I think so").

    The order is by danger: a sign that is named counts before any yes or no around it.
    """
    asked = frozenset(question.asserts)
    if asked & heard.symptoms:
        return Reading.ASSERTED
    own = _own_words(question, words)
    # "I think so" may be among a question's own words; it never clears anything.
    unsure = heard.intent is Intent.UNSURE or (bool(hedges) and patterns(hedges).matches(words))
    if unsure and own in (None, Reading.CLEARED):
        return Reading.UNSURE
    if own is not None:
        return own
    if heard.intent is Intent.YES:
        contradicts = bool(asked & heard.denied) and question.asserts_if == "yes"
        return Reading.OTHER if contradicts else _plain("yes", question)
    all_denied = asked <= (heard.denied | denied)
    if heard.intent is Intent.NO:
        # "No chest pain" is no answer to "chest pain or trouble breathing?".
        return Reading.PARTLY if heard.denied and not all_denied else _plain("no", question)
    if not asked & heard.denied:
        return Reading.OTHER
    return Reading.CLEARED if all_denied else Reading.PARTLY


def _plain(word: str, question: Question) -> Reading:
    return Reading.ASSERTED if word == question.asserts_if else Reading.CLEARED


def _own_words(question: Question, words: str) -> Reading | None:
    if question.yes and patterns(question.yes).matches(words):
        return _plain("yes", question)
    if question.no and patterns(question.no).matches(words):
        return _plain("no", question)
    if question.unsure and patterns(question.unsure).matches(words):
        return Reading.UNSURE
    return None
