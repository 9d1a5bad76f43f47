"""The loudspeaker of this machine, through PortAudio."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voiceskill.audio.gain import amplified
from voiceskill.audio.heartbeat import FIRST_BEAT_S, Heartbeat
from voiceskill.audio.portaudio import close_stream, open_stream, require_portaudio
from voiceskill.audio.reference import Reference
from voiceskill.audio.sound import Sound
from voiceskill.audio.wav import resample
from voiceskill.errors import AudioError

LATENCY_S = 0.06
"""Sound handed over but not yet heard: it is what still comes after a cut, and the reserve of a
busy machine."""

FADE_S = 0.015
"""Length of the fade of a cut: no click, and shorter than a sound of speech."""

TAIL_S = 0.05
"""Silence after the last sample before it counts as heard; devices report their latency short."""

LONGEST_DELAY_S = 1.0
"""Bluetooth takes 0.3 s; a device that claims more than this does not know."""

LOOK_S = 0.25
"""How often a waiting thread looks whether the device is still there."""

NO_LOUDSPEAKER = (
    "No loudspeaker was found. Connect one, or write to a file with --output FILE.wav; "
    "`voiceskill devices` lists what there is."
)

LOST = (
    "The loudspeaker is gone: its device or the sound server stopped. Connect it and start again."
)

logger = logging.getLogger(__name__)


class _Item:
    """A sound that is being played, at the stream's rate."""

    def __init__(self, samples: NDArray[np.int16]) -> None:
        self.samples = samples
        self.next = 0
        """Index of the first sample that has not been handed over."""
        self.begins_at = float("inf")
        """Monotonic time at which its first sample is heard."""


