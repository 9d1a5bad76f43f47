"""How fast the voice is: its start, a fresh sentence, a kept one."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.row import Row
from voiceskill.tts.cache import CachedVoice
from voiceskill.tts.pyttsx3_voice import Pyttsx3Voice

SENTENCES = [
    f"Put your foot {number} inches forward and lean into the stretch slowly."
    for number in range(1, 21)
]
RATE_WPM = 160
STARTS = 5
READS = 50


def measure() -> list[Row]:
    """Medians of start, fresh and kept renderings."""
    starts_s, fresh_s, speech_s, kept_s = [], [], [], []
    for _ in range(STARTS):
        voice = Pyttsx3Voice()
        begun = time.perf_counter()
        voice.start()
        starts_s.append(time.perf_counter() - begun)
        voice.close()
    with tempfile.TemporaryDirectory() as folder:
        voice = Pyttsx3Voice()
        try:
            # A new rate costs a tenth of a second once; it is no part of a sentence's cost.
            voice.render("Ready.", RATE_WPM)
            for sentence in SENTENCES:
                begun = time.perf_counter()
                sound = voice.render(sentence, RATE_WPM)
                fresh_s.append(time.perf_counter() - begun)
                speech_s.append(sound.seconds)
            CachedVoice(voice, Path(folder)).prepare(SENTENCES, RATE_WPM)
            for number in range(READS):
                # A new reader each time: from disk, not from memory.
                reader = CachedVoice(voice, Path(folder))
                begun = time.perf_counter()
                reader.render(SENTENCES[number % len(SENTENCES)], RATE_WPM)
                kept_s.append(time.perf_counter() - begun)
        finally:
            voice.close()
    return [
        Row("voice: start", 1000 * statistics.median(starts_s), "ms"),
        Row("voice: 12 words rendered fresh", 1000 * statistics.median(fresh_s), "ms", "≤ 300"),
        Row(
            "voice: 12 words from the cache on disk", 1000 * statistics.median(kept_s), "ms", "≤ 60"
        ),
        Row("voice: real-time factor", sum(fresh_s) / sum(speech_s), ""),
    ]
