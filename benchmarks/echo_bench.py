"""What is left of the own voice in three simulated rooms, who is noticed and understood over it,
with one clock and with two that differ."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.row import Row
from tests.audio.echo_rooms import (
    ONE_CLOCK_PPM,
    OTHER_CLOCK_PPM,
    ROOMS,
    EchoRoom,
    clean,
    echo_of,
    heard,
    less_db,
    own_voice,
    spoken_in,
    voiced_rms,
)
from tests.simulated_card import SimulatedCard
from tests.simulated_talk import NOTHING, Command, talk
from voiceskill.audio.echo import available
from voiceskill.audio.sound import FRAME_SAMPLES, SAMPLE_RATE
from voiceskill.audio.wav import read_wav, resample
from voiceskill.settings import load_settings
from voiceskill.skill import new_session, open_recognizer
from voiceskill.stt.recognizer import Expect, Expectation
from voiceskill.tts.voices import open_voice

ROOT = Path(__file__).resolve().parents[1]
STOPS = Path(os.environ.get("VOICESKILL_TEST_DATA", ROOT / "../shared/data")) / (
    "speech/commands/stop"
)
OTHERS = ("next", "repeat", "pause")
"""Nobody recorded these: a second synthetic voice says them."""
OTHER_VOICE = "en+f3"
STOPS_A_LEVEL = 4
LEVELS_DB = (0, -6, -12, -20)
"""Of the person's voice against the echo."""
MAIN_LEVEL_DB = -6

WARM_UP_S = 24.0
EVERY_S = 3.0
"""From word to word."""
FOUND_WITHIN_S = 0.5
BEFORE_S = 0.7
AFTER_S = 0.4
"""What the recogniser gets around a word; the gate keeps a second."""
OWN_S = 100.0
"""Of the own voice, then it says the same again."""
ANSWERS_TO_NOBODY = 30
"""In each of four rooms: half an hour for each clock."""
JUMPS_EVERY_S = 12.0

CLOCKS = {ONE_CLOCK_PPM: "one clock", OTHER_CLOCK_PPM: "100 ppm apart"}

Samples = NDArray[np.int16]


@dataclass
class _Word:
    word: str
    level_db: int
    start: int
    """Samples from the beginning to its onset, and to its end."""
    end: int


def measure() -> list[Row]:
    """All of it, where the recordings and the extra ``aec`` are."""
    if not available() or not STOPS.is_dir():
        reason = f"echo skipped: it needs the extra aec and recordings in {STOPS}"
        return [Row(reason, float("nan"), "")]
    own, voices = own_voice(OWN_S), _Voices()
    try:
        rows = []
        for ppm, clock in CLOCKS.items():
            rows += _rows([_Scene(room, ppm, own, voices) for room in ROOMS], clock)
            rows += _conversations(ppm, clock, voices)
        return rows
    finally:
        voices.close()


def _rows(scenes: list[_Scene], clock: str) -> list[Row]:
    rows = []
    for scene in scenes:
        for kind, reduction_db in scene.reductions_db().items():
            rows.append(Row(f"echo less by {kind}, {scene.room.name}, {clock}", reduction_db, "dB"))
    for level_db in LEVELS_DB:
        found = [delay for scene in scenes for delay in scene.delays_s(level_db)]
        at = f"{level_db} dB, {clock}"
        rows.append(Row(f"gate found, {at}", _percent(d is not None for d in found), "%"))
        in_time = [delay for delay in found if delay is not None]
        if in_time:
            late_ms = 1e3 * float(np.median(in_time))
            rows.append(Row(f"gate after onset (median), {at}", late_ms, "ms", "≤ 250"))
        for kind in ("nothing", "AEC3", "linear"):
            right = [ok for scene in scenes for ok in scene.right(kind, level_db)]
            rows.append(Row(f"word right with {kind}, {at}", _percent(right), "%"))
    frames = sum(len(scene.cleaning.linear) for scene in scenes)
    cost_ms = 1e3 * sum(scene.cleaning.seconds for scene in scenes) / frames
    return [*rows, Row(f"canceller and gate, {clock}", cost_ms, "ms a frame (processor)", "≤ 6")]


def _conversations(ppm: float, clock: str, voices: _Voices) -> list[Row]:
    """The whole assistant: who is acted on, and what it does in an empty room."""
    bar = "≥ 90" if ppm == ONE_CLOCK_PPM else "≥ 70"
    commands = [Command(word, samples) for word, samples in voices.at(MAIN_LEVEL_DB)]
    acted: list[bool] = []
    cuts, minutes = 0, 0.0
    for room in (None, *ROOMS):
        person = talk(SimulatedCard(room, ppm), voices.recognizer, commands, MAIN_LEVEL_DB)
        acted += [right for _, right in person.acted_on]
        card = SimulatedCard(room, ppm)
        cuts += talk(card, voices.recognizer, [NOTHING] * ANSWERS_TO_NOBODY).cuts
        minutes += card.microphone.position_s / 60.0
    rows = [
        Row(f"acted on, {MAIN_LEVEL_DB} dB, {clock}, of {len(acted)}", _percent(acted), "%", bar),
        Row(f"interrupts itself in {minutes:.0f} min, {clock}", cuts, "times", "= 0"),
    ]
    return [*rows, _jumps(voices)] if ppm == ONE_CLOCK_PPM else rows


