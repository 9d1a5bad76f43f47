"""The child program in which an unknown Vosk model is tried out: Kaldi aborts the process on some
damaged files, and nobody can catch that.

Run as ``python -m voiceskill.stt.vosk_trial FOLDER``; exit status 0 when the model can decode.
"""

from __future__ import annotations

import sys

import numpy as np
import vosk

from voiceskill.audio.sound import SAMPLE_RATE

NOISE_LEVEL = 1000.0
"""Loudness of the noise, rms: enough to be searched for words."""


def main() -> None:
    """Decode half a second of noise."""
    vosk.SetLogLevel(-3)
    recognizer = vosk.KaldiRecognizer(vosk.Model(sys.argv[1]), SAMPLE_RATE)
    recognizer.SetWords(True)
    noise = np.random.default_rng(0).normal(0.0, NOISE_LEVEL, SAMPLE_RATE // 2)
    recognizer.AcceptWaveform(noise.astype(np.int16).tobytes())
    recognizer.FinalResult()


if __name__ == "__main__":
    main()
