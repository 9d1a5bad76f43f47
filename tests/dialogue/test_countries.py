"""The emergency number is that of the country that was set or said, and is never guessed."""

from __future__ import annotations

import pytest

from tests.dialogue.talk import Talk, content


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("i'm in australia", "zero zero zero"),
        ("I live in the UK", "nine nine nine"),
        ("we are in the United States", "nine one one"),
        ("i am in the u.s. right now", "nine one one"),
        ("i'm calling from new zealand", "one one one"),
        ("england", "nine nine nine"),
        ("set my country to germany", "one one two"),
    ],
)
def test_a_country_that_is_said_sets_the_number(words: str, number: str) -> None:
    talk = Talk()
    talk.say("my calf is cramping")
    question = talk.said[-1]
    talk.say(words)
    assert talk.said == ["Okay.", f"Your emergency number is {number}.", question]
    talk.say("i can't breathe")
    assert talk.said[0] == f"Call {number} now."


@pytest.mark.parametrize(
    "words",
    [
        "i was in australia last year",
        "my cousin in canada has cramps",
        "what if i'm in france",
        "do people in india get cramps",
        "i'm from germany",
        "i'm not in spain",
        "it hurts us all",
    ],
)
def test_a_country_that_is_only_mentioned_sets_nothing(words: str) -> None:
    talk = Talk()
    talk.say(words)
    talk.say("i can't breathe")
    assert talk.said[0] == "Call your emergency number now."


def test_said_with_the_cramp_it_is_taken_in_silently() -> None:
    talk = Talk()
    talk.say("i'm in ireland and my calf is cramping")
    assert talk.reply.status.mode == "triage"
    assert talk.session.region == "IE"


def test_said_in_the_emergency_the_call_is_told_with_the_number() -> None:
    talk = Talk()
    talk.say("i have chest pain")
    talk.say("what number do i call")
    assert talk.said[:2] == [
        "Call your emergency number now.",
        "Tell me your country, and I will say the number.",
    ]
    talk.say("i'm in singapore")
    assert talk.said[0] == "Call nine nine five now."


def test_what_was_said_counts_more_than_what_was_set() -> None:
    talk = Talk("GB")
    talk.say("i'm in spain")
    talk.say("i have chest pain")
    assert talk.said[0] == "Call one one two now."


def test_no_two_regions_are_called_the_same() -> None:
    called = [name for region in content().regions.values() for name in region.called]
    assert len(called) == len(set(called))
