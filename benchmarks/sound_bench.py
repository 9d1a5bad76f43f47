"""What is understood from sound beside what is understood from the text: utterances said by two
synthetic voices, in a quiet room and over noise, through the default recogniser."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein

from benchmarks.row import Row
from benchmarks.spoken import Hearer, Samples, rms, say
from voiceskill.audio.sound import SAMPLE_RATE
from voiceskill.audio.wav import read_wav, resample
from voiceskill.content.labels import Urgency
from voiceskill.data_files import data_file
from voiceskill.nlu.meaning import Understanding
from voiceskill.nlu.normalise import normalise
from voiceskill.tts.voices import open_voice
from voiceskill.understanding import load_nlu

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("VOICESKILL_TEST_DATA", ROOT / "../shared/data"))
BLIND = ROOT / "tests/nlu/blind_150.jsonl"
VOICES = ("en-us", "en-us+f5")
"""A man and a woman; of all variants of espeak two that whisper understands rather well."""
RATE_WPM = 150
UNSEEN_LINES = 70
HANDS_LINES = 20
EMERGENCY_LINES = 25
"""Said in all; each takes a second for the three rooms, and a section three minutes at most."""
ROOMS: dict[str, float | None] = {"quiet room": None, "noise 15 dB": 15.0, "noise 5 dB": 5.0}
"""How much louder than the noise the voice is, in dB."""
MOST_LOST_POINTS = 6.0
"""From sound in the quiet room against from text."""
LONG_WORD_LETTERS = 4
"""Shorter words carry no sign."""
Line = dict[str, Any]


@dataclass(frozen=True)
class Result:
    """A line as it was understood from its text and from what was heard of it."""

    line: Line
    heard: str
    from_text: Understanding
    from_sound: Understanding


def measure() -> list[Row]:
    """Unseen lines where they are at hand, lines of the examples always."""
    unseen = _drawn([line for path in _unseen() for line in _read(path)], UNSEEN_LINES)
    examples = [line for path in sorted(_examples()) for line in _read(path)]
    hands = _drawn(examples, HANDS_LINES)
    nlu = load_nlu()
    dangers = _drawn(
        [line for line in examples if _is_danger(nlu.understand(line["text"]))], EMERGENCY_LINES
    )
    groups = {"unseen": unseen, "examples": hands, "emergencies": dangers}
    results = _hear([line for lines in groups.values() for line in lines])
    rows = []
    for name, lines in groups.items():
        texts = {line["text"] for line in lines}
        of_group = {
            room: [result for result in found if result.line["text"] in texts]
            for room, found in results.items()
        }
        if lines and name != "emergencies":
            rows += _accuracy(name, of_group)
    return rows + _word_errors(results) + _emergencies(results)


def _hear(lines: Sequence[Line]) -> dict[str, list[Result]]:
    """Each line said by one of the voices and heard in every room."""
    nlu = load_nlu()
    noises = list(_noises())
    results: dict[str, list[Result]] = {room: [] for room in ROOMS}
    with closing(Hearer()) as hearer:
        for number, name in enumerate(VOICES):
            with closing(open_voice(name, cache=False)) as voice:
                for line in lines[number :: len(VOICES)]:
                    text = line["text"]
                    samples = say(voice, text, RATE_WPM)
                    noise = noises[_draw(text) % len(noises)]
                    for room, louder_db in ROOMS.items():
                        heard = hearer.hear(_mixed(samples, noise, louder_db))
                        results[room].append(
                            Result(line, heard, nlu.understand(text), nlu.understand(heard))
                        )
    return results


def _accuracy(group: str, results: dict[str, list[Result]]) -> list[Row]:
    rows = []
    for what, score in SCORES.items():
        lines = [result.line for result in results["quiet room"]]
        text = score(lines, [result.from_text for result in results["quiet room"]])
        rows.append(Row(f"{group}: {what} from text", text, "%"))
        for room, found in results.items():
            value = score(lines, [result.from_sound for result in found])
            bar = f"≥ {text - MOST_LOST_POINTS:.1f}" if room == "quiet room" else ""
            rows.append(Row(f"{group}: {what}, {room}", value, "%", bar))
    return rows


def _intents(lines: Sequence[Line], found: Sequence[Understanding]) -> float:
    right = [
        m.intent.value in (line["intent"], *line.get("accept", ()))
        for line, m in zip(lines, found, strict=True)
    ]
    return 100.0 * sum(right) / len(right)


def _parts(lines: Sequence[Line], found: Sequence[Understanding]) -> float:
    right = [
        (m.body_part and m.body_part.value) == line.get("body_part")
        for line, m in zip(lines, found, strict=True)
    ]
    return 100.0 * sum(right) / len(right)


def _symptoms(lines: Sequence[Line], found: Sequence[Understanding]) -> float:
    pairs = [
        ({sign.value for sign in m.symptoms}, set(line.get("symptoms") or ()))
        for line, m in zip(lines, found, strict=True)
    ]
    hits = sum(len(got & wanted) for got, wanted in pairs)
    total = sum(len(got) + len(wanted) for got, wanted in pairs)
    return 200.0 * hits / total if total else 100.0


SCORES: dict[str, Callable[[Sequence[Line], Sequence[Understanding]], float]] = {
    "intent": _intents,
    "body part": _parts,
    "symptoms F1": _symptoms,
}


def _word_errors(results: dict[str, list[Result]]) -> list[Row]:
    rows = []
    for room, found in results.items():
        pairs = [(normalise(r.line["text"]).split(), normalise(r.heard).split()) for r in found]
        wrong = sum(Levenshtein.distance(said, heard) for said, heard in pairs)
        total = sum(len(said) for said, _ in pairs)
        rows.append(Row(f"word errors, {room}", 100.0 * wrong / total, "%"))
    return rows


def _emergencies(results: dict[str, list[Result]]) -> list[Row]:
    """Of the lines that are an emergency as text: found, and lost though the words were heard."""
    rows = []
    for room, found in results.items():
        dangers = [result for result in found if _is_danger(result.from_text)]
        kept = sum(_is_danger(result.from_sound) for result in dangers)
        lost = sum(_holds(r) and not _is_danger(r.from_sound) for r in dangers)
        alarms = sum(_is_danger(r.from_sound) for r in found if not _is_danger(r.from_text))
        rows += [
            Row(f"emergencies found, {room}", 100.0 * kept / max(1, len(dangers)), "%"),
            Row(f"emergencies lost that were heard, {room}", lost, "", "0"),
            Row(f"emergencies made up, {room}", alarms, f"of {len(found) - len(dangers)}"),
        ]
    return rows


def _holds(result: Result) -> bool:
    """Whether what was heard has all the longer words of what was said."""
    said = normalise(result.line["text"]).split()
    long_words = {word for word in said if len(word) >= LONG_WORD_LETTERS}
    return long_words.issubset(normalise(result.heard).split())


def _is_danger(meaning: Understanding) -> bool:
    return meaning.urgency is Urgency.EMERGENCY


def _mixed(samples: Samples, noise: Samples, louder_db: float | None) -> Samples:
    if louder_db is None:
        return samples
    over = np.resize(noise, len(samples))
    wanted = rms(samples) * 10.0 ** (-louder_db / 20.0)
    mixed: Samples = samples + over * np.float32(wanted / max(rms(over), 1.0))
    return mixed


def _noises() -> Iterator[Samples]:
    """Recorded noises where they are at hand, else generated pink noise."""
    files = sorted((DATA / "speech/noise").glob("*.wav"))
    for path in files:
        yield resample(read_wav(path), SAMPLE_RATE).samples.astype(np.float32)
    if not files:
        white = np.fft.rfft(np.random.default_rng(1).normal(size=10 * SAMPLE_RATE))
        pink = np.fft.irfft(white / np.sqrt(np.arange(1, len(white) + 1)))
        yield (pink / np.abs(pink).max() * 10_000.0).astype(np.float32)


def _unseen() -> Iterator[Path]:
    yield from (path for path in (DATA / "utterances_dev.jsonl", BLIND) if path.exists())


def _examples() -> Iterator[Path]:
    return data_file("prompts/en/examples").glob("hand_*.jsonl")


def _read(path: Path) -> Iterator[Line]:
    """The lines of a file; of the development lines only the half that is never looked at."""
    for row in path.read_text(encoding="utf-8").splitlines():
        line: Line = json.loads(row)
        if path.parent != DATA or _draw(line["text"]) % 2:
            yield line


def _drawn(lines: Sequence[Line], count: int) -> list[Line]:
    """As good as drawn, but always the same."""
    return sorted(lines, key=lambda line: _draw(line["text"]))[:count]


def _draw(text: str) -> int:
    return int(hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest(), 16)
