"""Conversations as data, turn by turn (conversations/*.yaml)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.dialogue.talk import Talk
from voiceskill.content.labels import Symptom, Urgency
from voiceskill.content.loader import load_yaml
from voiceskill.content.model import Strict

FOLDER = Path(__file__).parent / "conversations"


class Turn(Strict):
    """What is said, and what the reply must show; fields left out are not looked at."""

    say: str
    mode: str | None = None
    topic: str | None = None
    step: int | None = None
    asks: tuple[Symptom, ...] | None = None
    asks_if: str | None = None
    urgency: Urgency | str | None = None
    first: str | None = None
    said: tuple[str, ...] = ()
    not_said: tuple[str, ...] = ()
    ended: bool = False


class Conversation(Strict):
    name: str
    region: str | None = None
    turns: tuple[Turn, ...]


def _conversations() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        conversations: list[Conversation] = load_yaml(path, list[Conversation])
        found += [pytest.param(item, id=f"{path.stem}: {item.name}") for item in conversations]
    return found


@pytest.mark.parametrize("conversation", _conversations())
def test_the_conversation_goes_as_written(conversation: Conversation) -> None:
    talk = Talk(conversation.region)
    for number, turn in enumerate(conversation.turns, 1):
        status = talk.say(turn.say).status
        spoken = " ".join(talk.said)
        shown = {
            "mode": status.mode,
            "topic": status.topic,
            "step": status.step,
            "asks": status.asks,
            "asks_if": status.asks_if,
        }
        for field in turn.model_fields_set & shown.keys():
            wanted = getattr(turn, field)
            assert shown[field] == wanted, f"turn {number} {turn.say!r}: {field}; said {spoken}"
        if "urgency" in turn.model_fields_set:
            urgency = status.urgency.value if status.urgency else "null"
            wanted = turn.urgency.value if isinstance(turn.urgency, Urgency) else turn.urgency
            assert urgency == wanted, f"turn {number} {turn.say!r}: said {spoken}"
        if turn.first:
            assert turn.first in talk.said[0], f"turn {number} {turn.say!r}: said {spoken}"
        for piece in turn.said:
            assert piece in spoken, f"turn {number} {turn.say!r}: said {spoken}"
        for piece in turn.not_said:
            assert piece not in spoken, f"turn {number} {turn.say!r}: said {spoken}"
        assert status.ended == turn.ended, f"turn {number} {turn.say!r}: said {spoken}"


def test_there_are_enough_conversations() -> None:
    assert len(_conversations()) >= 50
