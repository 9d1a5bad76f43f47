"""The program as a whole: start, memory, and the way from a transcript to the first sample."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil

from benchmarks.row import Row
from voiceskill.audio.file_loudspeaker import FileLoudspeaker
from voiceskill.audio.sound import SAMPLE_RATE, Sound
from voiceskill.audio.wav import write_wav
from voiceskill.dialogue.actions import Say
from voiceskill.dialogue.events import Heard
from voiceskill.settings import Settings, load_settings
from voiceskill.skill import new_session
from voiceskill.tts.voice import Voice
from voiceskill.tts.voices import open_voice

COMMAND = [sys.executable, "-m", "voiceskill"]
RUNS = 5
UTTERANCES = ["my calf is cramping", "heat or ice", "what is a muscle spasm", "my chest hurts"]


def measure() -> list[Row]:
    """Each figure is the median of several runs on this machine."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        quiet = folder / "quiet.wav"
        write_wav(quiet, Sound(np.zeros(5 * SAMPLE_RATE, dtype=np.int16), SAMPLE_RATE))
        talk = ["talk", "--input", str(quiet), "--output", str(folder / "a.wav"), "--json"]
        whisper = [_start([*talk, "--engine", "whisper"]) for _ in range(RUNS)]
        chat = [_start(["chat", "--json"]) for _ in range(RUNS)]
        settings = load_settings()
        fresh, kept = _first_samples(settings, folder)
    return [
        _median("start to listening, whisper", [run[0] for run in whisper], "s", "≤ 3"),
        _median("memory, whisper", [run[1] for run in whisper], "MB", "≤ 500"),
        _median("start to listening, text chat", [run[0] for run in chat], "s", "≤ 1"),
        _median("memory, text chat", [run[1] for run in chat], "MB", "≤ 120"),
        _median("transcript to first sample, from the cache", kept, "ms", "≤ 60"),
        _median("transcript to first sample, rendered fresh", fresh, "ms", "≤ 300"),
    ]


def _median(name: str, values: list[float], unit: str, bar: str) -> Row:
    return Row(name, statistics.median(values), unit, bar)


def _start(arguments: list[str]) -> tuple[float, float]:
    """Seconds to the first line of output, and the memory of all processes then, MB."""
    began = time.perf_counter()
    with subprocess.Popen(
        [*COMMAND, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        json.loads(process.stdout.readline())
        seconds = time.perf_counter() - began
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(True)]
        memory = sum(member.memory_info().rss for member in family if member.is_running()) / 1e6
        process.stdin.close()
        process.stdout.read()
    return seconds, memory


def _first_samples(settings: Settings, folder: Path) -> tuple[list[float], list[float]]:
    """Milliseconds from a transcript to the first sample, rendered fresh and from the cache."""
    fresh: list[float] = []
    kept: list[float] = []
    for run in range(RUNS):
        voice = open_voice(settings.voice, cache=True, folder=folder / f"cache{run}")
        try:
            voice.render("Warm.", settings.rate)
            for text in UTTERANCES:
                fresh.append(_to_first_sample(settings, text, voice, folder))
                kept.append(_to_first_sample(settings, text, voice, folder))
        finally:
            voice.close()
    return fresh, kept


def _to_first_sample(settings: Settings, text: str, voice: Voice, folder: Path) -> float:
    session = new_session(settings)
    session.start(0.0)
    loudspeaker = FileLoudspeaker(folder / "first.wav", SAMPLE_RATE)
    began = time.monotonic()
    reply = session.handle(Heard(text), 1.0)
    first = next(action for action in reply.actions if isinstance(action, Say))
    loudspeaker.play(voice.render(first.sentences[0], settings.rate))
    assert loudspeaker.first_sample_at is not None
    return (loudspeaker.first_sample_at - began) * 1e3
