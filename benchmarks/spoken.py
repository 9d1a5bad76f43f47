"""Says a text with a synthetic voice and hears it with the default recogniser, as the assistant
would: what the benchmark of sound and the heard examples are made with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voiceskill.audio.sound import FRAME_SAMPLES, SAMPLE_RATE
from voiceskill.audio.wav import resample
from voiceskill.settings import load_settings
from voiceskill.skill import open_recognizer, opening_expectation
from voiceskill.stt.ear import Ear
from voiceskill.stt.recognizer import Final
from voiceskill.stt.vad import VoiceActivity
from voiceskill.tts.voice import Voice

LEAD_S = 0.4
"""Quiet before the voice: the ear keeps 0.3 s of it for the recogniser."""
SPEECH_RMS = 2_000.0
"""24 dB below full scale: a person at a metre from a microphone."""

Samples = NDArray[np.float32]


def say(voice: Voice, text: str, rate_wpm: int) -> Samples:
    """The text as sound at 16 kHz, always equally loud, with a little quiet before it."""
    samples = resample(voice.render(text, rate_wpm), SAMPLE_RATE).samples.astype(np.float32)
    loud = samples * np.float32(SPEECH_RMS / max(1.0, rms(samples)))
    return np.concatenate([np.zeros(round(LEAD_S * SAMPLE_RATE), np.float32), loud])


def rms(samples: Samples) -> float:
    """The root of the mean square; 0 for no samples."""
    return float(np.sqrt(np.mean(samples * samples))) if len(samples) else 0.0


class Hearer:
    """The default recogniser, listening for what it does when a conversation begins."""

    def __init__(self) -> None:
        """Raises ModelError when the recogniser cannot be had."""
        settings = load_settings()
        self._recognizer = open_recognizer(settings)
        self._expectation = opening_expectation(settings)

    def hear(self, samples: Samples) -> str:
        """What is heard, through voice activity and ear; empty when nothing is."""
        ear = Ear(self._recognizer, VoiceActivity())
        ear.listen_for(self._expectation)
        padded = np.pad(samples, (0, -len(samples) % FRAME_SAMPLES)).clip(-32_768, 32_767)
        texts = []
        for frame in padded.astype(np.int16).reshape(-1, FRAME_SAMPLES):
            finals = [item for item in ear.feed(frame.tobytes()) if isinstance(item, Final)]
            texts += [final.text for final in finals]
        last = ear.flush()
        return " ".join([*texts, last.text if last else ""]).strip()

    def recognise(self, samples: Samples) -> str:
        """What is heard when all of it is known to be one utterance: twice as fast."""
        self._recognizer.expect(self._expectation)
        self._recognizer.begin(0.0)
        self._recognizer.feed(samples.clip(-32_768, 32_767).astype(np.int16).tobytes())
        return self._recognizer.finish().text

    def close(self) -> None:
        """Free the recogniser."""
        self._recognizer.close()
