"""Traces become turns, the turns a table and a picture."""

from __future__ import annotations

import json
import math
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.row import Row
from benchmarks.timeline import MOST_TURNS, measure, rows
from benchmarks.timeline_picture import LETTERS, draw
from benchmarks.trace_turns import Turn, read_turns
from voiceskill.errors import BadInputError

HEARD = {"event": "heard", "at": 8.0, "confidence": 0.9}

QUESTION = [
    {"clock": 100.0, "event": "started", "at": 0.0, "engine": "whisper", "voice": "v"},
    {"clock": 104.0, "event": "listening", "at": 4.0, "expects": "open"},
    {"clock": 106.1, "event": "speech", "at": 6.0},
    {**HEARD, "clock": 109.0, "text": "why do muscles cramp", "start": 6.0, "end": 8.0}
    | {"end_clock": 108.0},
    {"clock": 109.01, "event": "understood", "at": 9.0, "intent": "ask_causes"},
    {"clock": 109.01, "event": "status", "at": 9.0, "mode": "answer"},
    {"clock": 109.01, "event": "said", "at": 9.0, "text": "From stress."},
    {"clock": 109.03, "event": "rendered", "at": 9.0, "cached": False},
    {"clock": 109.05, "event": "playing", "at": 9.0},
    {"clock": 111.0, "event": "said", "at": 11.0, "text": "Or worry."},
    {"clock": 111.1, "event": "rendered", "at": 11.0, "cached": True},
    {"clock": 111.2, "event": "playing", "at": 11.0},
]

STOP = [
    {"clock": 112.5, "event": "cut", "at": 11.0, "spoken_s": 1.2},
    {**HEARD, "clock": 113.0, "text": "stop", "start": 12.0, "end": 12.6, "end_clock": 112.8},
    {"clock": 113.002, "event": "understood", "at": 13.0, "intent": "stop"},
    {"clock": 113.002, "event": "said", "at": 13.0, "text": "Okay, I have stopped."},
    {"clock": 113.0034, "event": "rendered", "at": 13.0, "cached": True},
    {"clock": 113.003, "event": "playing", "at": 13.0},
]

WHY = Turn("why do muscles cramp", "open", False, None, 106.0, 108.0, 109.0, 109.01, 109.03, 109.05)


def _trace(folder: Path, *events: dict[str, object], name: str = "a.jsonl", tail: str = "") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(event) + "\n" for event in events) + tail, encoding="utf-8")
    return path


def test_a_trace_is_split_into_what_was_said_and_when_it_was_answered(tmp_path: Path) -> None:
    asked, stopped = read_turns(_trace(tmp_path, *QUESTION, *STOP))

    assert asked == WHY
    assert (stopped.text, stopped.kind, stopped.cut, stopped.cached) == (
        "stop",
        "interruption",
        112.5,
        True,
    )
    assert stopped.began == pytest.approx(112.2)
    assert stopped.playing == stopped.rendered  # told in whole milliseconds, never before it


def test_a_cough_over_the_voice_is_no_turn_and_makes_none_of_the_next(tmp_path: Path) -> None:
    cough = [
        {"clock": 105.0, "event": "cut", "at": 4.0, "spoken_s": 1.0},
        {"clock": 105.9, "event": "ignored", "at": 5.9, "text": ""},
        {"clock": 105.95, "event": "playing", "at": 5.9},
    ]

    (turn,) = read_turns(_trace(tmp_path, *QUESTION[:2], *cough, *QUESTION[2:9]))

    assert turn == WHY


def test_what_is_said_in_a_hold_was_a_command(tmp_path: Path) -> None:
    (turn,) = read_turns(_trace(tmp_path, QUESTION[0], *QUESTION[2:9]))

    assert turn.kind == "command"


def test_a_turn_that_fails_halfway_is_not_measured(tmp_path: Path) -> None:
    trouble = {"clock": 109.02, "event": "trouble", "at": 9.0, "message": "gone"}

    assert read_turns(_trace(tmp_path, *QUESTION[:7], trouble, *QUESTION[7:9])) == []


def test_a_trace_of_a_file_has_no_turns_as_nobody_waited(tmp_path: Path) -> None:
    heard = {**QUESTION[3], "end_clock": None}

    assert read_turns(_trace(tmp_path, *QUESTION[:3], heard, *QUESTION[4:])) == []


