"""Everything the source article says, and every further question, is answered aloud when asked."""

from __future__ import annotations

import re
from functools import lru_cache

import pytest

from voiceskill.content.checks import all_lines
from voiceskill.content.labels import Intent
from voiceskill.content.loader import default_content
from voiceskill.content.model import Answer, Line
from voiceskill.data_files import data_file
from voiceskill.dialogue.actions import Reply, Say
from voiceskill.dialogue.events import Heard
from voiceskill.dialogue.session import Session
from voiceskill.nlu.content import load_nlu_content
from voiceskill.nlu.nlu import Nlu

# The claims of the source article, and the further questions of the clinical sheet.
FACTS = [f"S{number}" for number in range(1, 99)]
FURTHER_QUESTIONS = range(1, 50)
# What stands for {number} where no region is set.
NO_REGION_NUMBER = "your emergency number"

CONTENT = default_content()
QUESTIONS = [pytest.param(answer, id=answer.id) for answer in CONTENT.answers]
TOLD_IN_PARTS = [pytest.param(answer, id=answer.id) for answer in CONTENT.answers if answer.more]


@lru_cache(maxsize=1)
def nlu() -> Nlu:
    levels = {label: symptom.level for label, symptom in CONTENT.symptoms.items()}
    return Nlu(load_nlu_content(data_file("prompts/en/nlu")), levels)


def conversation() -> Session:
    session = Session(CONTENT, nlu().understand)
    session.start(now=0.0)
    return session


def said(reply: Reply) -> str:
    sentences = [s for action in reply.actions if isinstance(action, Say) for s in action.sentences]
    return " ".join(sentences)


def words(*lines: Line) -> str:
    return " ".join(line.say.replace("{number}", NO_REGION_NUMBER) for line in lines)


@pytest.mark.parametrize("fact", FACTS)
def test_every_claim_of_the_article_is_spoken(fact: str) -> None:
    assert fact in CONTENT.facts
    assert any(fact in line.sources for _, line in all_lines(CONTENT))


def test_every_claim_is_in_an_answer_that_can_be_asked_for() -> None:
    spoken = {s for answer in CONTENT.answers for line in answer.lines for s in line.sources}
    told_more = {s for answer in CONTENT.answers for line in answer.more for s in line.sources}
    assert set(FACTS) - spoken - told_more == set()


def test_every_further_question_has_an_answer() -> None:
    numbers = [int(found[1]) for a in CONTENT.answers if (found := re.match(r"q(\d\d)_", a.id))]
    assert sorted(numbers) == list(FURTHER_QUESTIONS)


def test_every_kind_of_question_has_one_answer_for_all_else() -> None:
    defaults = [answer.intent for answer in CONTENT.answers if answer.default]
    assert sorted(defaults) == sorted(intent for intent in Intent if intent.is_question)


def test_no_question_is_promised_two_answers() -> None:
    asked = [question for answer in CONTENT.answers for question in answer.ask]
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize("answer", QUESTIONS)
def test_its_questions_get_this_answer_first(answer: Answer) -> None:
    for question in answer.ask:
        # Given a fresh conversation, when the question is asked,
        reply = conversation().handle(Heard(question), now=1.0)
        # then the answer is the first thing said.
        assert (question, reply.status.topic) == (question, answer.id), reply.understanding
        assert said(reply).startswith(words(*answer.lines))


@pytest.mark.parametrize("answer", QUESTIONS)
def test_an_answer_ends_with_what_it_offers(answer: Answer) -> None:
    reply = conversation().handle(Heard(answer.ask[0]), now=1.0)
    offer = answer.offer or ("offer_more" if answer.more else None)
    said_after = (CONTENT.prompts[offer],) if offer else ()
    assert said(reply) == words(*answer.lines, *said_after)


@pytest.mark.parametrize("answer", TOLD_IN_PARTS)
def test_tell_me_more_reaches_every_chunk_in_turn(answer: Answer) -> None:
    # Given the answer was heard,
    session = conversation()
    session.handle(Heard(answer.ask[0]), now=1.0)
    for number, chunk in enumerate(answer.more):
        # when more is asked for, then the next chunk comes.
        reply = session.handle(Heard("tell me more"), now=2.0 + number)
        assert said(reply).startswith(words(chunk))
    # And when all was told, nothing is told twice.
    reply = session.handle(Heard("tell me more"), now=60.0)
    assert not any(words(chunk) in said(reply) for chunk in answer.more)


def test_danger_is_never_followed_by_an_offer_to_stretch() -> None:
    danger = {Intent.ASK_DANGER, Intent.ASK_WHEN_DOCTOR, Intent.ASK_NEURO_SIGNS}
    offered = [a.id for a in CONTENT.answers if a.intent in danger and a.offers == "stretch"]
    assert offered == []


def test_whoever_asks_about_rubbing_hears_of_the_clot() -> None:
    rubbing = [a for a in CONTENT.answers if a.intent is Intent.ASK_MASSAGE]
    assert rubbing
    assert all("swollen, warm or red" in words(*answer.lines) for answer in rubbing)
