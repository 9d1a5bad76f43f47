"""Every label of the label list is understood from the plainest ways to say it."""

from __future__ import annotations

import pytest

from tests.nlu.score import HERE, english
from voiceskill.content.labels import BodyPart, Intent, Side, Symptom
from voiceskill.content.loader import load_yaml

SAID: dict[str, dict[str, list[str]]] = load_yaml(
    HERE / "labels.yaml", dict[str, dict[str, list[str]]]
)


def said(kind: str) -> list[tuple[str, str]]:
    """Each text with its label."""
    return [(label, text) for label, texts in SAID[kind].items() for text in texts]


@pytest.mark.parametrize(
    ("kind", "labels"),
    [("intents", Intent), ("body_parts", BodyPart), ("sides", Side), ("symptoms", Symptom)],
)
def test_every_label_has_ways_to_say_it(
    kind: str, labels: type[Intent | BodyPart | Side | Symptom]
) -> None:
    assert set(SAID[kind]) == {label.value for label in labels}
    assert all(len(texts) >= 2 for texts in SAID[kind].values())


@pytest.mark.parametrize(("label", "text"), said("intents"))
def test_the_intent_is_understood(label: str, text: str) -> None:
    assert english().understand(text).intent == Intent(label)


@pytest.mark.parametrize(("label", "text"), said("body_parts"))
def test_the_body_part_is_understood(label: str, text: str) -> None:
    assert english().understand(text).body_part == BodyPart(label)


@pytest.mark.parametrize(("label", "text"), said("sides"))
def test_the_side_is_understood(label: str, text: str) -> None:
    assert english().understand(text).side == Side(label)


@pytest.mark.parametrize(("label", "text"), said("symptoms"))
def test_the_sign_is_understood(label: str, text: str) -> None:
    assert Symptom(label) in english().understand(text).symptoms