@pytest.mark.parametrize(
    "tail",
    ['{"clock": 113.1, "event": "sa', "not a trace\n", '{"a": 1}\n', "[1]\n", "\xff\xfe\n"],
)
def test_a_torn_or_foreign_line_is_told_in_one_line(tmp_path: Path, tail: str) -> None:
    path = _trace(tmp_path, *QUESTION, tail=tail)

    with pytest.raises(BadInputError, match=r"a\.jsonl: line 13 is no event of a trace") as told:
        read_turns(path)

    assert "\n" not in str(told.value)


def test_a_trace_of_an_older_program_is_told_as_well(tmp_path: Path) -> None:
    heard = {key: value for key, value in QUESTION[3].items() if key != "end_clock"}

    with pytest.raises(BadInputError, match="line 1 "):
        read_turns(_trace(tmp_path, heard))


def test_the_table_has_median_and_ninetieth_percentile_of_each_span(tmp_path: Path) -> None:
    found = rows(read_turns(_trace(tmp_path, *QUESTION, *STOP)))

    assert [(row.name, round(row.value, 3), row.unit) for row in found] == [
        ("open question: end of speech to final, median of 1", 1000, "ms"),
        ("open question: end of speech to final, 90th percentile", 1000, "ms"),
        ("open question: end of speech to sound, median of 1", 1050, "ms"),
        ("open question: end of speech to sound, 90th percentile", 1050, "ms"),
        ("interruption: end of speech to final, median of 1", 200, "ms"),
        ("interruption: end of speech to final, 90th percentile", 200, "ms"),
        ("interruption: end of speech to sound, median of 1", 203.4, "ms"),
        ("interruption: end of speech to sound, 90th percentile", 203.4, "ms"),
        ("interruption: speech to cut, median of 1", 300, "ms"),
        ("interruption: speech to cut, 90th percentile", 300, "ms"),
        ("interruption: cut to final, median of 1", 500, "ms"),
        ("interruption: cut to final, 90th percentile", 500, "ms"),
        ("final to understood, median of 2", 6, "ms"),
        ("final to understood, 90th percentile", 10, "ms"),
        ("understood to rendered, cached, median of 1", 1.4, "ms"),
        ("understood to rendered, cached, 90th percentile", 1.4, "ms"),
        ("understood to rendered, fresh, median of 1", 20, "ms"),
        ("understood to rendered, fresh, 90th percentile", 20, "ms"),
        ("rendered to first sample, median of 2", 10, "ms"),
        ("rendered to first sample, 90th percentile", 20, "ms"),
    ]


def test_the_section_reads_all_traces_and_writes_the_picture(tmp_path: Path) -> None:
    _trace(tmp_path, *QUESTION)
    _trace(tmp_path, *STOP, name="b.jsonl")
    _trace(tmp_path, name="c.jsonl", tail="{")
    picture = tmp_path / "new" / "timeline.svg"

    found = measure(tmp_path, picture)

    assert found[0].name.startswith("skipped: ")
    assert "c.jsonl: line 1 is no event" in found[0].name
    assert len(_timelines(picture.read_text(encoding="utf-8"))) == 2


def test_without_traces_the_section_says_so_in_one_line(tmp_path: Path) -> None:
    (row,) = measure(tmp_path, tmp_path / "timeline.svg")

    assert "no turn is traced in" in row.name
    assert math.isnan(row.value)
    assert not (tmp_path / "timeline.svg").exists()


def _timelines(picture: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(picture).findall("{*}g[@class='turn']")


def test_the_picture_has_one_timeline_a_turn_with_its_numbers() -> None:
    turns = [WHY, Turn('"<&>" ' * 9, "new", True, 7.0, 6.5, 8.0, 8.5, 8.51, 8.52, 8.53)]

    picture = draw(turns, 2)

    first, second = _timelines(picture)
    assert [text.text for text in first.findall("{*}text")] == [
        "why do muscles cramp",
        "open question",
        "2000",
        "1000",
        "10 + 20 + 20",
        "1050 ms",
    ]
    label = second.findall("{*}text")[0].text
    assert label is not None
    assert len(label) <= LETTERS
    assert draw(turns, 2) == picture


def test_of_many_turns_some_from_beginning_to_end_are_drawn(tmp_path: Path) -> None:
    _trace(tmp_path, *QUESTION[1:9] * 50)
    picture = tmp_path / "timeline.svg"

    found: list[Row] = measure(tmp_path, picture)

    drawn = picture.read_text(encoding="utf-8")
    assert len(_timelines(drawn)) == MOST_TURNS
    assert "20 of 50 turns" in drawn
    assert any("median of 50" in row.name for row in found)
