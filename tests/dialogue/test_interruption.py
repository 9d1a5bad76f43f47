"""What is worth stopping for. In a sound server that stuttered the rest of the own voice was heard
as "more", and the assistant answered itself; and for long it talked on over "something popped"."""

from __future__ import annotations

import pytest

from tests.dialogue.talk import Talk
from voiceskill.settings import load_settings
from voiceskill.skill import new_session

SPEAKING = "Never rub a swollen, warm or red leg."
TAUGHT = "Say next when you are ready."


def _interrupts(text: str, confidence: float = 0.8, speaking: str = SPEAKING) -> bool:
    return new_session(load_settings()).interrupts(text, confidence, speaking)


@pytest.mark.parametrize("text", ["next", "repeat that", "pause", "it hurts more", "slower"])
def test_a_command_that_was_heard_well_interrupts(text: str) -> None:
    assert _interrupts(text)


@pytest.mark.parametrize("text", ["more", "more more", "next", "sorry", "ow"])
def test_a_word_that_was_guessed_does_not(text: str) -> None:
    assert not _interrupts(text, confidence=0.41)


@pytest.mark.parametrize(
    "text",
    [
        "stop",
        "i can't breathe",
        "call an ambulance",
        "it hurts more",
        "my feet tingle",
        "something popped",
        "you're hurting me",
        "oh god it hurts",
    ],
)
def test_stop_danger_and_pain_interrupt_however_they_were_heard(text: str) -> None:
    assert _interrupts(text, confidence=0.1)


@pytest.mark.parametrize(
    "text",
    [
        "ouch",
        "ow ow ow",
        "sharp pain",
        "i feel sick",
        "i'm so dizzy",
        "it hurts so bad",
        "it hurts so much",
        "that really hurts",
        "it's burning",
        "it's killing me",
        "my leg popped",
        "i felt a snap",
        "my knee gave way",
        "make it stop",
        "jesus help me",
        "help me mum",
        "i'm driving",
        "i'm on a ladder",
        "i'm in the pool",
    ],
)
def test_what_stops_the_stretch_in_the_quiet_stops_the_voice(text: str) -> None:
    assert _interrupts(text)


def test_what_is_dangerous_only_with_what_was_said_before_interrupts() -> None:
    talk = Talk()
    assert not talk.session.interrupts("i don't know why", 0.1, SPEAKING)
    talk.say("i take statins and my calf is cramping")
    assert talk.session.interrupts("i don't know why", 0.1, SPEAKING)


@pytest.mark.parametrize("text", ["red leg", "never", "swollen"])
def test_what_is_being_said_does_not(text: str) -> None:
    assert not _interrupts(text)


@pytest.mark.parametrize(
    ("text", "speaking"),
    [
        ("it hurts more", "Stop if it hurts more."),
        ("sharp pain", "Stop at once for any sharp pain."),
        ("chest pain", "Do you have any chest pain?"),
    ],
)
def test_pain_that_is_being_spoken_of_is_the_own_voice(text: str, speaking: str) -> None:
    assert not _interrupts(text, confidence=1.0, speaking=speaking)


@pytest.mark.parametrize(
    ("text", "speaking"), [("next", TAUGHT), ("repeat", "Or say repeat."), ("stop", "Or say stop.")]
)
def test_a_command_can_be_said_while_it_is_being_taught(text: str, speaking: str) -> None:
    assert _interrupts(text, confidence=0.9, speaking=speaking)


@pytest.mark.parametrize("text", ["next", "ready", "say"])
def test_the_own_voice_teaching_a_command_is_none(text: str) -> None:
    assert not _interrupts(text, confidence=0.51, speaking=TAUGHT)


def test_a_television_in_which_a_sign_of_danger_is_heard_does_not() -> None:
    heard = "and breathing the other town the market was closed on tuesday so we walked tomatoes"
    assert not _interrupts(heard)
    assert _interrupts("my breathing is getting harder and harder")


@pytest.mark.parametrize("text", ["yes", "no", "okay", "yes please", "no thanks"])
def test_half_a_question_has_no_answer(text: str) -> None:
    assert not _interrupts(text, confidence=1.0, speaking="Is one leg swollen or warm?")


@pytest.mark.parametrize(
    "text",
    [
        "what a lovely day",
        "turn the light on",
        "we ought to paint the fence",
        "it hurts to lose like that",
        "that must hurt",
        "no pain no gain",
        "this traffic is killing me",
        "put the kettle on",
        "my ears popped",
        "you're driving me mad",
        "do you remember when dad got a cramp in the pool",
        "he fell off his bike when he was twelve",
    ],
)
def test_other_talk_does_not(text: str) -> None:
    assert not _interrupts(text)