class DeviceLoudspeaker:
    """Plays through one stream that stays open, for a device that falls asleep swallows the first
    words; see ``Loudspeaker``."""

    def __init__(self, device: int | str | None = None, reference: Reference | None = None) -> None:
        """Open the device; ``device`` is an index or a part of a name, as ``voiceskill devices``
        lists them. ``reference`` gets all that is handed to the device, silence too. Raises
        AudioError when it cannot be opened."""
        self.gain_db = 0.0
        self.first_sample_at: float | None = None
        self._reference = reference
        self._changed = threading.Condition()
        self._items: deque[_Item] = deque()
        self._current: _Item | None = None
        self._silent_at = 0.0
        """Monotonic time at which the last sample handed over has been heard for certain."""
        self._gaps = 0
        self._heart = Heartbeat()
        self._latency_s = LATENCY_S
        self._rate = 0  # until the stream is open, which calls back before that
        self._stream: Any = self._opened(device)
        self._rate = int(self._stream.samplerate)
        self._latency_s = max(LATENCY_S, self._stream.latency)

    @property
    def playing(self) -> bool:
        """Whether something is still to be heard. Raises AudioError when the device is gone."""
        with self._changed:
            silent = not self._items and time.monotonic() >= self._silent_at
        if not silent:
            self.check()
        return not silent

    @property
    def position(self) -> float:
        """Seconds of the current sound, or of the last one, that have been heard."""
        with self._changed:
            item = self._current
            if item is None:
                return 0.0
            heard = time.monotonic() - item.begins_at
            return min(max(heard, 0.0), item.next / self._rate)

    def play(self, sound: Sound) -> None:
        """Play the sound, after those still playing. Raises AudioError when the device is gone."""
        self.check()
        loud = amplified(resample(sound, self._rate), self.gain_db)
        with self._changed:
            self._items.append(_Item(loud.samples))

    def wait(self, timeout_s: float) -> bool:
        """Wait until all has been heard; False when that takes longer than ``timeout_s`` seconds.

        Raises AudioError when the device is gone.
        """
        deadline = time.monotonic() + timeout_s
        while self.playing:
            now = time.monotonic()
            if now >= deadline:
                return False
            with self._changed:
                # Woken when the last sample is handed over; from then on it is known when it ends.
                until = LOOK_S if self._items else self._silent_at - now
                self._changed.wait(max(0.0, min(until, LOOK_S, deadline - now)))
        return True

    def cut(self) -> float:
        """Fade out the current sound and forget those after it.

        Returns the seconds of the current sound that are heard, the fade not counted. What was
        handed over already is heard too, for ``LATENCY_S`` at most.
        """
        with self._changed:
            if not self._items:
                return 0.0 if self._current is None else self._current.next / self._rate
            item = self._items[0]
            self._items.clear()
            if item.next == 0:
                return 0.0
            fade = item.samples[item.next : item.next + round(FADE_S * self._rate)]
            ramp = np.linspace(1.0, 0.0, len(fade), endpoint=False)
            item.samples = np.concatenate(
                [item.samples[: item.next], (fade * ramp).astype(np.int16)]
            )
            self._items.append(item)
            return item.next / self._rate

    def prove(self) -> None:
        """Wait until a device that was opened takes sound. Raises AudioError when it does not."""
        self.play(Sound(np.zeros(1, np.int16), self._rate))
        if not self.wait(FIRST_BEAT_S):
            raise AudioError(LOST)

    def check(self) -> None:
        """Raise AudioError when the device is gone, or was closed."""
        if self._stream is None:
            raise AudioError("The loudspeaker is closed.")
        if self._heart.lost():
            raise AudioError(LOST)

    def close(self) -> None:
        """Cut what is playing, let the last words out, and let go of the device."""
        if self._stream is None:
            return
        self.cut()
        try:
            self.wait(LATENCY_S + FADE_S + 2 * TAIL_S)
        except AudioError:
            logger.debug("the loudspeaker was gone before it was closed")
        stream, self._stream = self._stream, None
        close_stream(stream)
        if self._gaps:
            logger.warning("The loudspeaker stuttered %d times.", self._gaps)

    def _opened(self, device: int | str | None) -> Any:
        sounddevice = require_portaudio()
        try:
            own = sounddevice.query_devices(device, "output")
        except (sounddevice.PortAudioError, ValueError) as error:
            raise AudioError(_not_found(device)) from error

        def made(channels: int) -> Any:
            self._heart = Heartbeat()
            return sounddevice.OutputStream(
                device=device,
                samplerate=own["default_samplerate"],
                channels=channels,
                dtype="int16",
                latency=LATENCY_S,
                callback=self._fill,
                finished_callback=self._heart.end,
            )

        try:
            return open_stream(lambda: made(channels=1))
        except sounddevice.PortAudioError:
            logger.debug("the loudspeaker %s is not mono", own["name"])
        try:
            return open_stream(lambda: made(channels=2))
        except sounddevice.PortAudioError as error:
            raise AudioError(
                f"The loudspeaker {own['name']!r} cannot be opened ({error.args[0]}). "
                "Another program may hold it; `voiceskill devices` lists others."
            ) from error

    def _fill(self, out: NDArray[np.int16], frames: int, times: Any, status: Any) -> None:
        """PortAudio's callback: copies samples and returns."""
        now = time.monotonic()
        self._heart.beat()
        if status.output_underflow and self._items:
            self._gaps += 1
        delay_s = times.outputBufferDacTime - times.currentTime
        heard_at = now + min(max(delay_s, self._latency_s), LONGEST_DELAY_S)
        done = 0
        with self._changed:
            while done < frames and self._items:
                item = self._items[0]
                part = item.samples[item.next : item.next + frames - done]
                if item.next == 0:
                    self.first_sample_at = now
                    self._current = item
                item.begins_at = heard_at + (done - item.next) / self._rate
                out[done : done + len(part)] = part[:, np.newaxis]
                done += len(part)
                item.next += len(part)
                if item.next == len(item.samples):
                    self._items.popleft()
                    self._silent_at = heard_at + done / self._rate + TAIL_S
                    self._changed.notify_all()
        out[done:] = 0
        if self._reference is not None and self._rate:
            self._reference.put(out[:, 0].tobytes(), self._rate)


def _not_found(device: int | str | None) -> str:
    if device is None:
        return NO_LOUDSPEAKER
    return f"There is no loudspeaker {device!r}. `voiceskill devices` lists what there is."
