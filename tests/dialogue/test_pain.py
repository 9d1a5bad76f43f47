"""Pain in the middle of a stretch. "So much pain" and "it's burning" were once answered "Good, I am
glad", and "it won't stop" ended the help."""

from __future__ import annotations

from itertools import product

import pytest

from tests.dialogue.talk import TO_THE_HOLD, TO_THE_STEPS, Talk, in_the_hold

AT = ("step", "hold", "check_in")
PAIN = (
    "so much pain",
    "it's burning",
    "it's hurting me",
    "it's hurting",
    "it's really painful",
    "it burns",
    "awful pain",
    "lots of pain",
    "it's hurting a lot",
    "it's killing me",
    "i can't bear it",
    "make it stop",
    "something tore",
    "my knee just gave way",
)
GOES_ON = (
    "it won't stop",
    "it doesn't stop",
    "i can't stop it",
    "it never stops",
    "it just keeps cramping",
    "it's not gone",
    "it refuses to stop",
    "it really just won't stop cramping on me",
    "why won't it stop",
)
EASED = (
    "it stopped",
    "it's stopped hurting",
    "it's not hurting anymore",
    "no more pain",
    "no pain",
    "it doesn't hurt",
    "it hurts less",
    "the burning has stopped",
    "phew",
    "at last",
    "that feels good",
    "i'm fine",
    "it's died down",
    "no more cramping",
    "i can move it again",
    "it wouldn't let go but now it's better",
)
DENIED = (
    "it's not getting better",
    "it's not hurting any less",
    "not a bit better",
    "it isn't loosening up",
    "no relief",
    "it was better but now it's back",
    "it stopped and then it started again",
    "no hurts",
    "no pain is still bad",
    "i don't think it's better",
    "it doesn't seem better",
    "nothing has eased",
)
NEITHER = ("it's biting", "it feels wrong", "it's awful", "it's gripping me", "it came right back")
"""Likened to relief by the model of intents, which knows none of them."""


def _talk(at: str) -> Talk:
    if at == "hold":
        return in_the_hold()
    talk = Talk()
    for text in TO_THE_STEPS if at == "step" else (*TO_THE_HOLD, "next"):
        talk.say(text)
    assert not talk.is_holding
    return talk


@pytest.mark.parametrize("at", AT)
@pytest.mark.parametrize("says", PAIN)
def test_pain_stops_the_stretch(says: str, at: str) -> None:
    talk = _talk(at)
    talk.say(says)
    assert "glad_better" not in talk.prompts
    assert talk.prompts[0] in ("stretch_stop_worse", "stretch_stop_now")
    assert talk.reply.status.mode == "triage"


@pytest.mark.parametrize("at", AT)
@pytest.mark.parametrize("says", GOES_ON)
def test_a_cramp_that_does_not_stop_is_no_wish_to_stop(says: str, at: str) -> None:
    talk = _talk(at)
    talk.say(says)
    assert talk.reply.status.mode == "stretch"
    assert "glad_better" not in talk.prompts


@pytest.mark.parametrize("at", AT)
@pytest.mark.parametrize(
    "says",
    [
        "stop",
        "please stop",
        "stop it won't let go",
        "that's enough",
        "i don't want to go on",
        "it's not stop",  # in two breaths, perhaps
    ],
)
def test_a_wish_to_stop_ends_the_stretch(says: str, at: str) -> None:
    talk = _talk(at)
    talk.say(says)
    assert talk.prompts == ["stretch_stopped"]


@pytest.mark.parametrize("says", EASED)
def test_relief_is_still_relief(says: str) -> None:
    talk = _talk("check_in")
    talk.say(says)
    assert talk.prompts[0] == "glad_better"


def test_a_guessed_yes_is_asked_about_again() -> None:
    talk = _talk("check_in")
    talk.say("please do something")
    assert talk.prompts == ["check_in_again_1"]


@pytest.mark.parametrize(
    ("says", "at"),
    [*product(DENIED, ["check_in"]), *product(NEITHER, AT)],
)
def test_nothing_eases_by_mere_likeness_or_when_it_is_denied(says: str, at: str) -> None:
    talk = _talk(at)
    talk.say(says)
    assert "glad_better" not in talk.prompts
    assert talk.reply.status.mode in ("stretch", "triage")


@pytest.mark.parametrize("says", ["it won't stop", "it just won't stop hurting"])
def test_a_cramp_that_does_not_stop_ends_no_questions(says: str) -> None:
    talk = Talk()
    talk.say("my calf is cramping")
    talk.say(says)
    assert talk.reply.status.mode == "triage"


def test_pain_that_is_less_stops_nothing() -> None:
    talk = _talk("check_in")
    talk.say("i'm not in so much pain")
    assert "stretch_stop_worse" not in talk.prompts


@pytest.mark.parametrize(
    ("says", "topic"),
    [("remember i'm driving", "R27-driving"), ("please remember i'm in the pool", "R27-water")],
)
def test_who_reminds_of_a_dangerous_place_is_there(says: str, topic: str) -> None:
    talk = _talk("step")
    talk.say(says)
    assert talk.prompts[0] == topic
