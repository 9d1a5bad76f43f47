"""All twenty-nine protocols of the clinical sheet are there as data, and fit to be followed."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from voiceskill.content.labels import BodyPart, Symptom
from voiceskill.content.loader import default_content
from voiceskill.content.model import HoldStep, Line, Step, Stretch

CONTENT = default_content()
STRETCHES = {stretch.id: stretch for stretch in CONTENT.stretches}
STEPS = {
    f"{stretch.id}.{place}": step
    for stretch in CONTENT.stretches
    for place, step in enumerate(stretch.steps, 1)
}
HOLDS = {name: (step, step.hold) for name, step in STEPS.items() if step.hold}

PROTOCOLS = set(range(1, 30))
CHEST = 17
"""The protocol of the chest: questions and never a stretch."""
PLACES = 27
"""The protocol of the road, the water and the stairs: places.yaml."""

MAX_WORDS_A_SENTENCE = 15
MAX_SENTENCES_A_STEP = 2
MAX_SENTENCES_AFTERWARDS = 2
SHORTEST_HOLD_S, LONGEST_HOLD_S = 3, 60
COUNTED_TO = {
    "five": 5,
    "ten": 10,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "one minute": 60,
}

RELIEVABLE = [part for part in BodyPart if part is not BodyPart.CHEST]
NUMB_SKIN = {Symptom.NUMBNESS, Symptom.NUMBNESS_NEW}


def number_of(name: str) -> int:
    """The number of a protocol: 7 of R7-lying."""
    found = re.match(r"R(\d+)(-|$)", name)
    assert found, f"{name} is no number of a protocol"
    return int(found[1])


def lines_of(stretch: Stretch) -> list[Line]:
    return [
        *stretch.steps,
        stretch.release,
        stretch.caution,
        *stretch.who_not,
        *stretch.aftercare,
    ]


def words(sentence: str) -> list[str]:
    return re.findall(r"[a-z']+", sentence.replace("{number}", "nine nine nine").lower())


def for_part(part: BodyPart, prevention: bool = False) -> list[Stretch]:
    found = [
        stretch
        for stretch in CONTENT.stretches
        if part in stretch.body_parts and stretch.prevention is prevention
    ]
    return sorted(found, key=lambda stretch: stretch.rank)


def asked_about() -> set[BodyPart]:
    return {part for questions in CONTENT.question_sets for part in questions.parts}


def test_every_protocol_is_there_as_data() -> None:
    stretches = {number_of(name) for name in STRETCHES}
    places = {number_of(place.id) for place in CONTENT.places}
    assert stretches == PROTOCOLS - {CHEST, PLACES}
    assert places == {PLACES}


def test_the_chest_is_asked_about_and_never_stretched() -> None:
    assert BodyPart.CHEST in asked_about()
    assert for_part(BodyPart.CHEST) == []
    assert for_part(BodyPart.CHEST, prevention=True) == []


@pytest.mark.parametrize("part", RELIEVABLE)
def test_every_other_part_has_questions_and_relief(part: BodyPart) -> None:
    assert part in asked_about()
    assert for_part(part)


@pytest.mark.parametrize("part", RELIEVABLE)
def test_two_stretches_for_one_part_never_share_a_rank(part: BodyPart) -> None:
    for prevention in (False, True):
        ranks = Counter(stretch.rank for stretch in for_part(part, prevention))
        assert [rank for rank, times in ranks.items() if times > 1] == []


@pytest.mark.parametrize("part", RELIEVABLE)
def test_who_cannot_stand_can_be_helped(part: BodyPart) -> None:
    assert [stretch.id for stretch in for_part(part) if stretch.position != "standing"]


@pytest.mark.parametrize("part", [p for p in RELIEVABLE if p is not BodyPart.ABDOMEN])
def test_a_pregnant_person_can_be_helped_anywhere_but_at_the_belly(part: BodyPart) -> None:
    assert [s.id for s in for_part(part) if Symptom.PREGNANCY not in s.not_if]


def test_the_belly_is_not_stretched_in_pregnancy() -> None:
    assert {s.id for s in for_part(BodyPart.ABDOMEN) if Symptom.PREGNANCY not in s.not_if} == set()


def test_nobody_pregnant_is_told_to_lie_flat_on_the_back() -> None:
    flat = {
        stretch.id
        for stretch in CONTENT.stretches
        for step in stretch.steps
        if re.search(r"\b(on your back|face up|[Ll]ie back)\b", step.say)
    }
    safe = {name for name, stretch in STRETCHES.items() if Symptom.PREGNANCY in stretch.not_if}
    assert flat - safe == set()


@pytest.mark.parametrize("part", ["calf", "leg", "foot", "toes", "quadriceps", "hamstring", "hip"])
def test_a_night_cramp_can_be_eased_in_bed(part: str) -> None:
    assert "lying" in {stretch.position for stretch in for_part(BodyPart(part))}


def test_the_best_stretch_for_a_sudden_cramp_is_offered_first() -> None:
    assert [s.id for s in for_part(BodyPart.CALF)][:3] == ["R1", "R1-sitting", "R2"]
    assert next(iter(for_part(BodyPart.LEG))).id == "R1"
    assert [s.id for s in for_part(BodyPart.QUADRICEPS)][:2] == ["R8", "R9"]
    assert for_part(BodyPart.CALF)[-1].id == "R29"


def test_only_the_bedtime_routine_is_for_prevention() -> None:
    assert {number_of(name) for name, s in STRETCHES.items() if s.prevention} == {28}


def test_the_thigh_is_eased_at_the_front_and_at_the_back() -> None:
    assert {8, 7} <= {number_of(stretch.id) for stretch in for_part(BodyPart.THIGH)}


@pytest.mark.parametrize(
    ("name", "facts"),
    [("R2", {"S78", "S79", "S80"}), ("R8", {"S81", "S82", "S83", "S84"})],
)
def test_the_two_stretches_of_the_article_are_told_step_by_step(name: str, facts: set[str]) -> None:
    told = {source for step in STRETCHES[name].steps for source in step.sources}
    assert facts <= told


@pytest.mark.parametrize("stretch", CONTENT.stretches, ids=lambda stretch: stretch.id)
def test_every_sentence_is_short_and_without_digits(stretch: Stretch) -> None:
    spoken = [sentence for line in lines_of(stretch) for sentence in line.sentences]
    spoken.append(stretch.spoken_name)
    assert [text for text in spoken if len(words(text)) > MAX_WORDS_A_SENTENCE] == []
    assert [text for text in spoken if re.search(r"[^A-Za-z ,.'{}]", text)] == []


@pytest.mark.parametrize("step", STEPS.values(), ids=list(STEPS))
def test_a_step_is_one_instruction(step: Step) -> None:
    assert len(step.sentences) <= (MAX_SENTENCES_A_STEP if step.hold else 1)
    assert not re.search(r"\b(then|after that|afterwards)\b", step.say.lower())
    # Only a hold asks for a second thing, to breathe: ", and" begins another instruction.
    assert step.hold or ", and " not in step.say


@pytest.mark.parametrize("stretch", CONTENT.stretches, ids=lambda stretch: stretch.id)
def test_what_forbids_every_stretch_is_not_repeated(stretch: Stretch) -> None:
    general = {item.label for item in CONTENT.symptoms.values() if item.forbids_stretch}
    assert set(stretch.not_if) & general == set()


@pytest.mark.parametrize("stretch", CONTENT.stretches, ids=lambda stretch: stretch.id)
def test_there_is_a_hold_a_warning_and_somebody_who_must_not(stretch: Stretch) -> None:
    assert [step for step in stretch.steps if step.hold]
    assert len(stretch.caution.sentences) <= MAX_SENTENCES_AFTERWARDS
    assert stretch.who_not
    for line in stretch.aftercare:
        assert len(line.sentences) <= MAX_SENTENCES_AFTERWARDS


@pytest.mark.parametrize(("step", "hold"), HOLDS.values(), ids=list(HOLDS))
def test_a_hold_is_counted_to_its_end(step: Step, hold: HoldStep) -> None:
    assert SHORTEST_HOLD_S <= hold.seconds <= LONGEST_HOLD_S
    assert list(hold.count) == sorted(set(hold.count))
    assert hold.count[-1] == hold.seconds


@pytest.mark.parametrize(("step", "hold"), HOLDS.values(), ids=list(HOLDS))
def test_a_hold_lasts_as_long_as_is_said(step: Step, hold: HoldStep) -> None:
    announced = re.search(r"(?:count to|for) ([a-z ]+)\.$", step.say)
    assert announced, step.say
    assert COUNTED_TO[announced[1]] == hold.seconds


@pytest.mark.parametrize(("step", "hold"), HOLDS.values(), ids=list(HOLDS))
def test_a_further_round_can_start_at_the_hold(step: Step, hold: HoldStep) -> None:
    # After the release the person has let go: "stay there" would leave them guessing where.
    assert not re.search(r"\b(stay|keep it) there\b", step.say.lower())


def test_warmth_and_cold_are_left_out_for_numb_skin() -> None:
    unguarded = [
        (stretch.id, line.say)
        for stretch in CONTENT.stretches
        for line in stretch.aftercare
        if re.search(r"\bwarm(th)?\b|\bcold\b", line.say) and not set(line.unless) >= NUMB_SKIN
    ]
    assert unguarded == []


def test_warmth_and_cold_are_never_told_without_their_limits() -> None:
    # The dialogue says aftercare in two parts: a warning of its own could come much later.
    bare = [
        (stretch.id, line.say)
        for stretch in CONTENT.stretches
        for line in stretch.aftercare
        if {"S76", "S77"} & set(line.sources) and not re.search(r"Never .*asleep", line.say)
    ]
    assert bare == []


def test_nobody_on_dialysis_is_told_to_drink() -> None:
    unguarded = [
        (stretch.id, line.say)
        for stretch in CONTENT.stretches
        for line in (*stretch.steps, *stretch.aftercare)
        if re.search(r"\b[Ss]ip\b", line.say)
        and Symptom.DIALYSIS not in {*line.unless, *stretch.not_if}
    ]
    assert unguarded == []
