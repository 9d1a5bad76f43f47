"""Endurance: a whole conversation on the virtual sound card, with one fault after the other.

``make bench ARGS=soak MINUTES=20``. The person is scripted: recordings of the demo.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from benchmarks.memory import growth
from benchmarks.notices import Notices
from benchmarks.row import Row
from tests.live import Live
from tests.simulated_talk import spoken
from tests.virtual_card import LOUDSPEAKER, MICROPHONE, VirtualCard, unavailable
from voiceskill.audio.sound import SAMPLE_RATE, Sound
from voiceskill.audio.wav import read_wav, resample, write_wav
from voiceskill.content.loader import default_content
from voiceskill.data_files import data_file

DEFAULT_MINUTES = 3.0

SAID_LIMIT_S = 15.0
"""An answer begins within two seconds."""

BACK_LIMIT_S = 40.0
"""From the end of a fault to the assistant's voice, with a back-off of five seconds at most."""

PAUSE_S = 5.0
"""When no sentence has begun for so long the assistant listens."""

TRIES = 4
"""So often the person says it again: some words are said over the assistant, some not heard."""

QUESTION = "07_heat_or_ice"
TURNS = (QUESTION, "05_next", "06_repeat", "02_no", "10_next")


class Soak:
    """One assistant, one person, one card that breaks."""

    def __init__(self, card: VirtualCard, folder: Path) -> None:
        command = [sys.executable, "-m", "benchmarks.soak_child"]
        self._card = card
        self._folder = folder
        self._live = Live(card, "--engine", "whisper", command=command)
        self._process = psutil.Process(self._live.process.pid)
        self._random = random.Random(7)
        self._questions = (answer.ask[0] for answer in default_content("en").answers)
        self.notices = Notices(self._live.next)
        self.injected = 0
        self.unannounced: list[str] = []
        self.unanswered: list[str] = []
        self.memory_mb: list[float] = []
        self.family = [self._process]
        self.processes_left = 0
        self.threads_left = float("nan")

    def run(self, minutes: float) -> None:
        """Faults until the time is up, each kind at least once; then a goodbye."""
        end = time.monotonic() + minutes * 60
        self._live.until("started")
        self._answered("the start")
        kinds: dict[str, Callable[[str], None]] = {
            "server killed": self._kill_server,
            "server hung": self._hang_server,
            "headset replugged": self._replug_headset,
            "renderer stopped": self._stop_renderer,
            "engine raised": lambda kind: self._spoil_engine(kind, signal.SIGUSR1),
            "engine stuck": lambda kind: self._spoil_engine(kind, signal.SIGUSR2),
            "stalled for 5 s": self._stall,
        }
        while not self.injected or time.monotonic() < end:
            for name in self._random.sample(sorted(kinds), len(kinds)):
                self._measure()
                self.injected += 1
                sys.stderr.write(f"\rfault {self.injected}, {name}   ")
                try:
                    kinds[name](name)
                except TimeoutError:
                    self.unannounced.append(name)
                self._answered(name)
        self._measure()
        self.family += self._process.children(recursive=True)

    @property
    def alive(self) -> bool:
        """Whether the assistant still runs."""
        return self._live.process.poll() is None

    def close(self) -> None:
        """End the assistant, and look what is left of it."""
        self._live.close()
        _, left = psutil.wait_procs(self.family, timeout=5)
        self.processes_left = len(left)
        with suppress(TimeoutError, AssertionError):  # it had died, and told nothing more
            self.threads_left = self._next("closed", PAUSE_S)["threads_left"]

    def _kill_server(self, kind: str) -> None:
        self._interrupt_a_sentence()
        since = time.monotonic()
        self._card.kill_server()
        self.notices.wait(kind, since)
        time.sleep(self._random.uniform(0, 4))
        self._card.restart_server()
        self._wait_until_back()

    def _hang_server(self, kind: str) -> None:
        self._interrupt_a_sentence()
        since = time.monotonic()
        self._card.kill_server(signal.SIGSTOP)
        try:
            self.notices.wait(kind, since)
            time.sleep(self._random.uniform(0, 4))
        finally:
            self._card.resume_server()
        self._wait_until_back()

    def _replug_headset(self, kind: str) -> None:
        self._interrupt_a_sentence()
        self._card.unplug(MICROPHONE)
        since = time.monotonic()  # with one of the two there is still sound
        self._card.unplug(LOUDSPEAKER)
        self.notices.wait(kind, since)
        rate = self._random.choice([16_000, 44_100, 48_000])
        for device in (MICROPHONE, LOUDSPEAKER):
            self._card.plug_in(device, rate)
        self._wait_until_back()

    def _stop_renderer(self, kind: str) -> None:
        self._wait_for_pause()
        since = time.monotonic()
        for child in self._process.children():
            child.suspend()
            # It is replaced later; until then it belongs to what must not be left over.
            self.family.append(child)
        for question in itertools.islice(self._questions, TRIES):
            # What has been said before is kept, and needs no renderer.
            self._card.say(self._rendered(question))
            with suppress(TimeoutError):
                self.notices.wait(kind, since, acts_with="understood")
                return
        raise TimeoutError

    def _spoil_engine(self, kind: str, how: signal.Signals) -> None:
        self._wait_for_pause()
        since = time.monotonic()
        self._live.process.send_signal(how)
        for _ in range(TRIES):
            self._card.say(self._spoken(QUESTION))
            with suppress(TimeoutError):
                self.notices.wait(kind, since, acts_with="mischief")
                return
        raise TimeoutError

    def _stall(self, kind: str) -> None:
        self._process.suspend()
        time.sleep(5.0)
        since = time.monotonic()
        self._process.resume()
        self.notices.wait(kind, since)

    def _interrupt_a_sentence(self) -> None:
        """Half of the faults come while the assistant speaks."""
        if self._random.random() < 0.5:
            self._card.say(self._spoken(self._random.choice(TURNS)))
            self._next("said", SAID_LIMIT_S)

    def _wait_until_back(self) -> None:
        while self._next("said", BACK_LIMIT_S)["prompt"] != "sound_back":
            pass

    def _answered(self, after: str) -> None:
        """Whether a question is still understood and answered."""
        for _ in range(TRIES):
            self._ask()
            with suppress(TimeoutError):
                self._next("understood", PAUSE_S)
                self._next("said", PAUSE_S)
                return
        self.unanswered.append(after)

    def _ask(self) -> None:
        """Say something once the assistant listens."""
        self._wait_for_pause()
        self._card.say(self._spoken(QUESTION))

    def _wait_for_pause(self) -> None:
        while self.alive and self._live.next(PAUSE_S):
            pass

    def _rendered(self, text: str) -> Path:
        path = self._folder / "rendered.wav"
        (samples,) = spoken([text])
        write_wav(path, Sound(samples, SAMPLE_RATE))
        return path

    def _next(self, kind: str, limit_s: float) -> dict[str, Any]:
        """The next event of this kind. Raises TimeoutError."""
        end = time.monotonic() + limit_s
        while (left_s := end - time.monotonic()) > 0:
            event = self._live.next(left_s)
            if event and event["event"] == kind:
                return event
        raise TimeoutError(kind)

    def _measure(self) -> None:
        self.memory_mb.append(self._process.memory_info().rss / 1e6)

    def _spoken(self, name: str) -> Path:
        path = self._folder / f"{name}.wav"
        if not path.exists():
            sound = read_wav(data_file(f"prompts/en/demo/{name}.ogg"))
            write_wav(path, resample(sound, SAMPLE_RATE))
        return path


