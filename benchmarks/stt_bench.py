"""How well and how fast whisper hears recordings of people: start, speed, word errors, answers."""

from __future__ import annotations

import csv
import os
import statistics
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from benchmarks.row import Row
from voiceskill.audio.sound import FRAME_SAMPLES, SAMPLE_RATE
from voiceskill.audio.wav import read_wav
from voiceskill.stt import whisper_engine
from voiceskill.stt.ear import Ear
from voiceskill.stt.plain_text import plain
from voiceskill.stt.recognizer import Expect, Expectation, Final
from voiceskill.stt.vad import VoiceActivity
from voiceskill.stt.whisper_engine import WhisperRecognizer

ROOT = Path(__file__).resolve().parents[1]
RECORDINGS = Path(os.environ.get("VOICESKILL_TEST_DATA", ROOT / "../shared/data")) / "speech"
ANSWERS = ("yes", "no", "stop")
PROMPT = (*ANSWERS, "next", "repeat", "pause")
UTTERANCE_S = 3.0
REPEATS = 20

Samples = NDArray[np.int16]


def measure() -> list[Row]:
    """The start always; the rest where the recordings are."""
    begun = time.perf_counter()
    recognizer = WhisperRecognizer()
    rows = [Row("whisper start", time.perf_counter() - begun, "s", "≤ 3")]
    try:
        if not RECORDINGS.is_dir():
            # A row that cannot be measured is shown as not a number, with the reason as its name.
            reason = f"skipped: no recordings in {RECORDINGS}, set VOICESKILL_TEST_DATA"
            return [*rows, Row(reason, float("nan"), "")]
        return [*rows, *_speed(recognizer), *_word_errors(recognizer), *_answers(recognizer)]
    finally:
        recognizer.close()


def _speed(recognizer: WhisperRecognizer) -> list[Row]:
    """A sentence cut or filled to three seconds, as the ear hands it over."""
    sentences = [_samples(path) for path, _ in _sentences()]
    length = round(UTTERANCE_S * SAMPLE_RATE)
    long_enough = [samples[:length] for samples in sentences if len(samples) >= length][:REPEATS]
    seconds = []
    for samples in long_enough:
        recognizer.expect(Expectation(Expect.OPEN, PROMPT))
        recognizer.begin(0.0)
        recognizer.feed(samples.tobytes())
        begun = time.perf_counter()
        recognizer.finish()
        seconds.append(time.perf_counter() - begun)
    middle = statistics.median(seconds)
    return [
        Row("whisper, 3 s utterance (median)", middle, "s", "≤ 0.15"),
        Row("whisper, real-time factor", middle / UTTERANCE_S, "of real time"),
    ]


def _word_errors(recognizer: WhisperRecognizer) -> list[Row]:
    """With the short look and with the 30 s that Whisper was trained on."""
    short = _error_rate(recognizer)
    usual = whisper_engine.CONTEXT_S
    whisper_engine.CONTEXT_S = whisper_engine.FULL_CONTEXT_S
    try:
        full = _error_rate(recognizer)
    finally:
        whisper_engine.CONTEXT_S = usual
    return [
        Row("whisper, word errors", short, "%", f"≤ {full + 1:.1f}"),
        Row("whisper, word errors with 30 s context", full, "%"),
    ]


def _error_rate(recognizer: WhisperRecognizer) -> float:
    wrong = total = 0
    for path, transcript in _sentences():
        said = plain(transcript).split()
        heard = _hear(recognizer, path, Expectation(Expect.OPEN))
        wrong += Levenshtein.distance(said, heard)
        total += len(said)
    return 100.0 * wrong / total


def _answers(recognizer: WhisperRecognizer) -> list[Row]:
    """Right answers, and other words, silences and noises that were taken for one."""
    expectation = Expectation(Expect.YES_NO, PROMPT)
    right = dict.fromkeys(ANSWERS, 0)
    spoken = dict.fromkeys(ANSWERS, 0)
    others = taken = 0
    commands = sorted((RECORDINGS / "commands").glob("*/*.wav"))
    noises = sorted((RECORDINGS / "noise").glob("*.wav"))
    for path in [*commands, *noises]:
        heard = set(_hear(recognizer, path, expectation))
        word = path.parent.name
        if word in right:
            spoken[word] += 1
            right[word] += heard == {word}
        else:
            others += 1
            taken += bool(heard & set(ANSWERS))
    rows = [
        Row(f'whisper, "{word}" right', 100.0 * right[word] / spoken[word], "%") for word in ANSWERS
    ]
    together = 100.0 * sum(right.values()) / sum(spoken.values())
    return [
        *rows,
        Row("whisper, yes/no/stop right", together, "%", "≥ 95"),
        Row("whisper, others taken for yes/no/stop", 100.0 * taken / others, "%", "≤ 3"),
    ]


def _hear(recognizer: WhisperRecognizer, path: Path, expectation: Expectation) -> list[str]:
    """The words of a recording, through ear and voice activity as in the assistant."""
    ear = Ear(recognizer, VoiceActivity())
    ear.listen_for(expectation)
    samples = _samples(path)
    texts = []
    for start in range(0, len(samples), FRAME_SAMPLES):
        for item in ear.feed(samples[start : start + FRAME_SAMPLES].tobytes()):
            if isinstance(item, Final):
                texts.append(item.text)
    last = ear.flush()
    return " ".join([*texts, last.text if last else ""]).split()


def _samples(path: Path) -> Samples:
    samples = read_wav(path).samples
    return np.pad(samples, (0, -len(samples) % FRAME_SAMPLES))


def _sentences() -> list[tuple[Path, str]]:
    folder = RECORDINGS / "english"
    with (folder / "transcripts.tsv").open(encoding="utf-8") as lines:
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        return [(folder / name, transcript) for name, transcript, *_ in rows]
