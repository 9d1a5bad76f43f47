"""The end of "stop" was the end of the noise in its recording, half a second after the word: the
voice seemed to be cut before it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from benchmarks.clip import speech_s
from benchmarks.turn_rig import Rig
from voiceskill.audio.sound import FRAME_S, SAMPLE_RATE, Sound
from voiceskill.audio.wav import read_wav, resample, write_wav
from voiceskill.data_files import data_file

HUM_S = 0.6


def _word() -> np.ndarray:
    """A recorded "next", from its first sound to its last."""
    samples = resample(read_wav(data_file("prompts/en/demo/05_next.ogg")), SAMPLE_RATE).samples
    loud = np.flatnonzero(np.abs(samples) > 300)
    return samples[loud[0] : loud[-1]]


def _hum() -> np.ndarray:
    """53 dB below full scale: it sounds to a meter."""
    turns = 50.0 * np.arange(round(HUM_S * SAMPLE_RATE)) / SAMPLE_RATE
    return (100.0 * np.sin(2.0 * np.pi * turns)).astype(np.int16)


def _clip(*parts: np.ndarray) -> Sound:
    return Sound(np.concatenate(parts), SAMPLE_RATE)


def test_speech_ends_with_the_word_and_not_with_what_hums_on() -> None:
    word = _word()
    assert speech_s(_clip(word, _hum())) == pytest.approx(len(word) / SAMPLE_RATE, abs=0.1)


def test_quiet_before_the_word_does_not_count() -> None:
    quiet = np.zeros(SAMPLE_RATE // 2, np.int16)
    assert speech_s(_clip(quiet, _word())) == pytest.approx(speech_s(_clip(_word())), abs=FRAME_S)


@pytest.mark.parametrize("samples", [np.zeros(SAMPLE_RATE, np.int16), _hum()])
def test_a_clip_without_speech_has_no_end_of_speech(samples: np.ndarray) -> None:
    with pytest.raises(ValueError, match="no speech"):
        speech_s(_clip(samples))


def test_a_turn_is_timed_from_the_end_of_the_word_at_the_microphone(tmp_path: Path) -> None:
    path = tmp_path / "next.wav"
    write_wav(path, _clip(_word(), _hum()))
    rig = cast(
        Rig,
        SimpleNamespace(
            person=SimpleNamespace(wav=lambda text, rms, take: path),
            _card=SimpleNamespace(say=lambda wav: None),
            microphone=SimpleNamespace(first_sound=lambda after: 100.0),
        ),
    )
    assert Rig.say(rig, "next") == 100.0 + speech_s(read_wav(path))
