"""Control words: what they change, and that they change nothing else."""

from __future__ import annotations

import pytest

from tests.dialogue.talk import Talk
from voiceskill.dialogue.actions import Listen
from voiceskill.stt.recognizer import Expect


@pytest.mark.parametrize(
    ("word", "field", "steps"),
    [
        ("slower", "rate_wpm", [130, 115]),
        ("faster", "rate_wpm", [160, 175, 190]),
        ("louder", "gain_db", [4.0, 8.0, 12.0]),
        ("quieter", "gain_db", [-4.0, -8.0, -12.0]),
    ],
)
def test_speech_changes_in_steps_up_to_a_limit(word: str, field: str, steps: list[float]) -> None:
    talk = Talk()
    talk.say("my calf is cramping")
    question = talk.said[-1]
    for value in steps:
        talk.say(word)
        assert [getattr(change, field) for change in talk.adjustments()] == [value]
        assert talk.said[-1] == question
    talk.say(word)
    assert talk.adjustments() == []
    assert "cannot speak any" in talk.said[0]
    assert talk.said[-1] == question


def test_an_answer_is_said_again_after_a_change_of_speed() -> None:
    talk = Talk()
    talk.say("what is a muscle spasm")
    answer = talk.said
    talk.say("slower")
    assert talk.said == answer


def test_speech_changes_in_an_emergency_too() -> None:
    talk = Talk()
    talk.say("i have chest pain")
    talk.say("louder")
    assert talk.adjustments()
    assert talk.said[0].startswith("Call")


@pytest.mark.parametrize(
    ("turns", "kind"),
    [
        ([], Expect.OPEN),
        (["my calf is cramping"], Expect.YES_NO),
        (["i have a cramp"], Expect.WHERE),
        (["my calf is cramping", "no", "no", "no"], Expect.COMMAND),
        (["i have chest pain"], Expect.COMMAND),
    ],
)
def test_what_is_listened_for_follows_from_what_was_asked(turns: list[str], kind: Expect) -> None:
    talk = Talk()
    for text in turns:
        talk.say(text)
    listen = talk.reply.actions[-1]
    assert isinstance(listen, Listen)
    assert listen.expectation.kind is kind
    assert listen.expectation.phrases
    assert listen.timeout_s > 0
