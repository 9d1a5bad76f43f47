"""What a trace has to hold, so that every millisecond of a turn can be told from it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.command import objects, one_clear_line, voiceskill
from voiceskill.audio.file_loudspeaker import FileLoudspeaker
from voiceskill.audio.file_microphone import FileMicrophone
from voiceskill.audio.sound import SAMPLE_RATE, Sound
from voiceskill.audio.wav import read_wav, resample, write_wav
from voiceskill.data_files import data_file
from voiceskill.happenings import Happening, WasHeard, WasRendered
from voiceskill.room import Room
from voiceskill.speaker import Speaker
from voiceskill.trace import Trace
from voiceskill.tts.voices import open_voice

QUIET = Sound(np.zeros(SAMPLE_RATE, np.int16), SAMPLE_RATE)


def _question(path: Path) -> Path:
    """Half a second of quiet, a recorded question, two seconds of quiet."""
    asked = resample(
        read_wav(next(data_file("prompts/en/demo").glob("*_heat_or_ice.ogg"))), SAMPLE_RATE
    )
    samples = np.pad(asked.samples, (SAMPLE_RATE // 2, 2 * SAMPLE_RATE))
    write_wav(path, Sound(samples, SAMPLE_RATE))
    return path


def test_a_trace_has_every_stage_of_a_turn_in_its_order(tmp_path: Path) -> None:
    trace = tmp_path / "trace.jsonl"

    done = voiceskill(
        "talk",
        *("--input", _question(tmp_path / "given.wav")),
        *("--output", tmp_path / "answer.wav"),
        *("--trace", trace),
        "--json",
    )

    traced = objects(trace.read_text(encoding="utf-8"))
    kinds = [event["event"] for event in traced]
    turn = kinds[kinds.index("heard") :]
    clocks = [event["clock"] for event in traced if event["event"] != "playing"]
    assert done.returncode == 0, done.stderr
    assert kinds == [event["event"] for event in objects(done.stdout)]
    assert kinds.index("speech") < kinds.index("heard")
    assert turn[:6] == ["heard", "understood", "status", "said", "rendered", "playing"]
    assert clocks == sorted(clocks)
    assert next(event["end_clock"] for event in traced if event["event"] == "heard") is None


def test_a_sentence_is_rendered_once_and_fetched_the_next_time(tmp_path: Path) -> None:
    told: list[Happening] = []
    voice = open_voice(None, cache=True, folder=tmp_path / "speech")
    room = Room(FileMicrophone(QUIET), FileLoudspeaker(tmp_path / "said.wav", SAMPLE_RATE))
    try:
        speaker = Speaker(voice, room, 145, told.append)
        speaker.rendered("Pull your toes up.")
        speaker.get_ready(iter(["Hold it there."]))
        speaker.rendered("Pull your toes up.")
        speaker.rendered("Hold it there.")
    finally:
        voice.close()

    assert told == [WasRendered(0.0, False), WasRendered(0.0, True), WasRendered(0.0, True)]


def test_the_end_of_a_voice_is_a_time_of_the_machine(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"

    with Trace(path, [].append) as trace:
        trace.write(WasHeard(2.5, "stop", 0.9, 2.0, 2.5, 1_002.50049))

    (line,) = path.read_text(encoding="utf-8").splitlines()
    fields = json.loads(line)
    assert fields.pop("clock") > 0
    assert fields == {
        "event": "heard",
        "at": 2.5,
        "text": "stop",
        "confidence": 0.9,
        "start": 2.0,
        "end": 2.5,
        "end_clock": 1_002.5,
    }


def test_a_trace_that_cannot_be_written_is_told_before_anything_is_opened(tmp_path: Path) -> None:
    done = voiceskill("talk", "--trace", tmp_path / "nowhere" / "trace.jsonl")

    assert done.returncode == 2
    assert "trace.jsonl" in one_clear_line(done)


def test_a_full_disk_ends_the_trace_and_not_the_conversation(tmp_path: Path) -> None:
    done = voiceskill(
        "talk",
        *("--input", _question(tmp_path / "given.wav")),
        *("--output", tmp_path / "answer.wav"),
        *("--trace", "/dev/full"),
        "--json",
    )

    events = objects(done.stdout)
    troubles = [event["message"] for event in events if event["event"] == "trouble"]
    assert (done.returncode, done.stderr) == (0, "")
    assert troubles == ["The trace /dev/full ends here: No space left on device."]
    assert events[-1]["event"] == "input_ended"


@pytest.mark.parametrize("option", ["--input", "--output"])
def test_a_trace_overwrites_no_other_file_of_the_conversation(tmp_path: Path, option: str) -> None:
    recording = _question(tmp_path / "given.wav")
    before = recording.read_bytes()

    done = voiceskill("talk", option, recording, "--trace", tmp_path / "." / "given.wav")

    assert done.returncode == 2
    assert f"{option} and --trace are both" in one_clear_line(done)
    assert recording.read_bytes() == before


def test_an_answer_overwrites_no_question(tmp_path: Path) -> None:
    recording = _question(tmp_path / "given.wav")

    done = voiceskill("talk", "--input", recording, "--output", recording)

    assert done.returncode == 2
    assert "--input and --output are both" in one_clear_line(done)
