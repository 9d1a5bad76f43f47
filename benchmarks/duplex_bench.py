"""Turn-taking on real streams of a virtual sound card: how soon the assistant falls silent,
goes on, answers; and whether it is reached through its own echo."""

from __future__ import annotations

import itertools
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.meter import Meter, ear, mouth
from benchmarks.row import Row
from tests.live import Live
from tests.virtual_card import VirtualCard, unavailable
from voiceskill.audio.sound import SAMPLE_RATE, Sound
from voiceskill.audio.wav import read_wav, resample, write_wav
from voiceskill.data_files import data_file
from voiceskill.settings import load_settings
from voiceskill.tts.voices import open_voice

TURNS = int(os.environ.get("VOICESKILL_BENCH_TURNS", "5"))
"""Of each kind; a published figure takes thirty."""

ROOT = Path(__file__).resolve().parents[1]
RECORDINGS = Path(os.environ.get("VOICESKILL_TEST_DATA", ROOT / "../shared/data")) / "speech"

PERSON_VOICE = "en-gb-x-rp+f3"
"""Of what no recording is at hand for: another voice than the assistant's."""

INTO_SPEECH_S = 1.2
"""The person begins so long after the assistant did."""

NOTICE_S = 4.0
"""What is not acted on within this time is lost."""

SPEECH_TO_ECHO_DB = -6.0

QUESTIONS = (
    "what is a muscle spasm",
    "why do muscles cramp",
    "who gets muscle cramps",
    "what helps a muscle cramp",
    "should i use heat or ice",
)


@dataclass
class Times:
    """Seconds, by what they are of, and what was acted on."""

    answer: list[float] = field(default_factory=list)
    silence: list[float] = field(default_factory=list)
    onward: list[float] = field(default_factory=list)
    acted_on: int = 0
    spoken_over: int = 0
    own_cuts: int = 0
    speaking_s: float = 0.0


class Rig:
    """A live assistant, a person, and ears on both."""

    def __init__(self, card: VirtualCard, folder: Path, live: Live) -> None:
        self.card, self.folder, self.live = card, folder, live
        self.person: Meter = ear(card)
        self.assistant: Meter = mouth(card)
        self.wavs = _Wavs(folder)
        self.times = Times()

    def close(self) -> None:
        self.person.__exit__(None, None, None)
        self.assistant.__exit__(None, None, None)

    def say(self, wav: Path) -> float:
        """Speak; the monotonic time at which the speech ended at the microphone."""
        began = time.monotonic()
        self.card.say(wav)
        done = time.monotonic()
        return self.person.last_sound(began, done) or done

    def until_quiet(self, quiet_s: float = 1.5) -> None:
        """Wait until the assistant has been silent for a while."""
        began = time.monotonic()
        while self.assistant.silent_since(began, quiet_s) is None:
            if time.monotonic() - began > 60:
                raise RuntimeError("the assistant does not stop talking")
            time.sleep(0.05)

    def first_answer(self, after: float) -> float | None:
        """When the assistant began to sound."""
        end = time.monotonic() + NOTICE_S
        while time.monotonic() < end:
            found = self.assistant.first_sound(after)
            if found is not None:
                return found
            time.sleep(0.02)
        return None

    def understood(self, intent: str, limit_s: float = NOTICE_S) -> bool:
        """Whether the assistant acts on an intent in time."""
        end = time.monotonic() + limit_s
        while (left := end - time.monotonic()) > 0:
            event = self.live.next(left)
            if event and event["event"] == "understood":
                return bool(event["intent"] == intent)
        return False

    def drain(self) -> list[str]:
        """The kinds of the events so far."""
        kinds = []
        while (event := self.live.next(0.05)) is not None:
            kinds.append(str(event["event"]))
        return kinds


