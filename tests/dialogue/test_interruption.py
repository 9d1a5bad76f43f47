"""What is worth stopping for. In a sound server that stuttered the rest of the own voice was heard
as "more", and the assistant answered itself."""

from __future__ import annotations

import pytest

from voiceskill.settings import load_settings
from voiceskill.skill import new_session

SPEAKING = "Never rub a swollen, warm or red leg."


def _interrupts(text: str, confidence: float = 0.8) -> bool:
    return new_session(load_settings()).interrupts(text, confidence, SPEAKING)


@pytest.mark.parametrize("text", ["next", "repeat that", "pause", "it hurts more", "slower"])
def test_a_command_that_was_heard_well_interrupts(text: str) -> None:
    assert _interrupts(text)


@pytest.mark.parametrize("text", ["more", "more more", "next", "sorry"])
def test_a_command_that_was_guessed_does_not(text: str) -> None:
    assert not _interrupts(text, confidence=0.41)


@pytest.mark.parametrize(
    "text", ["stop", "i can't breathe", "call an ambulance", "it hurts more", "my feet tingle"]
)
def test_stop_and_danger_interrupt_however_they_were_heard(text: str) -> None:
    assert _interrupts(text, confidence=0.1)


@pytest.mark.parametrize("text", ["red leg", "never", "swollen"])
def test_what_is_being_said_does_not(text: str) -> None:
    assert not _interrupts(text)


@pytest.mark.parametrize(
    "text", ["what a lovely day", "turn the light on", "we ought to paint the fence"]
)
def test_other_talk_does_not(text: str) -> None:
    assert not _interrupts(text)
