"""The patients of tests/cases/, written from the clinical facts: nobody goes home too low."""

from __future__ import annotations

from collections import Counter
from functools import cache
from statistics import median

from tests.dialogue.simulate import Visit, cases, visit
from voiceskill.content.labels import Urgency

FEWEST = 120
RIGHT_AT_LEAST = 0.9
QUESTIONS_TO_A_LEVEL = 6
QUESTIONS_TO_A_STEP = 3


@cache
def visits() -> tuple[Visit, ...]:
    return tuple(visit(case) for case in cases())


def _told(found: list[Visit]) -> str:
    return "\n\n".join(str(item) for item in found)


def test_there_are_enough_patients_of_every_kind() -> None:
    counted = Counter(case.level for case in cases())
    assert counted.total() >= FEWEST
    assert len({case.id for case in cases()}) == counted.total()
    for level in Urgency:
        assert counted[level] >= FEWEST // 6, level


def test_no_emergency_is_missed() -> None:
    missed = [item for item in visits() if item.too_low and item.case.level is Urgency.EMERGENCY]
    assert not missed, _told(missed)


def test_nobody_ends_below_their_level() -> None:
    low = [item for item in visits() if item.too_low]
    assert not low, _told(low)


def test_nearly_everybody_ends_at_exactly_their_level() -> None:
    wrong = [item for item in visits() if not item.right]
    assert len(wrong) <= (1 - RIGHT_AT_LEAST) * len(visits()), _told(wrong)


def test_a_level_is_reached_in_few_questions() -> None:
    assert median(item.to_level for item in visits()) <= QUESTIONS_TO_A_LEVEL


def test_a_plain_cramp_gets_its_first_step_after_few_questions() -> None:
    slow = [
        item
        for item in visits()
        if item.case.level is Urgency.SELF_CARE and (item.to_step or 0) > QUESTIONS_TO_A_STEP
    ]
    assert not slow, _told(slow)


def test_every_plain_cramp_gets_help_before_its_outcome() -> None:
    """A stretch, where the patient did not ask for a check instead."""
    stretched = [item for item in visits() if item.to_step is not None]
    plain = [item for item in visits() if item.case.level is Urgency.SELF_CARE]
    assert len([item for item in plain if item in stretched]) >= RIGHT_AT_LEAST * len(plain)
