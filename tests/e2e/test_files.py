"""Sound in, sound out: conversations from WAV to WAV through every stage with real engines."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from tests.command import COMMAND, LIMIT_S, in_foreground, objects, voiceskill
from voiceskill.audio.sound import SAMPLE_RATE, Sound
from voiceskill.audio.wav import read_wav, resample, write_wav
from voiceskill.data_files import data_file

RECORDED = data_file("prompts/en/demo")


def _file(folder: Path, *parts: Sound | float) -> Path:
    """A WAV of sounds and of seconds of quiet."""
    pieces = [
        np.zeros(int(part * SAMPLE_RATE), dtype=np.int16)
        if isinstance(part, float)
        else resample(part, SAMPLE_RATE).samples
        for part in parts
    ]
    path = folder / "speaker.wav"
    write_wav(path, Sound(np.concatenate(pieces), SAMPLE_RATE))
    return path


def _recorded(name: str) -> Sound:
    return read_wav(next(RECORDED.glob(f"*_{name}.ogg")))


def test_a_cramp_is_heard_and_helped(tmp_path: Path) -> None:
    answer = tmp_path / "answer.wav"
    given = _file(tmp_path, 0.5, _recorded("my_calf_is_cramping"), 2.0)

    done = voiceskill("talk", "--input", given, "--output", answer, "--json")

    events = objects(done.stdout)
    kinds = [event["event"] for event in events]
    heard = next(event for event in events if event["event"] == "heard")
    understood = next(event for event in events if event["event"] == "understood")
    assert done.returncode == 0, done.stderr
    assert kinds[0] == "started"
    assert kinds[-1] == "input_ended"
    assert (understood["intent"], understood["body_part"]) == ("cramp_now", "calf")
    assert 0.3 < heard["start"] < heard["end"] < soundfile.info(given).duration
    assert soundfile.info(answer).duration > 5
    assert kinds.index("heard") < len(kinds) - 1 - kinds[::-1].index("said")


def test_what_the_assistant_says_can_be_heard_in_its_file(tmp_path: Path) -> None:
    answer = tmp_path / "answer.wav"
    given = _file(tmp_path, 0.5, _recorded("heat_or_ice"), 2.0)

    voiceskill("talk", "--input", given, "--output", answer)
    heard = " ".join(u["text"] for u in objects(voiceskill("hear", answer, "--json").stdout))

    assert "cold" in heard or "ice" in heard
    assert "warm" in heard or "heat" in heard


def test_chest_pain_is_answered_with_the_emergency_number(tmp_path: Path) -> None:
    given = _file(tmp_path, 0.5, _recorded("chest"), 2.0)

    done = voiceskill(
        "talk", "--input", given, "--output", tmp_path / "a.wav", "--json", "--region", "GB"
    )

    events = objects(done.stdout)
    said = [event["text"] for event in events if event["event"] == "said"]
    assert {"event": "urgency", "urgency": "emergency"}.items() <= next(
        event for event in events if event["event"] == "urgency"
    ).items()
    assert any("nine nine nine" in sentence.lower() for sentence in said)


def test_nothing_but_silence_ends_the_conversation(tmp_path: Path) -> None:
    given = _file(tmp_path, 60.0)

    done = voiceskill("talk", "--input", given, "--output", tmp_path / "a.wav", "--json")

    events = objects(done.stdout)
    assert done.returncode == 0
    assert sum(event["event"] == "silence" for event in events) >= 2
    assert any(event["event"] == "status" and event["ended"] for event in events)


@pytest.mark.parametrize(
    ("rate", "subtype", "channels"),
    [(8_000, "PCM_16", 1), (44_100, "PCM_24", 2), (96_000, "FLOAT", 1), (16_000, "PCM_U8", 1)],
)
def test_any_wav_is_heard(tmp_path: Path, rate: int, subtype: str, channels: int) -> None:
    sound = resample(_recorded("cramp_in_calf"), rate)
    samples = np.stack([sound.samples] * channels, axis=1)
    samples = np.concatenate([samples, np.zeros((rate, channels), dtype=np.int16)])
    path = tmp_path / "given.wav"
    soundfile.write(path, samples, rate, subtype=subtype)

    (utterance,) = objects(voiceskill("hear", path, "--json").stdout)

    assert "cramp" in utterance["text"]


@pytest.mark.slow
def test_the_recorded_conversation_of_make_run_is_understood_throughout(tmp_path: Path) -> None:
    from voiceskill import happenings
    from voiceskill.content.loader import load_yaml
    from voiceskill.demo import Turn, _recording
    from voiceskill.settings import Settings
    from voiceskill.talking import talk
    from voiceskill.understanding import load_nlu

    turns = load_yaml(RECORDED / "turns.yaml", list[Turn])
    write_wav(tmp_path / "speaker.wav", _recording(turns, RECORDED))
    told: list[happenings.Happening] = []

    talk(Settings(), told.append, tmp_path / "speaker.wav", tmp_path / "answer.wav")

    nlu = load_nlu()
    heard = [h.meaning for h in told if isinstance(h, happenings.WasUnderstood)]
    spoken = [nlu.understand(turn.say) for turn in turns if turn.say]
    assert len(spoken) >= 10
    assert [m.intent for m in heard] == [m.intent for m in spoken]
    assert [m.symptoms for m in heard] == [m.symptoms for m in spoken]


def test_collecting_garbage_passes_over_the_texts_that_a_conversation_has_loaded(
    tmp_path: Path,
) -> None:
    """They are 90,000 objects; going through them stops the loudspeaker."""
    program = """
import gc, sys
from pathlib import Path
from voiceskill.settings import Settings
from voiceskill.talking import talk
talk(Settings(), lambda happening: None, *map(Path, sys.argv[1:]))
print(len(gc.get_objects()))
"""
    given, output = _file(tmp_path, 1.0), tmp_path / "answer.wav"

    left = subprocess.check_output(
        [sys.executable, "-c", program, str(given), str(output)], text=True, timeout=LIMIT_S
    )

    assert int(left) < 40_000


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_conversation_that_is_ended_leaves_no_process_and_no_half_file(
    tmp_path: Path, sign: signal.Signals
) -> None:
    given = _file(tmp_path, 600.0)
    output = tmp_path / "answer.wav"

    with subprocess.Popen(
        [*COMMAND, "talk", "--input", str(given), "--output", str(output), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=in_foreground,
    ) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["event"] == "started"
        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(sign)
        _, errors = process.communicate(timeout=30)
    _, alive = psutil.wait_procs(children, timeout=5)

    assert "Traceback" not in errors
    assert alive == []
    assert sorted(path.name for path in tmp_path.iterdir()) in (
        ["speaker.wav"],
        ["answer.wav", "speaker.wav"],
    )


@pytest.mark.slow
def test_run_without_a_microphone_shows_every_turn_and_names_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if list(Path("/proc/asound").glob("card*/pcm*")):
        pytest.skip("this machine has a real sound card")
    monkeypatch.chdir(tmp_path)
    # An empty folder with the mark of an earlier try: no test waits for a network.
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / ".fetch-tried").touch()

    done = voiceskill("run", env={"VOICESKILL_MODELS": str(tmp_path / "models")})

    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr
    for shown in ("speaker", "heard", "understood", "assistant"):
        assert sum(line.startswith(shown) for line in lines) >= 10
    written = tmp_path / done.stdout.split()[-1]
    assert soundfile.info(written).duration > 60
