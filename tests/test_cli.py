"""The commands keep their contract: JSON out, exit statuses, one clear line for a mistake."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.command import COMMAND, in_foreground, objects, one_clear_line, voiceskill

TURN_FIELDS = [
    "heard", "intent", "said", "mode", "topic", "step", "steps", "asks", "asks_if", "urgency",
    "ended",
]  # fmt: skip


def test_each_utterance_gets_one_object_in_order() -> None:
    done = voiceskill("understand", given="my left calf is cramping\n\nplay some jazz\n")

    first, empty, music = objects(done.stdout)
    assert done.returncode == 0
    assert list(first) == [
        "text", "intent", "body_part", "side", "symptoms", "urgency", "confidence",
    ]  # fmt: skip
    assert (first["intent"], first["body_part"], first["side"]) == ("cramp_now", "calf", "left")
    assert (empty["text"], empty["intent"], empty["urgency"]) == ("", "none", None)
    assert music["intent"] == "none"


def test_a_symptom_brings_its_urgency() -> None:
    done = voiceskill("understand", given="my chest hurts and i can't breathe\n")

    (meaning,) = objects(done.stdout)
    assert meaning["symptoms"] == ["breathing_trouble", "chest_pain"]
    assert meaning["urgency"] == "emergency"


def test_the_chat_greets_answers_and_starts_anew() -> None:
    done = voiceskill("chat", "--json", given="what is a muscle spasm\n---\nmy chest hurts\n")

    turns = objects(done.stdout)
    assert [list(turn) for turn in turns] == [TURN_FIELDS] * 4
    assert [turn["heard"] for turn in turns] == [
        None, "what is a muscle spasm", None, "my chest hurts",
    ]  # fmt: skip
    assert turns[1]["mode"] == "answer"
    assert turns[2]["urgency"] is None
    assert turns[3]["urgency"] == "emergency"


def test_the_chat_answers_over_pipes_before_the_next_line_is_written() -> None:
    with subprocess.Popen(
        [*COMMAND, "chat", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as chat:
        assert chat.stdin is not None
        assert chat.stdout is not None
        greeting = json.loads(chat.stdout.readline())
        chat.stdin.write("my calf is cramping\n")
        chat.stdin.flush()
        turn = json.loads(chat.stdout.readline())
        chat.stdin.close()

    assert greeting["said"]
    assert turn["heard"] == "my calf is cramping"
    assert chat.returncode == 0


@pytest.mark.parametrize(
    ("region", "number"),
    [
        ([], "emergency number"),
        (["--region", "gb"], "nine nine nine"),
        (["--region", "US"], "nine one one"),
    ],
)
def test_the_emergency_number_follows_the_region(region: list[str], number: str) -> None:
    done = voiceskill("chat", "--json", *region, given="i have chest pain\n")

    said = " ".join(objects(done.stdout)[1]["said"])

    assert number in said.lower()


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["dance"], "dance"),
        (["hear"], "file"),
        (["hear", "missing.wav"], "missing.wav"),
        (["chat", "--region", "XX"], "XX"),
        (["talk", "--engine", "magic", "--input", "x.wav"], "engine"),
        (["talk", "--input", "missing.wav", "--output", "out.wav"], "missing.wav"),
        (["say"], "text"),
        (["say", "hello", "--voice", "nobody", "--output", "x.wav"], "nobody"),
        (["say", "hello", "--output", "no/such/folder/x.wav"], "no/such/folder"),
        (["models", "fetch", "no-such-model"], "no-such-model"),
    ],
)
def test_wrong_usage_and_bad_input_are_one_line_and_status_2(
    arguments: list[str], names: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    done = voiceskill(*arguments)

    assert done.returncode == 2
    assert names.lower() in one_clear_line(done).lower()
    assert list(tmp_path.iterdir()) == []


def _write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_files_that_are_no_sound_are_one_line_and_status_2(tmp_path: Path) -> None:
    whole = tmp_path / "whole.wav"
    soundfile.write(whole, np.zeros(1600, dtype=np.int16), 16_000)
    files = [
        _write(tmp_path / "empty.wav", b""),
        _write(tmp_path / "text.wav", b"this is no sound at all"),
        _write(tmp_path / "header.wav", whole.read_bytes()[:44]),
    ]

    for file in files:
        done = voiceskill("hear", file, "--json")

        assert done.returncode == 2
        assert file.name in one_clear_line(done)


def test_what_is_said_into_a_file_can_be_heard_again(tmp_path: Path) -> None:
    spoken = tmp_path / "spoken.wav"

    voiceskill("say", "Pull your toes up toward your shin.", "--output", spoken)
    heard = objects(voiceskill("hear", spoken, "--json").stdout)

    (utterance,) = heard
    assert "toes" in utterance["text"]
    assert 0 <= utterance["start"] < utterance["end"] <= soundfile.info(spoken).duration + 0.1
    assert [word["word"] for word in utterance["words"]] == utterance["text"].split()


def test_models_are_listed_and_verified() -> None:
    listed = voiceskill("models", "list")
    verified = voiceskill("models", "verify")

    assert "vosk-model-small-en-us-0.15" in listed.stdout
    assert "tiny.en" in listed.stdout
    assert (listed.returncode, verified.returncode) == (0, 0)


def test_the_doctor_finds_the_main_job_possible_here() -> None:
    done = voiceskill("doctor")

    assert done.returncode == 0, done.stdout
    for what in ("python", "prompts", "model", "engine", "vocabulary", "voice", "round trip"):
        assert what in done.stdout


def test_the_doctor_fails_when_the_voice_cannot_speak(tmp_path: Path) -> None:
    done = voiceskill("doctor", env={"ESPEAK_DATA_PATH": str(tmp_path)})

    assert done.returncode == 1
    assert "FAIL" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("arguments", [["chat"], ["understand"]])
@pytest.mark.parametrize(("sign", "status"), [(signal.SIGINT, 1), (signal.SIGTERM, 143)])
def test_ctrl_c_and_a_supervisor_end_it_with_one_line(
    arguments: list[str], sign: signal.Signals, status: int
) -> None:
    with subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=in_foreground,
    ) as process:
        time.sleep(3)
        process.send_signal(sign)
        _, errors = process.communicate(timeout=20)

    assert errors.strip() == "voiceskill: Stopped."
    assert process.returncode == status
