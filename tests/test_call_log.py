"""What is remembered of a day: parts and times, in a file only by choice, gone after a day."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from voiceskill.call_log import DAY_S, CallLog, call_log_file
from voiceskill.content.labels import BodyPart
from voiceskill.dialogue.events import Heard
from voiceskill.settings import Settings
from voiceskill.skill import Conversations

NOW = 1_700_000_000.0


@pytest.fixture(autouse=True)
def data_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))


def test_what_was_sought_is_known_for_a_day() -> None:
    log = CallLog()
    log.note([BodyPart.CALF], NOW)
    assert log.within_a_day(NOW + DAY_S - 1) == {BodyPart.CALF}
    assert log.within_a_day(NOW + DAY_S) == frozenset()


def test_without_a_file_nothing_is_written(tmp_path: Path) -> None:
    CallLog().note([BodyPart.CALF], NOW)
    assert list(tmp_path.rglob("*.json")) == []


def test_a_file_holds_parts_and_times_only_and_is_removed_after_a_day(tmp_path: Path) -> None:
    file = tmp_path / "data" / "asked.json"
    CallLog(file).note([BodyPart.CALF, BodyPart.FOOT], NOW)
    assert json.loads(file.read_text()) == {"calf": NOW, "foot": NOW}
    assert CallLog(file).within_a_day(NOW + 60) == {BodyPart.CALF, BodyPart.FOOT}

    CallLog(file).note([], NOW + DAY_S)
    assert not file.exists()


def test_times_ahead_of_the_clock_do_not_count() -> None:
    log = CallLog()
    log.note([BodyPart.CALF], NOW)
    assert log.within_a_day(NOW - 60) == frozenset()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"calf": "x"}', '{"tail": 1}'])
def test_a_broken_file_is_written_anew(
    tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "asked.json"
    file.write_text(text)
    log = CallLog(file)
    assert log.within_a_day(NOW) == frozenset()
    assert "asked.json" in caplog.text
    log.note([BodyPart.CALF], NOW)
    assert CallLog(file).within_a_day(NOW) == {BodyPart.CALF}


def test_a_folder_that_cannot_be_written_is_told_and_does_no_harm(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no folder")
    log = CallLog(tmp_path / "file" / "asked.json")
    log.note([BodyPart.CALF], NOW)
    assert "is not remembered" in caplog.text
    assert log.within_a_day(NOW) == {BodyPart.CALF}


def test_the_next_conversation_of_a_run_knows_the_one_before() -> None:
    talks = Conversations(Settings())
    first = talks.next()
    first.handle(Heard("i'm in ireland and my calf is cramping"), 1.0)
    second = talks.next()
    assert second._state.sought_before == {BodyPart.CALF}
    assert second.region == "IE"


def test_only_by_choice_it_outlives_the_program() -> None:
    for remember in (False, True):
        talks = Conversations(Settings(remember=remember))
        talks.next().handle(Heard("my calf is cramping"), 1.0)
        talks.close()
        assert call_log_file().exists() is remember
    assert Conversations(Settings(remember=True)).next()._state.sought_before == {BodyPart.CALF}
    # Turned off again, what was kept is gone.
    Conversations(Settings()).next()
    assert not call_log_file().exists()
