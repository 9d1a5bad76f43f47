"""The examples that ship are clean, and the check that says so finds what is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools.check_examples import EXAMPLES, Example, check, check_answers, development_texts, read
from voiceskill.content.loader import default_content


def shipped() -> list[Example]:
    faults: list[str] = []
    examples = list(read(EXAMPLES, faults))
    assert not faults
    return examples


def test_the_examples_are_clean() -> None:
    assert list(check(shipped(), development_texts())) == []


def test_the_questions_beside_the_answers_are_not_what_is_measured_on() -> None:
    assert list(check_answers(default_content("en").answers, development_texts())) == []


def test_a_question_that_is_measured_on_is_told_with_its_answer() -> None:
    answer = default_content("en").answers[0]
    faults = list(check_answers([answer], {answer.ask[1]}))
    assert len(faults) == 1
    assert answer.id in faults[0]
    assert answer.ask[1] in faults[0]


def test_there_are_enough_of_them() -> None:
    assert len(shipped()) >= 6000


def faults_of(folder: Path, *lines: str, unseen: frozenset[str] = frozenset()) -> list[str]:
    (folder / "hand_x.jsonl").write_text("\n".join(lines), encoding="utf-8")
    faults: list[str] = []
    examples = list(read(folder, faults))
    return faults + [fault for fault in check(examples, set(unseen)) if "hand_x" in fault]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ('{"text": "ow", "intent": "cramp"}', "intent"),
        ('{"text": "ow"}', "intent"),
        ('{"text": "ow", "intent": "cramp_now", "symptoms": ["ache"]}', "symptoms"),
        ('{"text": "ow", "intent": "cramp_now", "body_part": "knee"}', "body_part"),
        ('{"text": "ow", "intent": "cramp_now", "label": "x"}', "label"),
        ('{"text": "ow", "intent": ', "JSON"),
        ('{"text": "?!", "intent": "none"}', "no words"),
        ('{"text": "sue my face drops", "intent": "none", "symptoms": ["face_droop"]}', "danger"),
    ],
)
def test_a_bad_line_is_told_with_its_place(tmp_path: Path, line: str, word: str) -> None:
    (fault,) = faults_of(tmp_path, line)
    assert "hand_x.jsonl:1" in fault
    assert word in fault


def line(text: str, intent: str) -> str:
    return json.dumps({"text": text, "intent": intent})


def test_one_text_with_two_labels_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, line("go on", "next"), line("Go on!", "resume"))
    assert "hand_x.jsonl:1, hand_x.jsonl:2" in fault


def test_a_line_twice_by_one_hand_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, line("go on", "resume"), line("go on", "resume"))
    assert "twice" in fault


def test_a_line_that_is_measured_on_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, line("Go on", "resume"), unseen=frozenset({"go on"}))
    assert "delete" in fault
