"""Voice activity on recordings of people and of noise."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.stt.streams import frames, recording, room
from voiceskill.audio.sound import FRAME_BYTES
from voiceskill.errors import AudioError
from voiceskill.stt.vad import VoiceActivity


def speech_frames(vad: VoiceActivity, samples: np.ndarray) -> int:
    vad.reset()
    return sum(vad.speech(frame) for frame in frames(samples))


def test_a_spoken_sentence_is_mostly_speech(test_data: Path) -> None:
    sentence = recording(test_data / "speech/english/vctk_p239_097.wav")
    assert speech_frames(VoiceActivity(), sentence) > 60


def test_every_recorded_word_has_speech(test_data: Path) -> None:
    vad = VoiceActivity()
    words = sorted((test_data / "speech/commands/yes").glob("*.wav"))
    assert words
    assert all(speech_frames(vad, recording(word)) >= 3 for word in words)


def test_steady_noise_is_no_speech(test_data: Path) -> None:
    vad = VoiceActivity()
    for name in ("helicopter_1-172649-A", "rain_1-21189-A", "sea_waves_1-91359-B"):
        noise = recording(test_data / f"speech/noise/esc10_{name}.wav")
        assert speech_frames(vad, noise) == 0


@pytest.mark.parametrize("rms", [0.0, 5.0, 300.0])
def test_silence_and_hiss_are_no_speech(rms: float) -> None:
    assert speech_frames(VoiceActivity(), room(2.0, rms)) == 0


def test_a_word_out_of_digital_silence_is_speech(test_data: Path) -> None:
    # The gate once kept the detector from the quiet before the word, and it took it for noise.
    word = recording(test_data / "speech/commands/off/0f250098_nohash_0.wav")
    silence = np.zeros(16_000, np.int16)
    assert speech_frames(VoiceActivity(), np.concatenate([silence, word])) >= 5


def test_after_a_reset_the_same_sound_gives_the_same_answer(test_data: Path) -> None:
    vad = VoiceActivity()
    word = recording(min((test_data / "speech/commands/yes").glob("*.wav")))
    first = [vad.probability(frame) for frame in frames(word)]
    vad.reset()
    assert [vad.probability(frame) for frame in frames(word)] == first


def test_a_frame_of_another_length_is_refused() -> None:
    with pytest.raises(AudioError, match=str(FRAME_BYTES)):
        VoiceActivity().speech(b"\0" * 100)


THREADS_STARTED = """
import os
from voiceskill.stt.vad import VoiceActivity
before = os.listdir("/proc/self/task")
vad = VoiceActivity()
for _ in range(20):
    vad.speech(b"\\x00\\x20" * 512)
print(len(os.listdir("/proc/self/task")) - len(before))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc")
def test_the_detector_starts_no_threads() -> None:
    # Four threads waited for each other busily: 5 % of a core on speech instead of 1 %.
    run = [sys.executable, "-c", THREADS_STARTED]
    assert subprocess.run(run, capture_output=True, text=True, check=True).stdout == "0\n"
