"""A sound card and the room that it stands in, computed: loudspeaker, echo, person and microphone
on a clock of samples. The whole assistant talks in it as fast as the machine can, and its
noise is the same every time; real streams are tested on the virtual card."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

from tests.audio.echo_rooms import (
    BULK_DELAY_S,
    ECHO_GAIN,
    NOISE_RMS,
    ONE_CLOCK_PPM,
    EchoRoom,
    loudspeaker_response,
    through,
    voiced_rms,
)
from voiceskill.audio.gain import amplified
from voiceskill.audio.reference import Reference
from voiceskill.audio.sound import FRAME_S, FRAME_SAMPLES, SAMPLE_RATE, Sound
from voiceskill.audio.wav import resample
from voiceskill.errors import AudioError

Samples = NDArray[np.float32]

LATENCY_S = 0.06
"""Sound handed over but not yet heard, as with the real loudspeaker."""

JUMP_SAMPLES = (200, 3_000)
LATEST_SAMPLES = 9_000
"""Of an echo that jumps: by how much at once, and how late it comes at most."""


class SimulatedLoudspeaker:
    """Plays into the room; see ``Loudspeaker``."""

    def __init__(self) -> None:
        self.gain_db = 0.0
        self.first_sample_at: float | None = None
        self._items: deque[NDArray[np.int16]] = deque()
        self._handed_over = 0
        self._silent_frames = 0

    @property
    def playing(self) -> bool:
        """Whether something is still to be heard."""
        return bool(self._items) or self._silent_frames * FRAME_S < LATENCY_S

    @property
    def position(self) -> float:
        """Seconds of the sound that have been handed over."""
        return self._handed_over / SAMPLE_RATE

    def play(self, sound: Sound) -> None:
        """Play the sound, after those still playing."""
        samples = amplified(resample(sound, SAMPLE_RATE), self.gain_db).samples
        self.first_sample_at = time.monotonic()
        self._handed_over = 0
        self._items.append(samples)

    def wait(self, timeout_s: float) -> bool:
        """Nothing moves while somebody waits: time is in the microphone."""
        return not self.playing

    def cut(self) -> float:
        """Silence from the next frame on."""
        self._items.clear()
        return self.position

    def check(self) -> None:
        """Never gone."""

    def close(self) -> None:
        """Silence."""
        self._items.clear()

    def frame(self) -> NDArray[np.int16]:
        """The next 32 ms, shape (512,)."""
        out = np.zeros(FRAME_SAMPLES, np.int16)
        done = 0
        while self._items and done < FRAME_SAMPLES:
            samples = self._items[0]
            part = samples[: FRAME_SAMPLES - done]
            out[done : done + len(part)] = part
            done += len(part)
            self._handed_over += len(part)
            self._items[0] = samples[len(part) :]
            if len(part) == len(samples):
                self._items.popleft()
        self._silent_frames = 0 if done else self._silent_frames + 1
        return out


class _Echo:
    """The way from the loudspeaker to the microphone, frame by frame."""

    def __init__(self, room: EchoRoom | None, ppm: float, jumps_every_s: float | None) -> None:
        """Without a room the microphone hears what is played as it is."""
        response = np.ones(1, np.float32)
        if room is not None:
            response = np.convolve(loudspeaker_response(), room.response(1) * np.float32(ECHO_GAIN))
        self._size = 1 << (FRAME_SAMPLES + len(response) - 1).bit_length()
        self._response = np.fft.rfft(response, self._size)
        self._tail = np.zeros(self._size, np.float32)
        self._stretch = soxr.ResampleStream(1e6, 1e6 + ppm, 1, quality="VHQ") if ppm else None
        self._waiting = np.zeros(round(BULK_DELAY_S * SAMPLE_RATE), np.float32)
        self.jumps = 0
        self._jumps_every_s = self._until_jump_s = jumps_every_s or math.inf
        self._random = np.random.default_rng(1)

    def of(self, played: NDArray[np.int16]) -> Samples:
        """What arrives while ``played`` is handed over, both (512,)."""
        if played.any():
            self._tail += np.fft.irfft(
                np.fft.rfft(played.astype(np.float32), self._size) * self._response, self._size
            ).astype(np.float32)
        sound = self._tail[:FRAME_SAMPLES].copy()
        self._tail[:-FRAME_SAMPLES] = self._tail[FRAME_SAMPLES:]
        self._tail[-FRAME_SAMPLES:] = 0.0
        if self._stretch is not None:
            sound = self._stretch.resample_chunk(sound)
        self._waiting = np.concatenate([self._waiting, sound])
        self._jump()
        now, self._waiting = self._waiting[:FRAME_SAMPLES], self._waiting[FRAME_SAMPLES:]
        return _whole_frame(now)

    def _jump(self) -> None:
        """Now and then put silence in or lose sound, as a sound server does that buffers anew."""
        self._until_jump_s -= FRAME_S
        if self._until_jump_s > 0:
            return
        self.jumps += 1
        self._until_jump_s = self._random.uniform(0.5, 1.5) * self._jumps_every_s
        by = int(self._random.integers(*JUMP_SAMPLES))
        most, left = LATEST_SAMPLES, len(self._waiting) - by
        if left > FRAME_SAMPLES and (self._random.random() < 0.5 or len(self._waiting) > most):
            self._waiting = self._waiting[by:]
        else:
            self._waiting = np.pad(self._waiting, (by, 0))


def _whole_frame(sound: Samples) -> Samples:
    """The sound, filled up with silence, (512,)."""
    whole = np.zeros(FRAME_SAMPLES, np.float32)
    whole[: len(sound)] = sound
    return whole


class SimulatedMicrophone:
    """Hears the room; reading a frame is what lets time pass. See ``Microphone``."""

    ended = False
    overflows = 0
    dead_s = 0.0

    def __init__(self, speaker: SimulatedLoudspeaker, reference: Reference, echo: _Echo) -> None:
        self._speaker, self._reference, self._echo = speaker, reference, echo
        self._frames = 0
        self._random = np.random.default_rng(3)
        self.lost: AudioError | None = None
        self.person = np.zeros(0, np.float32)
        """What is still to be said to it, from now on."""

    @property
    def position_s(self) -> float:
        """Seconds since the start."""
        return self._frames * FRAME_S

    def clock_at(self, position_s: float) -> float | None:
        """None: no clock runs along."""
        return None

    def start(self) -> None:
        """Always there."""

    def read(self, timeout_s: float) -> bytes:
        """The next frame, at once. Raises AudioError while it is lost."""
        if self.lost:
            raise self.lost
        played = self._speaker.frame()
        self._reference.put(played.tobytes(), SAMPLE_RATE)
        person, self.person = self.person[:FRAME_SAMPLES], self.person[FRAME_SAMPLES:]
        sound = self._echo.of(played) + _whole_frame(person)
        sound += self._random.normal(0.0, NOISE_RMS, FRAME_SAMPLES)
        self._frames += 1
        return sound.clip(-32_768, 32_767).astype(np.int16).tobytes()

    def flush(self) -> None:
        """Nothing waits to be read."""

    def close(self) -> None:
        """Nothing to let go of."""


@dataclass
class SimulatedCard:
    """In place of a ``SoundCard``; a CardRoom takes it."""

    room: EchoRoom | None = None
    """None: the microphone hears the loudspeaker as it is."""
    ppm: float = ONE_CLOCK_PPM
    """How much faster the microphone counts than the loudspeaker."""
    jumps_every_s: float | None = None
    """How often the echo comes earlier or later from one moment to the next, on average."""

    def __post_init__(self) -> None:
        self.reference = Reference()
        self.loudspeaker = SimulatedLoudspeaker()
        self._echo = _Echo(self.room, self.ppm, self.jumps_every_s)
        self.microphone = SimulatedMicrophone(self.loudspeaker, self.reference, self._echo)

    @property
    def jumps(self) -> int:
        """How often the echo has jumped."""
        return self._echo.jumps

    def say(self, samples: NDArray[np.int16], rms: float, after_s: float = 0.0) -> None:
        """A person speaks so loud, in ``after_s`` seconds from now."""
        sound = samples.astype(np.float32)
        if self.room is not None:
            sound = through(sound, self.room.response(2))
        sound = sound * np.float32(rms / voiced_rms(sound))
        quiet = np.zeros(round(after_s * SAMPLE_RATE), np.float32)
        self.microphone.person = np.concatenate([quiet, sound])

    def check(self) -> None:
        """The loudspeaker is never lost."""

    def recover(self, tell: Callable[[str], None], *, named_only: bool) -> bool:
        """Found again at once."""
        self.microphone.lost = None
        self.loudspeaker.close()
        return True

    def close(self) -> None:
        """Silence."""
        self.loudspeaker.close()
