"""Endurance, some ten times as fast as the clock: two hours of talk in a simulated room, with the
real recogniser and the real voice, and one fault after the other. What only a real sound server can
do wrong, ``soak_bench`` tries at the pace of the clock."""

from __future__ import annotations

import itertools
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.left_over import threads, threads_left
from benchmarks.memory import growth
from benchmarks.row import Row
from tests.audio.echo_rooms import ROOMS
from tests.simulated_card import SimulatedCard
from tests.simulated_talk import PERSON_RMS, QUESTIONS, THINKS_S, Over, Samples, converse, spoken
from voiceskill.audio.echo import available
from voiceskill.errors import AudioError
from voiceskill.happenings import Happening, Listening, Trouble, WasUnderstood
from voiceskill.settings import load_settings
from voiceskill.stt.recognizer import Final
from voiceskill.stt.watched_recognizer import WatchedRecognizer
from voiceskill.stt.whisper_engine import WhisperRecognizer
from voiceskill.tts.cache import CachedVoice
from voiceskill.tts.pyttsx3_voice import Pyttsx3Voice
from voiceskill.tts.shared_voice import SharedVoice

HOURS = float(os.environ.get("VOICESKILL_BENCH_HOURS", "2"))

FAULT_EVERY_S = 150.0
"""Of sound."""

HANG_S = 12.0
"""Longer than the assistant waits for an engine, however long the utterance."""

END_LIMIT_S = HANG_S + 3.0
"""By then an engine that hung at the end has come back, and is closed."""

TURNS = ("next", "repeat", "no", "slower", "faster", "stop")


class Breakable(WhisperRecognizer):
    """Raises or hangs with the next utterance, when it is told to."""

    mischief: Callable[[], None] | None = None

    def finish(self) -> Final:
        """Recognise the utterance, or not."""
        mischief, Breakable.mischief = Breakable.mischief, None
        if mischief:
            mischief()
        return super().finish()


class Forgetful(CachedVoice):
    """Forgets what it rendered when it is told to: what is kept needs no renderer."""

    def forget(self) -> None:
        """From now on every sentence is rendered anew."""
        self._memory.clear()
        shutil.rmtree(self._folder, ignore_errors=True)


class BreakableCard(SimulatedCard):
    """Is lost when it is told to, and found again after some attempts."""

    attempts = 0

    def lose(self, attempts: int) -> None:
        """From now on there is no sound."""
        self.attempts = attempts
        self.microphone.lost = AudioError("The microphone is gone: the endurance test took it.")

    def recover(self, tell: Callable[[str], None], *, named_only: bool) -> bool:  # noqa: ARG002
        """Whether it is back."""
        self.attempts -= 1
        if self.attempts > 0:
            tell("No microphone was found.")
            return False
        self.microphone.lost = None
        self.loudspeaker.close()
        return True


@dataclass
class Fault:
    """What was done, and what has to be told of it."""

    name: str
    told: str
    at: float


@dataclass
class LongTalk:
    """The person, and what goes wrong."""

    card: BreakableCard
    voice: Forgetful
    troubles: list[str]
    """What engine and voice told."""
    seconds: float
    said: Sequence[Samples]
    faults: list[Fault] = field(default_factory=list)
    unannounced: list[Fault] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)
    turns: int = 0
    last_turn_at: float = 0.0
    _random: random.Random = field(default_factory=lambda: random.Random(11))
    _kinds: list[str] = field(default_factory=list)

    def notice(self, happening: Happening) -> None:
        """Speak when it is the person's turn, break something now and then. Raises Over."""
        now = self.card.microphone.position_s
        if isinstance(happening, Trouble):
            self.troubles.append(happening.message)
        elif isinstance(happening, WasUnderstood):
            self.turns += 1
            self.last_turn_at = now
        elif isinstance(happening, Listening):
            if now > self.seconds:
                raise Over
            self._break(now)
            self.card.say(self._random.choice(self.said), PERSON_RMS, THINKS_S)

    def settle(self) -> None:
        """By the next fault, or the end, the last one has to have been told."""
        told, self.troubles[:] = " ".join(self.troubles), []
        self.unannounced += [fault for fault in self.faults[-1:] if fault.told not in told]

    def _break(self, now: float) -> None:
        if self.faults and now - self.faults[-1].at < FAULT_EVERY_S:
            return
        self.settle()
        self.memory_mb.append(psutil.Process().memory_info().rss / 1e6)
        self._kinds = self._kinds or self._random.sample(list(TOLD), len(TOLD))
        name = self._kinds.pop()
        self.faults.append(Fault(name, TOLD[name], now))
        sys.stderr.write(f"\r{now / 60:.0f} of {self.seconds / 60:.0f} min, {name}   ")
        getattr(self, f"_{name}")()

    def _card_lost(self) -> None:
        self.card.lose(self._random.randint(1, 3))

    def _engine_raised(self) -> None:
        Breakable.mischief = _raise

    def _engine_stuck(self) -> None:
        Breakable.mischief = _hang

    def _renderer_stopped(self) -> None:
        for child in psutil.Process().children():
            child.suspend()
        self.voice.forget()

    def _stalled(self) -> None:
        time.sleep(5.0)


TOLD = {
    "card_lost": "is gone",
    "engine_raised": "failed: the endurance test",
    "engine_stuck": "does not answer",
    "renderer_stopped": "The voice failed",
    "stalled": "held up",
}
"""The faults, and of what is told of each the part that names it: "slow" does not."""


def _raise() -> None:
    raise RuntimeError("the endurance test asked for it")


def _hang() -> None:
    time.sleep(HANG_S)


def measure(hours: float = HOURS) -> list[Row]:
    """Talk so long, and look what is left."""
    if not available():
        return [Row("long talk skipped: it needs the extra aec", float("nan"), "")]
    with tempfile.TemporaryDirectory() as folder:
        return _measure(hours * 3600.0, Path(folder))


def _measure(seconds: float, folder: Path) -> list[Row]:
    threads_before = threads()
    troubles: list[str] = []
    card = BreakableCard(ROOMS[0])
    voice = Forgetful(
        SharedVoice(Pyttsx3Voice(load_settings().voice, troubles.append)), folder / "speech"
    )
    recognizer = WatchedRecognizer(Breakable, troubles.append)
    talk = LongTalk(card, voice, troubles, seconds, spoken([*QUESTIONS, *TURNS]))
    began = time.monotonic()
    try:
        converse(card, talk.notice, recognizer, voice)
    finally:
        recognizer.close()
        voice.close()
    talk.settle()
    took_s = time.monotonic() - began
    sys.stderr.write("\n")
    for name, faults in itertools.groupby(sorted(f.name for f in talk.unannounced)):
        sys.stderr.write(f"not told: {name}, {len(list(faults))} times\n")
    at = card.microphone.position_s
    return [
        Row(f"long talk of {at / 3600:.2g} h, speed", at / took_s, "times", "≥ 10"),
        Row("long talk, turns understood", talk.turns, ""),
        Row("long talk, faults injected", len(talk.faults), ""),
        Row("long talk, faults unannounced", len(talk.unannounced), "", "= 0"),
        Row("long talk, alive at the end", at - talk.last_turn_at < FAULT_EVERY_S, "", "= 1"),
        Row("long talk, memory growth", growth(talk.memory_mb), "MB", "≤ 10"),
        Row("long talk, threads left", threads_left(threads_before, END_LIMIT_S), "", "= 0"),
        Row("long talk, processes left", len(psutil.Process().children()), "", "= 0"),
    ]
