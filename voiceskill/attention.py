"""The ear in a room: reads what the microphone brings, tells what was heard and what is wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from voiceskill.audio.file_microphone import FileMicrophone
from voiceskill.dialogue.events import Event, Heard, Unheard
from voiceskill.errors import RecognizerError
from voiceskill.happenings import Happening, Hearing, SpeechBegan, Trouble, WasHeard, WasUnheard
from voiceskill.room import Room
from voiceskill.stt.ear import Ear, SpeechStarted
from voiceskill.stt.recognizer import Final, Partial

READ_LIMIT_S = 1.0
"""One wait for a frame; a lost device is reported by the microphone itself within this time."""

MIN_UNHEARD_S = 0.5
"""Shorter sounds without words are coughs and clicks, not something to ask about."""

DEAD_S = 5.0
"""Without any sound at all for so long a microphone is muted or pulled out, or it cuts noise off
and nobody speaks: it is shown once, and said where somebody is waited for in vain."""

HELD_UP_S = 3.0
"""So long nothing takes that does not tell of itself; a person should know why nothing happened."""

LOSS_EVERY_S = 60.0
"""Of sound. A machine that loses some loses more, and once a minute is enough to know."""

ENGINE_FAILED = "engine failed"
"""Why a Final is empty whose recogniser raised."""

Result = SpeechStarted | Partial | Final


class Attention:
    """Reads every frame of the microphone, whether or not the ear is to hear it, so that the times
    of what is heard are right."""

    def __init__(self, ear: Ear, room: Room, tell: Callable[[Happening], None]) -> None:
        """``tell`` gets every happening as it happens."""
        self.ear = ear
        self._room = room
        self._tell = tell
        self._read_to_s = 0.0
        self._read_at: float | None = None
        """Monotonic time at which the last frame was read."""
        self._losses = 0
        self._next_loss_s = 0.0
        self._dead_told = False

    @property
    def at(self) -> float:
        """Seconds since the start of the input."""
        return self.ear.now

    @property
    def live(self) -> bool:
        """A file waits until it is asked; a room goes on sounding."""
        return not isinstance(self._room.microphone, FileMicrophone)

    @property
    def hears_nothing(self) -> bool:
        """Whether the microphone brings no sound at all."""
        return self._room.microphone.dead_s >= DEAD_S

    def read(self, timeout_s: float = READ_LIMIT_S) -> bytes | None:
        """The next frame. Raises AudioError when the device is gone."""
        self._room.beat()
        frame = self._room.microphone.read(timeout_s)
        self._tell_if_held_up()
        self._tell_if_lost()
        self._read_at = time.monotonic()
        self._tell_if_dead()
        return frame

    def skip_read(self) -> None:
        """What was read but not fed to the ear has passed for it too."""
        position_s = self._room.microphone.position_s
        self.ear.skip(position_s - self._read_to_s)
        self._read_to_s = position_s

    def begin_anew(self) -> None:
        """Sound is back: what was missed meanwhile is no fault of this machine."""
        self._read_at = None
        self.skip_read()

    def feed(self, frame: bytes) -> Sequence[Result]:
        """What the ear makes of a frame."""
        self._read_to_s = self._room.microphone.position_s
        return self.by_ear(lambda: self.ear.feed(frame))

    def by_ear(self, hear: Callable[[], Sequence[Result]]) -> Sequence[Result]:
        """What the ear hears; an engine that fails costs one utterance."""
        try:
            return hear()
        except RecognizerError as fault:
            self._tell(Trouble(self.at, str(fault)))
            self.ear.reset()
            return [Final("", 0.0, self.at - MIN_UNHEARD_S, self.at, rejected=ENGINE_FAILED)]

    def flush(self) -> Final | None:
        """What was said so far of the utterance going on, if there is one."""
        finals = finals_of(self.by_ear(lambda: [final] if (final := self.ear.flush()) else []))
        return finals[0] if finals else None

    def take(self, result: Result) -> Event | None:
        """The event that a result of the ear stands for, if it stands for one."""
        if isinstance(result, Partial):
            self._tell(Hearing(result.at, result.text))
            return None
        if isinstance(result, SpeechStarted):
            self._tell(SpeechBegan(result.at))
            return None
        if result.text:
            ended_at = self._room.microphone.clock_at(result.end)
            spoken = (result.text, result.confidence, result.start, result.end)
            self._tell(WasHeard(result.end, *spoken, ended_at))
            return Heard(result.text)
        if result.end - result.start < MIN_UNHEARD_S:
            return None
        self._tell(WasUnheard(result.end, result.rejected or "no words"))
        return Unheard()

    def _tell_if_held_up(self) -> None:
        """A machine too busy to read its microphone comes late with everything."""
        if self._read_at is None or not self.live:
            return
        late_s = time.monotonic() - self._read_at
        if late_s > HELD_UP_S:
            self._tell(Trouble(self.at, f"The assistant was held up for {late_s:.0f} s."))

    def _tell_if_lost(self) -> None:
        """What came in and was not fetched in time nobody hears any more."""
        microphone = self._room.microphone
        if microphone.overflows > self._losses and microphone.position_s >= self._next_loss_s:
            self._losses = microphone.overflows
            self._next_loss_s = microphone.position_s + LOSS_EVERY_S
            self._tell(Trouble(self.at, "Some sound was lost: the machine is too busy."))

    def _tell_if_dead(self) -> None:
        if self.hears_nothing and not self._dead_told:
            self._dead_told = True
            self._tell(Trouble(self.at, "The microphone brings no sound at all: is it muted?"))


def finals_of(results: Sequence[Result]) -> list[Final]:
    """Those that are finished utterances."""
    return [result for result in results if isinstance(result, Final)]