def _jumps(voices: _Voices) -> Row:
    """What the assistant does in an empty room while the sound server buffers anew."""
    cuts, jumps = 0, 0
    for room in ROOMS:
        card = SimulatedCard(room, jumps_every_s=JUMPS_EVERY_S)
        cuts += talk(card, voices.recognizer, [NOTHING] * ANSWERS_TO_NOBODY).cuts
        jumps += card.jumps
    return Row(f"interrupts itself, the echo having jumped {jumps} times", cuts, "times")


class _Voices:
    """Who speaks over the assistant, and the recogniser that hears them."""

    def __init__(self) -> None:
        settings = load_settings()
        self._stops = [("stop", read_wav(path).samples) for path in sorted(STOPS.glob("*.wav"))]
        voice = open_voice(OTHER_VOICE, cache=False)
        try:
            self._others = [
                (word, resample(voice.render(word, 160), SAMPLE_RATE).samples) for word in OTHERS
            ]
        finally:
            voice.close()
        self.recognizer = open_recognizer(settings)
        self.recognizer.expect(Expectation(Expect.COMMAND, new_session(settings).interruptions))

    def at(self, level_db: int) -> list[tuple[str, Samples]]:
        """Words to say at a level: every level has other people."""
        first = LEVELS_DB.index(level_db) * STOPS_A_LEVEL
        return [*self._stops[first : first + STOPS_A_LEVEL], *self._others]

    def is_right(self, word: _Word, sound: Samples) -> bool:
        """Whether the default recogniser hears the word in the sound around it."""
        start = word.start - round(BEFORE_S * SAMPLE_RATE)
        end = word.end + round(AFTER_S * SAMPLE_RATE)
        self.recognizer.begin(0.0)
        self.recognizer.feed(sound[start:end].tobytes())
        return word.word in self.recognizer.finish().text.split()

    def close(self) -> None:
        """Free the recogniser."""
        self.recognizer.close()


class _Scene:
    """The own voice and the words over it in one room, with one pair of clocks."""

    def __init__(self, room: EchoRoom, ppm: float, own: Samples, voices: _Voices) -> None:
        self.room = room
        self._ppm = ppm
        self._own = own
        self._voices = voices
        said = [(level_db, item) for level_db in LEVELS_DB for item in voices.at(level_db)]
        self._words, played, echo, person = self._placed(said)
        self.microphone = heard(echo, person)
        self.cleaning = clean(self.microphone, played)

    def reductions_db(self) -> dict[str, float]:
        """While nobody else speaks, once the filter has learned."""
        span = slice(round(12.0 * SAMPLE_RATE), round(WARM_UP_S * SAMPLE_RATE))
        sounds = {"AEC3": self.cleaning.residual, "linear": self.cleaning.linear}
        return {
            kind: less_db(self.microphone[span], np.concatenate(sound)[span])
            for kind, sound in sounds.items()
        }

    def delays_s(self, level_db: int) -> list[float | None]:
        """From the onset of each word to the gate; None where it did not open."""
        return [
            _delay_s(word, self.cleaning.fired) for word in self._words if word.level_db == level_db
        ]

    def right(self, kind: str, level_db: int) -> list[bool]:
        """Whether each word is recognised while the voice talks on."""
        sounds = {
            "nothing": self.microphone,
            "AEC3": np.concatenate(self.cleaning.residual),
            "linear": np.concatenate(self.cleaning.linear),
        }
        return [
            self._voices.is_right(word, sounds[kind])
            for word in self._words
            if word.level_db == level_db
        ]

    def _placed(
        self, said: list[tuple[int, tuple[str, Samples]]]
    ) -> tuple[list[_Word], Samples, NDArray[np.float32], NDArray[np.float32]]:
        """The words one after the other: their places, what is played, its echo, the person."""
        length = round((WARM_UP_S + EVERY_S * (len(said) + 1)) * SAMPLE_RATE)
        played = np.resize(self._own, length - length % FRAME_SAMPLES)
        echo = echo_of(played, self.room, self._ppm)
        person = np.zeros_like(echo)
        words = []
        for index, (level_db, (word, samples)) in enumerate(said):
            at = round((WARM_UP_S + EVERY_S * index) * SAMPLE_RATE)
            rms = voiced_rms(echo) * 10.0 ** (level_db / 20.0)
            person[at : at + len(samples)] += spoken_in(self.room, samples, rms)
            words.append(_Word(word, level_db, at + _onset(samples), at + len(samples)))
        return words, played, echo, person


def _delay_s(word: _Word, fired: list[int]) -> float | None:
    """From the onset of the word to the gate; None where it did not open."""
    latest = word.start + round(FOUND_WITHIN_S * SAMPLE_RATE)
    found = (at for at in fired if word.start < at <= latest)
    return next(((at - word.start) / SAMPLE_RATE for at in found), None)


def _onset(samples: Samples) -> int:
    """The first 10 ms that are a tenth as loud as the loudest."""
    step = round(0.01 * SAMPLE_RATE)
    frames = samples[: len(samples) // step * step].reshape(-1, step).astype(np.float64)
    levels = np.sqrt(np.mean(frames**2, axis=1))
    return int(np.flatnonzero(levels > levels.max() * 0.1)[0]) * step


def _percent(right: Iterable[bool]) -> float:
    return 100.0 * float(np.mean(list(right)))