def measure() -> list[Row]:
    """Faults for MINUTES (an environment variable), each kind at least once."""
    if reason := unavailable():
        return [Row(f"soak skipped: {reason}", float("nan"), "")]
    minutes = float(os.environ.get("MINUTES", DEFAULT_MINUTES))
    alive = False
    with tempfile.TemporaryDirectory() as folder, VirtualCard(in_a_room=True) as card:
        # Its own cache of speech: what is kept already never needs the renderer.
        card.env["XDG_CACHE_HOME"] = str(Path(folder) / "cache")
        soak = Soak(card, Path(folder))
        try:
            soak.run(minutes)
            alive = soak.alive
        finally:
            soak.close()
            sys.stderr.write("\n")
    for what, names in (("unannounced", soak.unannounced), ("unanswered", soak.unanswered)):
        if names:
            print(f"{what} after: {', '.join(names)}")
    run = f"soak of {minutes:g} min"
    return [
        Row(f"{run}, faults injected", soak.injected, ""),
        Row(f"{run}, alive at the end", alive, "", "= 1"),
        Row(f"{run}, faults unannounced", len(soak.unannounced), "", "= 0"),
        Row(f"{run}, questions unanswered after a fault", len(soak.unanswered), "", "= 0"),
        *soak.notices.rows(run),
        Row(f"{run}, memory growth", growth(soak.memory_mb), "MB", "≤ 10"),
        Row(f"{run}, threads left", soak.threads_left, "", "= 0"),
        Row(f"{run}, processes left", soak.processes_left, "", "= 0"),
    ]
