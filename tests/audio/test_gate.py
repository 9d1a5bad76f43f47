"""Who speaks over the assistant is noticed; the assistant itself is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.audio.echo_rooms import (
    ONE_CLOCK_PPM,
    OTHER_CLOCK_PPM,
    ROOMS,
    EchoRoom,
    clean,
    echo_of,
    heard,
    less_db,
    moved_from,
    own_voice,
    spoken_in,
    voiced_rms,
)
from voiceskill.audio.echo import Cleaned
from voiceskill.audio.gate import Gate
from voiceskill.audio.sound import FRAME_SAMPLES, SAMPLE_RATE
from voiceskill.audio.wav import read_wav

KITCHEN = ROOMS[1]
LATEST_S = 0.35
"""From the beginning of a recording, of which up to 0.1 s is breath and the "s"."""

Samples = NDArray[np.int16]


@pytest.fixture(scope="module")
def own(canceller: None) -> Samples:
    return own_voice(34.0)


def _stops(test_data: Path) -> list[Samples]:
    """Without the quiet before the word."""
    found = []
    for path in sorted((test_data / "speech/commands/stop").glob("*.wav"))[:4]:
        samples = read_wav(path).samples
        loud = np.abs(samples.astype(np.int32)) > np.abs(samples.astype(np.int32)).max() // 4
        found.append(samples[max(0, int(np.argmax(loud)) - SAMPLE_RATE // 10) :])
    return found


@pytest.mark.parametrize("ppm", [ONE_CLOCK_PPM, OTHER_CLOCK_PPM])
def test_stop_is_noticed_over_a_voice_twice_as_loud(
    own: Samples, test_data: Path, ppm: float
) -> None:
    sound = echo_of(own, KITCHEN, ppm)
    person = np.zeros_like(sound)
    places = [round(seconds * SAMPLE_RATE) for seconds in (22, 25, 28, 31)]
    for at, samples in zip(places, _stops(test_data), strict=True):
        spoken = spoken_in(KITCHEN, samples, voiced_rms(sound) / 2)
        person[at : at + len(spoken)] = spoken

    openings = clean(heard(sound, person), own).openings

    found = [
        [at for at in openings if 0 < at - place <= LATEST_S * SAMPLE_RATE] for place in places
    ]
    assert sum(map(bool, found)) >= 3
    assert not [at for at in openings if not any(0 < at - p < SAMPLE_RATE for p in places)]


@pytest.mark.parametrize(
    ("room", "ppm"),
    [(ROOMS[0], ONE_CLOCK_PPM), (ROOMS[2], OTHER_CLOCK_PPM)],
    ids=["living room, one clock", "bathroom, two clocks"],
)
def test_the_own_voice_alone_is_not_taken_for_somebody(
    own: Samples, room: EchoRoom, ppm: float
) -> None:
    done = clean(heard(echo_of(own, room, ppm)), own)

    assert done.openings == []
    assert done.over.gate.threshold_db is not None


def test_a_sound_server_that_buffers_anew_interrupts_once_at_most(own: Samples) -> None:
    """Up to 0.17 s are put in or lost at once, four times in half a minute."""
    sound = echo_of(own, KITCHEN)
    for at_s, later_s in ((12, 0.08), (17, 0.14), (22, -0.06), (27, 0.17)):
        sound = moved_from(sound, at_s * SAMPLE_RATE, round(later_s * SAMPLE_RATE))

    done = clean(heard(sound), own)

    assert len(done.openings) <= 1
    assert done.over.canceller.shaken
    last = slice(31 * SAMPLE_RATE, 34 * SAMPLE_RATE)
    assert less_db(heard(sound)[last], np.concatenate(done.linear)[last]) > 15


def test_a_fan_is_noticed_for_a_moment_at_most(own: Samples) -> None:
    sound = echo_of(own, KITCHEN)
    fan = np.random.default_rng(4).normal(0.0, 150.0, len(sound)).astype(np.float32)
    fan[: 15 * SAMPLE_RATE] = 0.0

    openings = clean(heard(sound, fan), own).openings

    assert len(openings) <= 1


def test_nobody_speaks_over_an_assistant_that_is_silent(canceller: None, test_data: Path) -> None:
    said = read_wav(sorted((test_data / "speech/english").glob("*.wav"))[0]).samples
    microphone = heard(spoken_in(KITCHEN, said, 2_000.0))

    assert clean(microphone, np.zeros_like(microphone)).openings == []


def test_with_headphones_a_word_is_noticed(own: Samples, test_data: Path) -> None:
    person = np.zeros(len(own), np.float32)
    at = 10 * SAMPLE_RATE
    spoken = spoken_in(KITCHEN, _stops(test_data)[0], 1_500.0)
    person[at : at + len(spoken)] = spoken

    openings = clean(heard(person), own).openings

    assert openings
    assert all(0 < opening - at < LATEST_S * SAMPLE_RATE for opening in openings[:1])


def test_with_headphones_the_filter_is_believed_though_it_has_nothing_to_do(own: Samples) -> None:
    """WebRTC's canceller may take a person for an echo that it has not met yet."""
    assert clean(heard(np.zeros(len(own), np.float32)), own).over.gate.threshold_db is not None


def test_a_greeting_into_the_digital_silence_of_a_headset_is_not_cut(own: Samples) -> None:
    """The canceller fills silence with a hiss of its own, which once opened the gate."""
    assert clean(np.zeros_like(own), own).openings == []


def test_after_a_false_alarm_the_filter_is_believed_only_once_it_is_proven(own: Samples) -> None:
    done = clean(heard(echo_of(own, KITCHEN)), own)
    proven_db = done.over.gate.threshold_db

    done.over.gate.distrust()

    assert proven_db is not None
    assert done.over.gate.threshold_db is None


def test_the_gate_tells_how_much_less_webrtc_left_than_the_filter() -> None:
    gate = Gate()
    loud = np.full(FRAME_SAMPLES, 3_000, np.int16)
    nothing = np.zeros(FRAME_SAMPLES, np.int16)
    echo = np.zeros(FRAME_SAMPLES, np.float32)

    gate.feed(Cleaned(residual=loud, linear=loud, echo=echo), loud)
    assert gate.webrtc_db == pytest.approx(0.0)
    for _ in range(4):
        gate.feed(Cleaned(residual=nothing, linear=loud, echo=echo), loud)
    assert gate.webrtc_db < -60.0
    gate.feed(Cleaned(residual=loud // 10, linear=loud, echo=echo), loud)
    assert gate.webrtc_db == pytest.approx(-20.0, abs=0.1)
