"""Simulated rooms: what a microphone hears of a loudspeaker and of a person, and how late; and what
echo canceller and gate make of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
import soxr
from numpy.typing import NDArray

from voiceskill.audio.over_own_voice import OverOwnVoice
from voiceskill.audio.sound import FRAME_SAMPLES, SAMPLE_RATE
from voiceskill.audio.wav import resample
from voiceskill.content.loader import default_content
from voiceskill.tts.voices import open_voice

Samples = NDArray[np.float32]

BULK_DELAY_S = 0.12
"""Between the loudspeaker's stream and the microphone's: what two sound cards buffer."""
NOISE_RMS = 12.0
"""A quiet room: 69 dB below full scale."""
ECHO_GAIN = 0.5
"""Of the own voice on its way to the microphone."""
ONE_CLOCK_PPM = 0.0
OTHER_CLOCK_PPM = 100.0
LOUDSPEAKER_HZ = (180.0, 6_500.0)
"""What a small loudspeaker lets through."""


@dataclass(frozen=True)
class EchoRoom:
    """One room, its loudspeaker at an arm's length from the microphone."""

    name: str
    rt60_s: float
    """Seconds until its sound has fallen by 60 dB."""
    direct_to_rest_db: float
    """The first sound against all that comes after it."""

    def response(self, seed: int) -> Samples:
        """An impulse response: the first sound, then noise that dies away; energy 1."""
        random = np.random.default_rng(seed)
        at = np.arange(round(self.rt60_s * SAMPLE_RATE)) / SAMPLE_RATE
        tail = random.standard_normal(len(at)) * 10.0 ** (-3.0 * at / self.rt60_s)
        tail[: round(0.002 * SAMPLE_RATE)] = 0.0  # the nearest wall is a foot away
        tail *= 10.0 ** (-self.direct_to_rest_db / 20.0) / np.sqrt(np.sum(tail**2))
        tail[0] = 1.0
        return np.asarray(tail / np.sqrt(np.sum(tail**2)), np.float32)


ROOMS = (
    EchoRoom("living room", 0.2, 6.0),
    EchoRoom("kitchen", 0.35, 3.0),
    EchoRoom("bathroom", 0.6, 0.0),
)


def echo_of(
    played: NDArray[np.int16], room: EchoRoom, ppm: float = ONE_CLOCK_PPM, seed: int = 1
) -> Samples:
    """The own voice as the microphone hears it, as long as ``played``.

    ``ppm`` is how much faster the microphone counts than the loudspeaker.
    """
    sound = through(played.astype(np.float32), loudspeaker_response())
    sound = through(sound, room.response(seed) * np.float32(ECHO_GAIN))
    late = np.concatenate([np.zeros(round(BULK_DELAY_S * SAMPLE_RATE), np.float32), sound])
    if ppm:
        late = np.asarray(soxr.resample(late, 1e6, 1e6 + ppm, quality="VHQ"), np.float32)
    missing = max(0, len(played) - len(late))
    return np.pad(late, (0, missing))[: len(played)].astype(np.float32)


def moved_from(sound: Samples, at: int, later: int) -> Samples:
    """The sound, by so many samples later from there on; earlier where that is negative."""
    quiet = np.zeros(max(later, 0), np.float32)
    return np.resize(np.concatenate([sound[:at], quiet, sound[at - min(later, 0) :]]), len(sound))


def spoken_in(room: EchoRoom, samples: NDArray[np.int16], rms: float, seed: int = 2) -> Samples:
    """A person's recording as the microphone of this room hears it, its voice so loud."""
    sound = through(samples.astype(np.float32), room.response(seed))
    return np.asarray(sound * np.float32(rms / voiced_rms(sound)), np.float32)


def heard(*sounds: Samples, seed: int = 3) -> NDArray[np.int16]:
    """What the microphone delivers of all that sounds at once, a little noise with it."""
    noise = np.random.default_rng(seed).normal(0.0, NOISE_RMS, len(sounds[0]))
    return (sum(sounds, start=noise)).clip(-32_768, 32_767).astype(np.int16)


def voiced_rms(samples: Samples) -> float:
    """The level of the voice in it, its pauses not counted."""
    frames = samples[: len(samples) // 512 * 512].reshape(-1, 512)
    power = np.mean(frames.astype(np.float64) ** 2, axis=1)
    return float(np.sqrt(np.mean(power[power >= power.max() * 1e-3])))


@dataclass
class Cleaning:
    """What comes out of canceller and gate, from end to end."""

    over: OverOwnVoice = field(default_factory=OverOwnVoice)
    residual: list[NDArray[np.int16]] = field(default_factory=list)
    linear: list[NDArray[np.int16]] = field(default_factory=list)
    fired: list[int] = field(default_factory=list)
    """Samples heard at the end of every frame in which somebody was noticed."""
    seconds: float = 0.0
    """Processor time that it took."""

    @property
    def openings(self) -> list[int]:
        """The first of ``fired`` of every time that somebody was noticed."""
        return [at for at in self.fired if at - FRAME_SAMPLES not in self.fired]


def clean(microphone: NDArray[np.int16], played: NDArray[np.int16]) -> Cleaning:
    """Both in whole frames and equally long."""
    done = Cleaning()
    begun = time.process_time()
    for start in range(0, len(microphone) - FRAME_SAMPLES + 1, FRAME_SAMPLES):
        span = slice(start, start + FRAME_SAMPLES)
        cleaned = done.over.process(microphone[span], played[span])
        done.residual.append(cleaned.residual)
        done.linear.append(cleaned.linear)
        if done.over.spoken:
            done.fired.append(span.stop)
    done.seconds = time.process_time() - begun
    return done


def own_voice(seconds: float) -> NDArray[np.int16]:
    """So much of what the assistant says, in whole frames."""
    voice = open_voice(None, cache=False)
    gap = np.zeros(round(0.25 * SAMPLE_RATE), np.int16)
    parts: list[NDArray[np.int16]] = []
    try:
        for answer in default_content("en").answers:
            if sum(map(len, parts)) >= seconds * SAMPLE_RATE:
                break
            text = " ".join(line.say for line in answer.lines)
            parts += [resample(voice.render(text, 150), SAMPLE_RATE).samples, gap]
    finally:
        voice.close()
    frames = round(seconds * SAMPLE_RATE) // FRAME_SAMPLES
    return np.resize(np.concatenate(parts), frames * FRAME_SAMPLES)


def less_db(before: NDArray[np.generic], after: NDArray[np.generic]) -> float:
    """How much less power there is in what comes after, dB."""
    powers = [float(np.mean(samples.astype(np.float64) ** 2)) + 1e-9 for samples in (before, after)]
    return 10.0 * float(np.log10(powers[0] / powers[1]))


def loudspeaker_response() -> Samples:
    """A linear-phase band-pass of 8 ms."""
    low, high = LOUDSPEAKER_HZ
    at = (np.arange(129) - 64) / SAMPLE_RATE
    taps = 2 * high * np.sinc(2 * high * at) - 2 * low * np.sinc(2 * low * at)
    return np.asarray(taps * np.hanning(129) / SAMPLE_RATE, np.float32)


def through(samples: Samples, response: Samples) -> Samples:
    size = 1 << (len(samples) + len(response) - 1).bit_length()
    both = np.fft.rfft(samples, size) * np.fft.rfft(response, size)
    return np.fft.irfft(both, size)[: len(samples)].astype(np.float32)
