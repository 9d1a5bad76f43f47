"""Reads an utterance as an answer to a yes/no question about warning signs."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from voiceskill.content.labels import Intent, Symptom
from voiceskill.content.model import Question
from voiceskill.dialogue.denial import Denial, Phrases
from voiceskill.dialogue.spotting import patterns
from voiceskill.dialogue.state import Reading
from voiceskill.nlu.meaning import Understanding

LEAST_SURE_OF_YES = 0.4
"""What is less surely a yes is asked again: "haha whatever" called an ambulance (0.31)."""


def read_answer(
    question: Question,
    heard: Understanding,
    words: str,
    denied: AbstractSet[Symptom],
    phrases: Phrases,
) -> Reading:
    """What ``heard`` (``words`` when normalised) answers.

    ``denied`` was denied until now; ``phrases`` are those of phrases.yaml: half a yes ("I think
    so"), what is no answer ("okay"), and what is a no in people's own words.

    The order is by danger: a sign that is named counts before any yes or no around it.
    """
    asked = frozenset(question.asserts)
    if asked & heard.symptoms:
        return Reading.ASSERTED
    own = _own_words(question, words)
    # "I think so" may be among a question's own words; it never clears anything.
    unsure = heard.intent is Intent.UNSURE or patterns(phrases["hedged"]).matches(words)
    if unsure and own in (None, Reading.CLEARED):
        return Reading.UNSURE
    if own is not None:
        return own
    if patterns(phrases["nods"]).matches(words):
        return Reading.OTHER
    if heard.intent is Intent.YES and heard.confidence >= LEAST_SURE_OF_YES:
        contradicts = bool(asked & heard.denied) and question.asserts_if == "yes"
        return Reading.OTHER if contradicts else _plain("yes", question)
    return _read_no(question, heard, words, denied, Denial(phrases))


def _read_no(
    question: Question,
    heard: Understanding,
    words: str,
    denied: AbstractSet[Symptom],
    denial: Denial,
) -> Reading:
    asked = frozenset(question.asserts)
    if denial.is_in_doubt(question, words):
        return Reading.OTHER
    if denial.is_plain(words):
        return _plain("no", question)
    if asked & heard.denied:
        # "No chest pain" is no answer to "chest pain or trouble breathing?".
        all_denied = asked <= (heard.denied | denied)
        return Reading.CLEARED if all_denied else Reading.PARTLY
    if len(asked) > 1 and denial.is_about(question, words):
        return Reading.PARTLY
    # What only looks like a no to the model ("always like that") is none.
    plain = heard.intent is Intent.NO and not heard.denied and denial.negates(words)
    return _plain("no", question) if plain else Reading.OTHER


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
