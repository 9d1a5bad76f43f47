"""People answer in their own words. Ten strangers said "no, just my leg" and were sent to call an
ambulance; so every patient of tests/cases/ is played once more with answers worded at random."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

import pytest

from tests.dialogue.simulate import Case, Visit, cases, visit
from tests.dialogue.talk import content, understand
from voiceskill.content.labels import Intent, Urgency
from voiceskill.content.loader import load_yaml
from voiceskill.content.model import Question, Strict
from voiceskill.dialogue.reading import read_answer
from voiceskill.dialogue.spotting import patterns, spotted
from voiceskill.dialogue.state import Reading
from voiceskill.dialogue.weighing import weighed, without_good_news
from voiceskill.nlu.normalise import normalise

RIGHT_AT_LEAST = 0.85
ANSWERS_ARE_LIKELY = frozenset({Intent.YES, Intent.NO, Intent.UNSURE})
QUESTIONS = list(content().questions.values())
ASKED_FOR_DANGER = [question for question in QUESTIONS if question.asserts_if == "yes"]


class Wordings(Strict):
    """natural_answers.yaml."""

    no: tuple[str, ...]
    yes: tuple[str, ...]
    unsure: tuple[str, ...]
    never_no: tuple[str, ...]


@cache
def wordings() -> Wordings:
    return load_yaml(Path(__file__).parent / "natural_answers.yaml", Wordings)


@cache
def visits() -> tuple[Visit, ...]:
    return tuple(visit(case, _worded_by_chance(case)) for case in cases())


def _worded_by_chance(case: Case) -> Callable[[str], str]:
    """Words for plain answers, drawn by a seed that is the patient's own."""
    random = Random(case.id)
    ways = {"no": wordings().no, "yes": wordings().yes, "not sure": wordings().unsure}
    return lambda plain: random.choice(ways[plain])


def _read(text: str, question: Question) -> Reading:
    phrases, words = content().phrases, normalise(text)
    heard = without_good_news(understand(text, ANSWERS_ARE_LIKELY), words, phrases)
    heard = weighed(question, heard, words, phrases)
    return read_answer(question, heard, words, frozenset(), phrases)


def _told(found: list[Visit]) -> str:
    return "\n\n".join(str(item) for item in found)


def test_there_are_enough_ways_to_say_it() -> None:
    assert len(set(wordings().no)) >= 60
    assert len(set(wordings().yes)) >= 40
    assert len(set(wordings().unsure)) >= 20
    assert len(set(wordings().never_no)) >= 200


def test_no_emergency_is_missed() -> None:
    missed = [item for item in visits() if item.too_low and item.case.level is Urgency.EMERGENCY]
    assert not missed, _told(missed)


def test_nobody_ends_below_their_level() -> None:
    low = [item for item in visits() if item.too_low]
    assert not low, _told(low)


def test_nearly_everybody_ends_at_exactly_their_level() -> None:
    wrong = [item for item in visits() if not item.right]
    assert len(wrong) <= (1 - RIGHT_AT_LEAST) * len(visits()), _told(wrong)


@pytest.mark.parametrize("text", [*wordings().never_no, *wordings().yes, *wordings().unsure])
def test_what_may_be_a_yes_clears_nothing(text: str) -> None:
    cleared = [item for item in ASKED_FOR_DANGER if _read(text, item) is Reading.CLEARED]
    # "Not often" is a no to "do they come often?", and written down there.
    assert not [item.id for item in cleared if not patterns(item.no).matches(normalise(text))]


@pytest.mark.parametrize("text", wordings().no)
def test_a_no_in_peoples_own_words_is_a_no(text: str) -> None:
    words = normalise(text)
    # "No, it just hurts" is no clear no to "does it hurt a lot?".
    asked = [item for item in ASKED_FOR_DANGER if not spotted(item.doubt, words)]
    assert asked
    assert not [item.id for item in asked if _read(text, item) is not Reading.CLEARED]
