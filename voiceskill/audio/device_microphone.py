"""The microphone of this machine, through PortAudio."""

from __future__ import annotations

import logging
import time
from typing import Any

import numpy as np
import soxr

from voiceskill.audio.block_queue import BlockQueue
from voiceskill.audio.heartbeat import FIRST_BEAT_S, NO_BEAT_S, Heartbeat
from voiceskill.audio.portaudio import close_stream, open_stream, require_portaudio
from voiceskill.audio.sound import FRAME_BYTES, FRAME_S, SAMPLE_RATE
from voiceskill.errors import AudioError

QUEUE_S = 30.0
"""Sound kept for a reader that is busy: longer than any model takes to load."""

LATENCY_S = 0.1
"""Asked of the device: a Raspberry Pi keeps up with it, nobody hears it."""

LONGEST_DELAY_S = 1.0
"""A device that claims to be later than this does not know."""

NO_MICROPHONE = (
    "No microphone was found. Connect one, or give a recording with --input FILE.wav; "
    "`voiceskill devices` lists what there is."
)

LOST = "The microphone is gone: its device or the sound server stopped. Connect it and start again."

_NO_SOUND = bytes(FRAME_BYTES)

logger = logging.getLogger(__name__)


class DeviceMicrophone:
    """Hears 16 kHz mono, resampled where the device cannot; see ``Microphone``."""

    def __init__(self, device: int | str | None = None) -> None:
        """``device`` is an index or a part of a name, as ``voiceskill devices`` lists them."""
        self.device = device
        """Holds from the next ``start``."""
        self._stream: Any = None
        self._channels = 1
        self._queue = BlockQueue(round(QUEUE_S / FRAME_S))
        self._heart = Heartbeat()
        self._resampler: soxr.ResampleStream | None = None
        self._heard = bytearray()
        """16 kHz mono sound that is not yet a whole frame, or not yet fetched."""
        self._flagged = 0
        self._frames = 0
        self._dead_frames = 0
        self._flushed_s = 0.0
        self._away_s = 0.0
        """Seconds between closing and opening anew."""
        self._rate = SAMPLE_RATE
        self._arrived_s = 0.0
        self._latest = (0.0, time.monotonic())
        """Where the last block begins that arrived, seconds of sound, and when it sounded."""
        self._closed_at: float | None = None

    @property
    def ended(self) -> bool:
        """Never: a device that stops is an AudioError."""
        return False

    @property
    def overflows(self) -> int:
        """Blocks dropped from the queue, plus the losses that PortAudio reported."""
        return self._queue.dropped + self._flagged

    @property
    def dead_s(self) -> float:
        """How long by now every sample was zero, seconds."""
        return self._dead_frames * FRAME_S

    @property
    def position_s(self) -> float:
        """Seconds since the start where the next frame begins."""
        heard_s = (self._frames + self._queue.dropped) * FRAME_S
        return heard_s + self._flushed_s + self._away_s

    def clock_at(self, position_s: float) -> float:
        """Monotonic time at which that place in the input sounded, by what the device says of its
        delay."""
        block_s, block_at = self._latest
        return block_at + position_s - self._away_s - block_s

    def start(self) -> None:
        """Open the device: at 16 kHz mono, else as it likes. Raises AudioError.

        After ``close`` it is opened anew, and its clock has gone on meanwhile.
        """
        if self._stream is not None:
            return
        sounddevice = require_portaudio()
        try:
            own = sounddevice.query_devices(self.device, "input")
        except (sounddevice.PortAudioError, ValueError) as error:
            raise AudioError(_not_found(self.device)) from error
        own_rate = int(own["default_samplerate"])
        ways = [(SAMPLE_RATE, 1), (own_rate, 1), (own_rate, 2)]
        for rate, channels in ways:
            try:
                self._open(sounddevice, rate, channels)
                break
            except sounddevice.PortAudioError as error:
                failure = error
        else:
            raise AudioError(
                f"The microphone {own['name']!r} cannot be opened ({failure.args[0]}). "
                "Another program may hold it; `voiceskill devices` lists others."
            ) from failure
        if self._closed_at is not None:
            self._away_s += time.monotonic() - self._closed_at
        logger.debug("microphone %s: %d Hz, %d channels", own["name"], rate, channels)

    def read(self, timeout_s: float) -> bytes | None:
        """The next frame, or None after ``timeout_s`` seconds. Raises AudioError when the device is
        gone."""
        deadline = time.monotonic() + timeout_s
        while len(self._heard) < FRAME_BYTES:
            wait_s = min(deadline - time.monotonic(), NO_BEAT_S)
            block = self._queue.get(max(wait_s, 0.0))
            if block is not None:
                self._heard += self._at_16_khz(block)
            elif self._stream is not None and self._heart.lost():
                raise AudioError(LOST)
            elif time.monotonic() >= deadline:
                return None
        frame = bytes(self._heard[:FRAME_BYTES])
        del self._heard[:FRAME_BYTES]
        self._frames += 1
        self._dead_frames = self._dead_frames + 1 if frame == _NO_SOUND else 0
        return frame

    def prove(self) -> None:
        """Wait for the first sound of a device that was just opened; the clock goes on meanwhile.
        Raises AudioError when none comes."""
        began_at, before_s = time.monotonic(), self._arrived_s
        frame = self.read(FIRST_BEAT_S + NO_BEAT_S)
        if frame is None:
            raise AudioError(LOST)
        waited_s = time.monotonic() - began_at
        self._away_s += max(0.0, waited_s - (self._arrived_s - before_s))
        self._heard[:0] = frame
        self._frames -= 1

    def flush(self) -> None:
        """Drop what has been heard but not read."""
        self._flushed_s += self._queue.clear() * FRAME_S
        self._flushed_s += len(self._heard) / FRAME_BYTES * FRAME_S
        self._heard.clear()

    def close(self) -> None:
        """Let go of the device, in limited time even when its server hangs."""
        if self._stream is None:
            return
        stream, self._stream = self._stream, None
        self._closed_at = time.monotonic()
        close_stream(stream)
        self.flush()
        if self.overflows:
            logger.warning("The microphone lost sound %d times.", self.overflows)

    def _open(self, sounddevice: Any, rate: int, channels: int) -> None:
        heart = self._heart = Heartbeat()
        self._rate = rate
        self._stream = open_stream(
            lambda: sounddevice.RawInputStream(
                device=self.device,
                samplerate=rate,
                channels=channels,
                dtype="int16",
                blocksize=round(rate * FRAME_S),
                latency=LATENCY_S,
                callback=self._copy,
                finished_callback=heart.end,
            )
        )
        self._channels = channels
        self._resampler = None
        if rate != SAMPLE_RATE:
            self._resampler = soxr.ResampleStream(rate, SAMPLE_RATE, 1, dtype="int16")

    def _copy(self, data: Any, frames: int, times: Any, status: Any) -> None:
        """PortAudio's callback: moves bytes and returns."""
        length_s = frames / self._rate
        delay_s = times.currentTime - times.inputBufferAdcTime
        if not length_s <= delay_s <= LONGEST_DELAY_S:
            delay_s = length_s
        self._latest = (self._arrived_s, time.monotonic() - delay_s)
        self._arrived_s += length_s
        if status.input_overflow:
            self._flagged += 1
        self._queue.put(bytes(data))
        self._heart.beat()

    def _at_16_khz(self, block: bytes) -> bytes:
        samples = np.frombuffer(block, np.int16)
        if self._channels > 1:
            samples = samples.reshape(-1, self._channels).mean(axis=1).astype(np.int16)
        if self._resampler is not None:
            samples = self._resampler.resample_chunk(samples)
        return samples.tobytes()


def _not_found(device: int | str | None) -> str:
    if device is None:
        return NO_MICROPHONE
    return f"There is no microphone {device!r}. `voiceskill devices` lists what there is."
