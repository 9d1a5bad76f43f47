"""Asleep: what wakes the assistant, what does not, and what it costs to listen for it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from benchmarks.row import Row
from benchmarks.spoken import say
from benchmarks.stt_bench import RECORDINGS
from voiceskill.audio.sound import FRAME_SAMPLES, SAMPLE_RATE
from voiceskill.audio.wav import read_wav
from voiceskill.calls import Calls
from voiceskill.content.waking import default_waking
from voiceskill.settings import load_settings
from voiceskill.skill import open_recognizer
from voiceskill.tts.pyttsx3_voice import Pyttsx3Voice
from voiceskill.understanding import load_nlu
from voiceskill.waking import Sleeper, Woken

WAKE_PHRASE = "hey coach"
CALLS = (
    "hey coach",
    "hey coach, I've got a cramp",
    "hey coach, what helps against cramps",
    "hey coach, my calf is cramping",
    "I've got a cramp",
    "ow, my calf",
    "help me",
    "my leg is cramping",
    "I have a cramp in my foot",
    "somebody help me",
    "I can't breathe",
    "my chest hurts",
    "call an ambulance",
    "my calf has locked up",
    "please help me",
    "ouch, my leg is cramping",
    "my hamstring just seized up",
    "ow ow ow",
    "I've got a charley horse",
    "my husband has collapsed",
)
TALK = (
    "the striker has a cramp",
    "he went down with a cramp in the second half",
    "the coach is not happy with his team",
    "my coach said hello to everybody",
    "do you remember when you had a cramp in the pool",
    "she told me that her leg was cramping all night",
    "if I get a cramp I will stop",
    "the doctor asked whether his chest hurts",
    "can you help me with the dishes",
    "we took the coach to London",
    "bananas are said to be good against cramps",
    "the ambulance arrived ten minutes later",
    "her foot was stuck in the door",
    "hey Josh, dinner is ready",
    "a coach has to be patient",
    "my phone is dead again",
    "they say that stretching helps",
    "nobody could breathe in that heat",
    "I was dying to see that film",
    "the horse is called Charley",
)
VOICES = ("en-us", "en-gb-x-rp")
UNSEEN = Path(__file__).parent / "waking_unseen.yaml"
OTHER_VOICES = ("en-gb-scotland", "en-us+f3")
"""Voices that nothing was tuned with, for texts that nothing was tuned with."""
RATE_WPM = 145
ROOM_RMS = 30.0
NOISE_RMS = 600.0
"""A fan beside the microphone: 35 dB below full scale."""
BED_RMS = 150.0
CALL_S = 1.5
"""Quiet before and after a call."""
SHORT_S = 180.0
"""What is measured of each kind with the rest; the two hours take half an hour."""
LONG_S = 7200.0
TOLD_SAMPLES = 600 * SAMPLE_RATE
"""Every ten minutes of sound somebody who waits is told how far it is; a whole number of frames."""

Samples = NDArray[np.int16]


def measure() -> list[Row]:
    """Wakes found always; the rest where the recordings are."""
    with _sleeper() as sleeper:
        rows = [
            Row("wakes found, 2 voices", 100.0 * _woken_by(sleeper, CALLS, VOICES), "%", "≥ 90"),
            Row("woken by talk about it", 100.0 * _woken_by(sleeper, TALK, VOICES), "%"),
            *_on_unseen(sleeper),
            _cost(sleeper, "a quiet room", _noise(SHORT_S, ROOM_RMS), "≤ 8"),
            _cost(sleeper, "steady noise", _noise(SHORT_S, NOISE_RMS), "≤ 8"),
        ]
        return [*rows, *_left_alone(sleeper, SHORT_S)]


def measure_hours() -> list[Row]:
    """False wakes in two hours."""
    with _sleeper() as sleeper:
        return _left_alone(sleeper, LONG_S)


@contextmanager
def _sleeper() -> Iterator[Sleeper]:
    settings = load_settings()
    recognizer = open_recognizer(settings)
    understand = load_nlu(settings.language).understand
    try:
        yield Sleeper(recognizer, default_waking(settings.language), understand, WAKE_PHRASE)
    finally:
        recognizer.close()


def _on_unseen(sleeper: Sleeper) -> list[Row]:
    """What nobody tuned on: as text, and in voices that nobody tuned with."""
    unseen = yaml.safe_load(UNSEEN.read_text(encoding="utf-8"))
    calls, others = unseen["calls"]["kept"], unseen["others"]["kept"]
    judge = Calls(default_waking(), load_nlu().understand, WAKE_PHRASE).judge
    called, woken = (
        sum(judge(text) is not None for text in texts) / len(texts) for texts in (calls, others)
    )
    return [
        Row("unseen calls, as text", 100.0 * called, "%"),
        Row("woken by unseen others, as text", 100.0 * woken, "%"),
        Row("unseen calls found", 100.0 * _woken_by(sleeper, calls, OTHER_VOICES), "%"),
        Row("woken by unseen others", 100.0 * _woken_by(sleeper, others, OTHER_VOICES), "%"),
    ]


def _woken_by(sleeper: Sleeper, texts: Sequence[str], voices: Sequence[str]) -> float:
    """The share of the texts that wake, in all voices."""
    woken = 0
    for name in voices:
        voice = Pyttsx3Voice(name)
        try:
            for text in texts:
                room = _noise(CALL_S, ROOM_RMS)
                spoken = say(voice, text, RATE_WPM).clip(-32_768, 32_767).astype(np.int16)
                woken += bool(_wakes(sleeper, np.concatenate([room, spoken, room])))
        finally:
            voice.close()
    return woken / len(texts) / len(voices)


def _left_alone(sleeper: Sleeper, seconds: float) -> list[Row]:
    """False wakes and cost on people who talk about other things without end, and on noises."""
    if not any(RECORDINGS.rglob("*.wav")):
        reason = f"skipped: no recordings in {RECORDINGS}, set VOICESKILL_TEST_DATA"
        return [Row(reason, float("nan"), "")]
    begun = time.process_time()
    wakes = _wakes(sleeper, _others(seconds))
    cost = (time.process_time() - begun) / seconds
    for woken in wakes:
        sys.stderr.write(f"false wake: {woken.reason}: {woken.text}\n")
    hours = seconds / 3600.0
    return [
        Row(f"false wakes in {hours:.2g} h of talk and noises", len(wakes) / hours, "/h", "≤ 1"),
        Row("asleep, unbroken talk and noises", 100.0 * cost, "% of a core", "≤ 8"),
    ]


def _cost(sleeper: Sleeper, name: str, sound: Samples, bar: str) -> Row:
    begun = time.process_time()
    _wakes(sleeper, sound)
    share = (time.process_time() - begun) / (len(sound) / SAMPLE_RATE)
    return Row(f"asleep, {name}", 100.0 * share, "% of a core", bar)


def _wakes(sleeper: Sleeper, sound: Samples) -> list[Woken]:
    sleeper.reset()
    found = []
    whole = len(sound) - len(sound) % FRAME_SAMPLES
    for start in range(0, whole, FRAME_SAMPLES):
        if start and start % TOLD_SAMPLES == 0:
            minutes, of = (samples // SAMPLE_RATE // 60 for samples in (start, whole))
            sys.stderr.write(f"{minutes} of {of} min of sound\n")
        woken = sleeper.feed(sound[start : start + FRAME_SAMPLES].tobytes())
        if woken:
            found.append(woken)
            sleeper.reset()
    return found


def _noise(seconds: float, rms: float) -> Samples:
    random = np.random.default_rng(1)
    return random.normal(0.0, rms, round(seconds * SAMPLE_RATE)).astype(np.int16)


def _others(seconds: float) -> Samples:
    """Recorded sentences, words and noises, again and again in another order, as loud as they
    happen to be, with pauses as in talk, over a little noise."""
    random = np.random.default_rng(2)
    paths = [
        path for kind in ("english", "commands", "noise") for path in _recordings(RECORDINGS / kind)
    ]
    sound, at = _noise(seconds, BED_RMS).astype(np.float32), 0
    while at < len(sound):
        for index in random.permutation(len(paths)):
            samples = read_wav(paths[index]).samples * np.float32(10.0 ** random.uniform(-0.4, 0.2))
            end = min(len(sound), at + len(samples))
            if at < end:
                sound[at:end] += samples[: end - at]
            at += len(samples) + round(random.uniform(0.1, 1.5) * SAMPLE_RATE)
    return sound.clip(-32_768, 32_767).astype(np.int16)


def _recordings(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.rglob("*.wav"))
