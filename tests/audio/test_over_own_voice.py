"""Whose voice it is that the gate opened for."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.audio.echo_rooms import (
    ROOMS,
    clean,
    echo_of,
    heard,
    own_voice,
)
from voiceskill.audio import echo
from voiceskill.audio.alignment import HISTORY, WINDOW, Alignment
from voiceskill.audio.sound import FRAME_SAMPLES, SAMPLE_RATE

KITCHEN = ROOMS[1]

Samples = NDArray[np.int16]


@pytest.fixture(scope="module")
def own(canceller: None) -> Samples:
    return own_voice(20.0)


@pytest.mark.parametrize("sounding", [1, 25, 60, 500])
def test_nothing_stands_out_against_silence(sounding: int) -> None:
    """The assistant has just fallen silent and a person answers."""
    random = np.random.default_rng(5)
    alignment = Alignment()
    played = np.zeros(HISTORY, np.float32)
    end = HISTORY - WINDOW + sounding
    played[end - 4_000 : end] = random.normal(0.0, 1_000.0, 4_000)
    for block in played.reshape(-1, FRAME_SAMPLES):
        alignment.read(block)

    clear, _ = alignment.seek(random.normal(0.0, 1_000.0, 2_048).astype(np.float32))

    assert clear < echo.OWN_CLEAR


def test_where_the_echo_seems_to_be_is_believed_at_once_only_when_it_is_sure(own: Samples) -> None:
    canceller = clean(heard(echo_of(own, KITCHEN)), own).over.canceller
    alignment = canceller.alignment
    before_s = alignment.delay_s
    assert before_s is not None
    later = round(before_s * SAMPLE_RATE) + 1_000

    assert not alignment.jump(later, sure=False)
    assert alignment.delay_s == before_s
    assert alignment.jump(later, sure=True)
    assert alignment.delay_s == pytest.approx(before_s + 1_000 / SAMPLE_RATE, abs=0.001)
