"""Whatever the prompts hold can be reached: each protocol in three wordings (reachable.yaml)."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import Field

from tests.dialogue.talk import Talk, content
from voiceskill.content.labels import Urgency
from voiceskill.content.loader import load_yaml
from voiceskill.content.model import Strict

MOST_QUESTIONS = 6


class Ways(Strict):
    number: int
    says: tuple[str, ...] = Field(min_length=3)


WAYS = load_yaml(Path(__file__).parent / "reachable.yaml", list[Ways])


def _healthy(talk: Talk) -> None:
    """Answer questions until there are none."""
    for _ in range(MOST_QUESTIONS):
        if not talk.reply.status.asks:
            return
        talk.say("yes" if talk.reply.status.asks_if == "no" else "no")


def test_every_protocol_has_its_ways() -> None:
    assert [ways.number for ways in WAYS] == list(range(1, 30))


@pytest.mark.parametrize(
    ("number", "says"),
    [(ways.number, says) for ways in WAYS for says in ways.says],
)
def test_a_protocol_is_reached(number: int, says: str) -> None:
    chest = {item.protocol: item for item in content().question_sets}.get(f"R{number}")
    talk = Talk()

    talk.say(says)
    _healthy(talk)

    status = talk.reply.status
    if chest:
        assert talk.session._state.part in chest.parts
        assert status.urgency is Urgency.DOCTOR_NOW
        return
    assert status.topic is not None, talk.said
    assert status.topic.split("-")[0] == f"R{number}"
