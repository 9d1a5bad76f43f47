"""What the recogniser made of the examples joins the training, but only where it still carries the
label of what was said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools.hear_examples import ANSWERS, HEARD, Spoken, sample, worth_keeping
from voiceskill.content.labels import Symptom
from voiceskill.data_files import data_file

EXAMPLES = data_file("prompts/en/examples")


def spoken(text: str, intent: str, *symptoms: str) -> Spoken:
    item: dict[str, object] = {"text": text, "intent": intent}
    return Spoken("hand_x", item | ({"symptoms": symptoms} if symptoms else {}), "en-us", 150)


def no_signs(text: str) -> frozenset[Symptom]:
    return frozenset()


def kept(lines: dict[str, tuple[Spoken, str]], taken: set[str]) -> list[str]:
    heard = {line.key: text for line, text in lines.values()}
    found = worth_keeping([line for line, _ in lines.values()], heard, taken, no_signs)
    return [item["text"] for items in found.values() for item in items]


def test_what_was_heard_otherwise_is_kept_with_its_label() -> None:
    line = spoken("my calf is cramping", "cramp_now")
    found = worth_keeping([line], {line.key: "my cat is cramping"}, set(), no_signs)
    assert found == {"hand_x": [{"text": "my cat is cramping", "intent": "cramp_now"}]}


@pytest.mark.parametrize(
    ("heard", "why"),
    [
        ("my calf is cramping", "as it was said"),
        ("", "nothing"),
        ("the card has a camping site", "too many wrong words"),
        ("my cat is sick", "a line that may not be learnt from"),
    ],
)
def test_what_teaches_nothing_or_wrong_is_dropped(heard: str, why: str) -> None:
    line = spoken("my calf is cramping", "cramp_now")
    taken = {"my calf is cramping", "my cat is sick"}
    assert kept({"a": (line, heard)}, taken) == [], why


def test_what_two_intents_are_heard_as_is_dropped() -> None:
    stop, back = spoken("stop it now", "stop"), spoken("step back now", "back")
    assert kept({"a": (stop, "step it now"), "b": (back, "step it now")}, set()) == []


def test_a_line_whose_sign_is_no_longer_there_is_dropped() -> None:
    line = spoken("i have a pain and my chest is tight", "report_symptom", "chest_pain")

    def found(text: str) -> frozenset[Symptom]:
        return frozenset({Symptom.CHEST_PAIN}) if "chest" in text else frozenset()

    lost = worth_keeping([line], {line.key: "i have a pain and my jet is tight"}, set(), found)
    assert lost == {}


def test_further_hands_do_not_move_the_sample() -> None:
    hands = sorted(EXAMPLES.glob("hand_*.jsonl"))[:2]
    alone = [line.key for line in sample(hands[:1])]
    assert [line.key for line in sample(hands)][: len(alone)] == alone


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob(f"{HEARD}*.jsonl")), ids=lambda p: p.name)
def test_no_answer_is_learnt_from_what_was_misheard(path: Path) -> None:
    intents = {json.loads(row)["intent"] for row in path.read_text(encoding="utf-8").splitlines()}
    assert intents.isdisjoint(ANSWERS)
