"""How an utterance is read as an answer: five outcomes, and only a plain no is a no."""

from __future__ import annotations

import pytest

from tests.dialogue.talk import content
from voiceskill.content.labels import Intent, Symptom
from voiceskill.content.model import Question
from voiceskill.dialogue.reading import read_answer
from voiceskill.dialogue.state import Reading
from voiceskill.nlu.meaning import Understanding
from voiceskill.nlu.normalise import normalise

CHEST, BREATH = Symptom.CHEST_PAIN, Symptom.BREATHING_TROUBLE
BOTH = Question(
    id="both",
    say="Any chest pain, or trouble breathing?",
    again="Does it hurt to breathe?",
    sources=("UI",),
    asserts=(CHEST, BREATH),
    if_unsure="emergency",
    no=("(they|both) [look] the same",),
    unsure=("it comes and goes",),
)
CAUSE = BOTH.model_copy(update={"asserts": (Symptom.UNKNOWN_CAUSE,), "asserts_if": "no"})


def _read(
    text: str,
    intent: Intent = Intent.NONE,
    present: tuple[Symptom, ...] = (),
    denied: tuple[Symptom, ...] = (),
    question: Question = BOTH,
    before: tuple[Symptom, ...] = (),
) -> Reading:
    heard = Understanding(
        text,
        intent=intent,
        symptoms=frozenset(present),
        denied=frozenset(denied),
        confidence=0.9,
    )
    phrases = content().phrases
    return read_answer(question, heard, normalise(text), frozenset(before), phrases)


@pytest.mark.parametrize(
    ("intent", "reading"),
    [
        (Intent.YES, Reading.ASSERTED),
        (Intent.NO, Reading.CLEARED),
        (Intent.UNSURE, Reading.UNSURE),
        (Intent.NONE, Reading.OTHER),
        (Intent.BETTER, Reading.OTHER),
        (Intent.NEXT, Reading.OTHER),
        (Intent.STOP, Reading.OTHER),
    ],
)
def test_plain_answers(intent: Intent, reading: Reading) -> None:
    assert _read("no" if intent is Intent.NO else "", intent) is reading


def test_what_only_looks_like_a_no_is_none() -> None:
    """The model of intents took "always like that" for a no."""
    assert _read("always like that", Intent.NO) is Reading.OTHER


def test_a_named_sign_outweighs_the_no_before_it() -> None:
    assert _read("no but my chest hurts", Intent.NO, present=(CHEST,)) is Reading.ASSERTED


def test_denying_one_of_two_signs_is_not_a_no() -> None:
    assert _read("no chest pain", Intent.NO, denied=(CHEST,)) is Reading.PARTLY
    assert _read("my chest is fine", denied=(CHEST,)) is Reading.PARTLY


def test_denying_the_rest_makes_it_a_no() -> None:
    assert _read("no chest pain", Intent.NO, denied=(CHEST,), before=(BREATH,)) is Reading.CLEARED
    assert _read("neither hurts", denied=(CHEST, BREATH)) is Reading.CLEARED


def test_denying_something_else_is_no_answer() -> None:
    assert _read("it isn't red", denied=(Symptom.REDNESS,)) is Reading.OTHER


def test_what_is_hardly_a_yes_is_asked_again() -> None:
    heard = Understanding("haha whatever mate", intent=Intent.YES, confidence=0.31)
    reading = read_answer(BOTH, heard, "haha whatever mate", frozenset(), content().phrases)
    assert reading is Reading.OTHER


def test_yes_with_a_denial_is_not_taken_for_either() -> None:
    assert _read("yes no chest pain", Intent.YES, denied=(CHEST,)) is Reading.OTHER


def test_the_questions_own_words_come_before_the_intent() -> None:
    assert _read("They look the same!", Intent.SAME) is Reading.CLEARED
    assert _read("it comes and goes", Intent.YES) is Reading.UNSURE


def test_half_a_yes_is_not_a_yes() -> None:
    heard = Understanding("I think so.", intent=Intent.YES, confidence=0.9)
    phrases = content().phrases
    assert read_answer(BOTH, heard, "i think so", frozenset(), phrases) is Reading.UNSURE
    assert read_answer(BOTH, heard, "yes", frozenset(), phrases) is Reading.ASSERTED


def test_own_words_must_be_the_whole_answer() -> None:
    assert _read("they look the same but i can't breathe") is Reading.OTHER


def test_a_question_that_asserts_on_no() -> None:
    assert _read("no", Intent.NO, question=CAUSE) is Reading.ASSERTED
    assert _read("yes", Intent.YES, question=CAUSE) is Reading.CLEARED


@pytest.mark.parametrize("question", content().questions.values(), ids=lambda item: item.id)
def test_no_bank_question_takes_unsure_for_no(question: Question) -> None:
    for text in ("not sure", "i don't know", "maybe", "i think so", "hard to say"):
        assert _read(text, Intent.UNSURE, question=question) is not Reading.CLEARED