class _Wavs:
    """What the person says, as files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[tuple[str, float | None, int], Path] = {}
        self._stops = sorted((RECORDINGS / "commands" / "stop").glob("*.wav"))

    def of(self, text: str, rms: float | None = None, take: int = 0) -> Path:
        """A text as a file, so loud that its speech has this RMS, if one is given."""
        key = (text, rms, take)
        if key not in self._kept:
            sound = self._sound(text, take)
            if rms is not None:
                samples = sound.samples.astype(np.float64)
                gain = rms / _rms(samples)
                sound = Sound((samples * gain).clip(-32_768, 32_767).astype(np.int16), sound.rate)
            path = self._folder / f"say{len(self._kept)}.wav"
            write_wav(path, sound)
            self._kept[key] = path
        return self._kept[key]

    def _sound(self, text: str, take: int) -> Sound:
        if text == "stop" and self._stops:
            return read_wav(self._stops[take % len(self._stops)])
        recorded = sorted(data_file("prompts/en/demo").glob(f"*_{text}.ogg"))
        if recorded:
            return resample(read_wav(recorded[take % len(recorded)]), SAMPLE_RATE)
        voice = open_voice(PERSON_VOICE, cache=False)
        try:
            return resample(voice.render(text, 150), SAMPLE_RATE)
        finally:
            voice.close()


def _rms(samples: np.ndarray) -> float:
    """Of the parts that sound."""
    loud = samples[np.abs(samples) > 0.02 * np.abs(samples).max()]
    return float(np.sqrt(np.mean(loud**2)))


def measure() -> list[Row]:
    """Latencies without echo; what is acted on and false alarms with it."""
    reason = unavailable()
    if reason:
        return [Row(f"skipped: {reason}", float("nan"), "")]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        dry = _conversation(folder, echo=False)
        wet = _conversation(folder, echo=True)
    return [
        # Below zero: the voice was cut before the word had ended.
        _median("end of 'stop' to silence", dry.silence, "≤ 0.5"),
        _median("end of 'next' to the next step", dry.onward, "≤ 0.7"),
        _median("end of an open question to the answer", dry.answer, "≤ 1.3"),
        Row(
            f"acted on over the echo at {SPEECH_TO_ECHO_DB:.0f} dB, of {wet.spoken_over}",
            100 * wet.acted_on / max(1, wet.spoken_over),
            "%",
            "≥ 90",
        ),
        Row(
            f"interrupts itself, in {wet.speaking_s / 60:.1f} min of talk to an empty room",
            wet.own_cuts,
            "times",
            "0",
        ),
    ]


def _median(name: str, values: list[float], bar: str) -> Row:
    value = statistics.median(values) if values else float("nan")
    return Row(f"{name}, whisper (median of {len(values)})", value, "s", bar)


def _conversation(folder: Path, *, echo: bool) -> Times:
    with VirtualCard() as card:
        if echo:
            card.echo()
        live = Live(card, "--engine", "whisper")
        rig = Rig(card, folder, live)
        try:
            live.until("said")
            rig.until_quiet()
            if echo:
                _talk_over(rig)
                _talk_to_nobody(rig)
            else:
                _ask_and_stop(rig)
                _go_on(rig)
            return rig.times
        finally:
            rig.close()
            live.close()


def _ask_and_stop(rig: Rig) -> None:
    """A question, its answer, and a "stop" into the answer."""
    for turn, question in zip(range(TURNS), itertools.cycle(QUESTIONS), strict=False):
        asked = rig.say(rig.wavs.of(question))
        answered = rig.first_answer(asked)
        if answered is None:
            rig.until_quiet()
            continue
        rig.times.answer.append(answered - asked)
        time.sleep(INTO_SPEECH_S)
        spoke = time.monotonic()
        stopped = rig.say(rig.wavs.of("stop", take=turn))
        began = time.monotonic()
        silent = None
        while silent is None and time.monotonic() - began < NOTICE_S:
            silent = rig.assistant.silent_since(spoke, 0.5)
            time.sleep(0.02)
        if silent is not None:
            rig.times.silence.append(silent - stopped)
        rig.until_quiet()


def _go_on(rig: Rig) -> None:
    """A stretch, step by step."""
    for _ in range(TURNS):
        if not _in_a_stretch(rig):
            continue
        asked = rig.say(rig.wavs.of("next"))
        step = rig.first_answer(asked)
        if step is not None and rig.understood("next"):
            rig.times.onward.append(step - asked)
        rig.until_quiet(0.6)


def _in_a_stretch(rig: Rig) -> bool:
    """Whether a step is being done; else one is begun."""
    rig.drain()
    last = [e for e in rig.live.seen if e["event"] == "status"][-1]
    if last["mode"] == "stretch" and (last["step"] or 0) < (last["steps"] or 0) - 1:
        return True
    for words in ("talk me through a hand stretch", "no", "no", "no"):
        rig.say(rig.wavs.of(words))
        rig.until_quiet()
        rig.drain()
        last = [e for e in rig.live.seen if e["event"] == "status"][-1]
        if last["mode"] == "stretch":
            return True
    return False


def _commands() -> Iterator[tuple[str, str]]:
    yield from itertools.cycle(
        (("stop", "stop"), ("next", "next"), ("repeat", "repeat"), ("pause", "pause"))
    )


def _talk_over(rig: Rig) -> None:
    """Commands into the answers, quieter than their echo."""
    loud = _own_rms() * 10 ** (SPEECH_TO_ECHO_DB / 20)
    for turn, (word, intent) in zip(range(TURNS), _commands(), strict=False):
        asked = rig.say(rig.wavs.of(QUESTIONS[turn % len(QUESTIONS)]))
        if rig.first_answer(asked) is None:
            rig.until_quiet()
            continue
        time.sleep(INTO_SPEECH_S)
        rig.drain()
        rig.times.spoken_over += 1
        rig.say(rig.wavs.of(word, loud, turn))
        rig.times.acted_on += rig.understood(intent)
        rig.until_quiet()
        if word == "pause":
            rig.say(rig.wavs.of("carry on"))
            rig.until_quiet()


def _talk_to_nobody(rig: Rig) -> None:
    """Answers that nobody speaks over."""
    for turn in range(TURNS):
        rig.drain()
        began = time.monotonic()
        rig.say(rig.wavs.of(QUESTIONS[turn % len(QUESTIONS)]))
        rig.drain()
        rig.until_quiet()
        rig.times.own_cuts += rig.drain().count("cut")
        rig.times.speaking_s += time.monotonic() - began


def _own_rms() -> float:
    settings = load_settings()
    voice = open_voice(settings.voice, cache=True)
    try:
        sound = voice.render("Pull your toes toward your shin, and hold it there.", settings.rate)
        return _rms(sound.samples.astype(np.float64))
    finally:
        voice.close()
