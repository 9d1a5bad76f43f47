"""A stretch against later cramps: no cramp to ask after, and both sides."""

from __future__ import annotations

import pytest

from tests.dialogue.talk import Talk

LONGEST = 60


def _all_of_it(opening: str, end: str = "no") -> tuple[Talk, list[str]]:
    """The whole run, and all that was said in it."""
    talk, said = Talk(), []
    talk.say(opening)
    for _ in range(LONGEST):
        said += talk.said
        status = talk.reply.status
        if status.mode == "idle":
            return talk, said
        at_a_question = status.asks or talk.said[-1].endswith("?")
        talk.say(end if at_a_question else "next")
    raise AssertionError(f"no end: {said[-5:]}")


@pytest.mark.parametrize(
    "opening",
    [
        "give me a bedtime stretch",
        "talk me through a calf stretch before bed",
        "i don't have a cramp now, teach me a hand stretch",
        "talk me through a shoulder stretch before i play tennis",
    ],
)
def test_nobody_is_asked_whether_it_has_eased(opening: str) -> None:
    _, said = _all_of_it(opening)
    assert "Has it eased?" not in said
    assert not any("cramped" in sentence for sentence in said)
    assert any(sentence.startswith("Well done") for sentence in said)


def test_the_bedtime_routine_is_done_every_night() -> None:
    talk, said = _all_of_it("give me a bedtime stretch")
    assert "Do this every night before bed." in said
    assert "Shall we do the other side as well?" not in said
    assert talk.reply.status.urgency is None


def test_a_stretch_of_one_side_is_offered_for_the_other() -> None:
    _, said = _all_of_it("talk me through a hand stretch before i play")
    assert said.count("Shall we do the other side as well?") == 1
    assert "Do this every night before bed." not in said


def test_the_other_side_is_offered_only_once() -> None:
    talk = Talk()
    talk.say("talk me through a left hand stretch before i play")
    offers = 0
    for _ in range(LONGEST):
        if talk.reply.status.mode == "idle":
            break
        if talk.said[-1] == "Shall we do the other side as well?":
            offers += 1
            talk.say("yes")
        else:
            talk.say("no" if talk.reply.status.asks else "next")
    assert offers == 1


def test_feeling_good_in_a_routine_goes_on() -> None:
    talk = Talk()
    for text in ("give me a bedtime stretch", "no", "no", "no", "next"):
        talk.say(text)
    talk.say("that feels better")
    assert talk.reply.status.topic == "R28"
    assert talk.reply.status.mode == "stretch"
