"""A live assistant on a virtual sound card, a person who speaks to it, and meters on both."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from benchmarks.clip import speech_s
from benchmarks.meter import Meter, ear, mouth
from benchmarks.person import STRETCH, Engine, Person
from tests.live import Live
from tests.virtual_card import VirtualCard
from voiceskill.audio.wav import read_wav

TRACES = Path("out/traces")
"""Every event of every measured conversation, with the machine's time."""

NOTICE_S = 4.0
"""What is not acted on within this time is lost."""

INTO_A_STRETCH_TURNS = 16
"""A sentence and three answers begin one; the rest is for what is not understood."""


@dataclass
class Tally:
    """One kind of turn: how often it was tried, and how long those took that were acted on."""

    tried: int = 0
    seconds: list[float] = field(default_factory=list)


@dataclass
class Times:
    """What was measured in a conversation."""

    answer: Tally = field(default_factory=Tally)
    silence: Tally = field(default_factory=Tally)
    onward: Tally = field(default_factory=Tally)
    stops_cut: int = 0
    acted_on: int = 0
    spoken_over: int = 0
    own_cuts: int = 0
    speaking_s: float = 0.0


class Rig:
    """One conversation; a context manager."""

    def __init__(self, card: VirtualCard, folder: Path, engine: Engine, trace: str) -> None:
        """Its trace goes to out/traces/``trace``.jsonl."""
        TRACES.mkdir(parents=True, exist_ok=True)
        self._card = card
        self.engine = engine
        self.person = Person(engine, folder)
        self.live = Live(
            card,
            *("--engine", engine.option, "--trace", str(TRACES / f"{trace}.jsonl")),
            command=engine.command,
        )
        self.microphone: Meter = ear(card)
        self.loudspeaker: Meter = mouth(card)
        self.times = Times()

    def __enter__(self) -> Rig:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.microphone.__exit__(None, None, None)
        self.loudspeaker.__exit__(None, None, None)
        self.live.close()

    def say(self, text: str, rms: float | None = None, take: int = 0) -> float:
        """Speak; the monotonic time at which the speech ended at the microphone, which has heard
        nothing else meanwhile. The clip may go on to sound: recordings end in noise."""
        wav = self.person.wav(text, rms, take)
        began = time.monotonic()
        self._card.say(wav)
        heard = self.microphone.first_sound(began)
        return time.monotonic() if heard is None else heard + speech_s(read_wav(wav))

    def until_quiet(self, quiet_s: float = 1.5) -> None:
        """Wait until the assistant has been silent for a while."""
        began = time.monotonic()
        while self.loudspeaker.silent_since(began, quiet_s) is None:
            if time.monotonic() - began > 60:
                raise RuntimeError("the assistant does not stop talking")
            time.sleep(0.05)

    def first_sound(self, after: float) -> float | None:
        """When the assistant began to sound; None when it did not in time."""
        end = time.monotonic() + NOTICE_S
        while time.monotonic() < end:
            found = self.loudspeaker.first_sound(after)
            if found is not None:
                return found
            time.sleep(0.02)
        return None

    def understood(self, intent: str) -> float | None:
        """When the assistant took what was said for this intent; None for another, or none."""
        end = time.monotonic() + NOTICE_S
        while (left := end - time.monotonic()) > 0:
            event = self.live.next(left)
            if event and event["event"] == "understood":
                return float(event["came_s"]) if event["intent"] == intent else None
        return None

    def drain(self) -> list[str]:
        """The kinds of the events so far."""
        kinds = []
        while (event := self.live.next(0.05)) is not None:
            kinds.append(str(event["event"]))
        return kinds

    def into_a_stretch(self) -> bool:
        """Begin a stretch, if need be: whether a step is being done that another one follows."""
        for _ in range(INTO_A_STRETCH_TURNS):
            self.drain()
            status = [event for event in self.live.seen if event["event"] == "status"][-1]
            if _has_next_step(status):
                return True
            # Out of a stretch at its end, or of a question where it hurts.
            self.say({"triage": "no", "stretch": "stop"}.get(status["mode"], STRETCH))
            self.until_quiet()
        return False


def _has_next_step(status: dict[str, Any]) -> bool:
    return status["mode"] == "stretch" and 0 < (status["step"] or 0) < (status["steps"] or 0)


@contextmanager
def rig(folder: Path, engine: Engine, trace: str, *, echo: bool = False) -> Iterator[Rig]:
    """A conversation whose greeting is over; with ``echo`` the microphone hears the loudspeaker."""
    with VirtualCard(in_a_room=True) as card:
        if echo:
            card.echo()
        with Rig(card, folder, engine, trace) as opened:
            opened.live.until("listening")
            opened.until_quiet()
            yield opened
