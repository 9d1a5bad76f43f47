"""Whose voice it is that the gate opened for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.audio.echo_rooms import (
    OTHER_CLOCK_PPM,
    ROOMS,
    clean,
    echo_of,
    heard,
    less_db,
    moved_from,
    own_voice,
    spoken_in,
    voiced_rms,
)
from voiceskill.audio import echo, over_own_voice
from voiceskill.audio.alignment import HISTORY, Alignment
from voiceskill.audio.gate import Gate
from voiceskill.audio.likeness import DELAYS
from voiceskill.audio.over_own_voice import OverOwnVoice
from voiceskill.audio.sound import FRAME_SAMPLES, SAMPLE_RATE
from voiceskill.audio.wav import read_wav

KITCHEN = ROOMS[1]

Samples = NDArray[np.int16]


@pytest.fixture(scope="module")
def own(canceller: None) -> Samples:
    return own_voice(20.0)


def _noticed(over: OverOwnVoice, frames: int) -> list[bool]:
    """Whether somebody is noticed by each of so many frames of any sound."""
    frame = np.full(FRAME_SAMPLES, 100, np.int16)
    noticed = []
    for _ in range(frames):
        over.process(frame, frame)
        noticed.append(over.spoken)
    return noticed


def _listening(sound: Samples, own: Samples) -> Iterator[OverOwnVoice]:
    """As it is after each frame."""
    over = OverOwnVoice()
    for start in range(0, len(sound), FRAME_SAMPLES):
        span = slice(start, start + FRAME_SAMPLES)
        over.process(sound[span], own[span])
        yield over


@pytest.mark.parametrize("sounding", [1, 25, 60, 500])
def test_nothing_stands_out_against_silence(sounding: int) -> None:
    """The assistant has just fallen silent and a person answers."""
    random = np.random.default_rng(5)
    alignment = Alignment()
    played = np.zeros(HISTORY, np.float32)
    end = HISTORY - DELAYS + sounding
    played[end - 4_000 : end] = random.normal(0.0, 1_000.0, 4_000)
    for block in played.reshape(-1, FRAME_SAMPLES):
        alignment.read(block)

    likeness = alignment.seek(random.normal(0.0, 1_000.0, 2_048).astype(np.float32))

    assert likeness.peak < echo.OWN_CLEAR


def test_a_rumble_that_breaks_off_with_the_own_voice_is_no_echo(own: Samples) -> None:
    """Both are compared up to now; that they end there at once makes them no more alike."""
    random = np.random.default_rng(7)
    alignment = Alignment()
    peaks = []
    for block in own[: 400 * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES):
        alignment.read(block.astype(np.float32))
        rumble = np.cumsum(random.normal(0.0, 100.0, 2_048)).astype(np.float32)
        peaks.append(alignment.seek(rumble).peak)
    assert np.mean(np.array(peaks) > echo.OWN_CLEAR) < 0.01
    assert max(peaks) < echo.MOVED_CLEAR


def test_the_echo_is_found_again_where_it_was_after_it_came_too_early_to_be_read() -> None:
    """Nothing can be read that has not been played; the filter waits at its place meanwhile."""
    alignment = Alignment()
    noise = np.random.default_rng(6).normal(0.0, 1_000.0, 4 * HISTORY).astype(np.float32)
    for index, block in enumerate(noise.reshape(-1, FRAME_SAMPLES)):
        alignment.read(block)
        start = index * FRAME_SAMPLES - 300
        alignment.look(noise[start : start + FRAME_SAMPLES] if start >= 0 else np.zeros_like(block))
    before = alignment.past(FRAME_SAMPLES)

    assert alignment.jump(0, sure=True)
    assert not np.allclose(alignment.past(FRAME_SAMPLES), before, atol=1.0)
    assert alignment.jump(300, sure=True)
    assert np.allclose(alignment.past(FRAME_SAMPLES), before, atol=1.0)


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


def test_where_the_echo_is_seen_every_eighth_of_a_second_it_is_believed_to_be(own: Samples) -> None:
    alignment = clean(heard(echo_of(own, KITCHEN)), own).over.canceller.alignment
    assert alignment.expected is not None
    later = alignment.expected + 1_000
    believed = []
    for _ in range(3):
        believed.append(alignment.jump(later, sure=False))
        for _ in range(4):
            alignment.read(np.zeros(FRAME_SAMPLES, np.float32))
            alignment.look(np.zeros(FRAME_SAMPLES, np.float32))

    assert believed == [False, True, False]
    assert alignment.expected == pytest.approx(later, abs=2)


@pytest.mark.parametrize("later", [-30, -12, -5, 5, 7, 12, 30])
def test_an_echo_that_moves_a_little_is_followed(own: Samples, later: int) -> None:
    for at_s in (11.0, 14.0, 14.3):
        at = round(at_s * SAMPLE_RATE)
        sound = heard(moved_from(echo_of(own, KITCHEN), at, later))

        done = clean(sound, own)

        after = slice(at + 2 * SAMPLE_RATE, at + 4 * SAMPLE_RATE)
        assert less_db(sound[after], np.concatenate(done.linear)[after]) > 15
        assert not done.openings


@pytest.mark.parametrize("later", [-12, 12])
def test_what_the_filter_makes_more_of_is_the_own_voice(
    own: Samples, monkeypatch: pytest.MonkeyPatch, later: int
) -> None:
    """Even where WebRTC's canceller is less sure than it usually is."""
    monkeypatch.setattr(Gate, "webrtc_db", over_own_voice.OWN_UNSETTLED_DB - 1.0)
    for at_s in (11.0, 14.0, 14.3):
        sound = heard(moved_from(echo_of(own, KITCHEN), round(at_s * SAMPLE_RATE), later))
        assert not clean(sound, own).openings


def test_a_word_said_twice_is_not_taken_for_an_echo_that_has_moved(own: Samples) -> None:
    """The same sound half a second apart: what comes back of the second is like the first, too."""
    word = own[10 * SAMPLE_RATE : 10 * SAMPLE_RATE + 7 * FRAME_SAMPLES]
    pause = np.zeros(9 * FRAME_SAMPLES, np.int16)
    again = np.concatenate([own[: 400 * FRAME_SAMPLES], *[word, pause] * 12])
    done = clean(heard(echo_of(again, KITCHEN)), again)

    assert not done.openings
    assert not done.over.canceller.shaken


@pytest.mark.parametrize("later", [-300, 900, 2_500])
def test_a_second_after_the_echo_has_moved_a_word_is_noticed(
    own: Samples, test_data: Path, later: int
) -> None:
    """What was learned of the room is kept, and the filter must not learn the person."""
    at, word_at = 14 * SAMPLE_RATE, 15 * SAMPLE_RATE
    sound = moved_from(echo_of(own, KITCHEN), at, later)
    stop = read_wav(sorted((test_data / "speech/commands/stop").glob("*.wav"))[0]).samples
    person = np.zeros_like(sound)
    spoken = spoken_in(KITCHEN, stop, voiced_rms(sound))
    person[word_at : word_at + len(spoken)] = spoken

    openings = clean(heard(sound, person), own).openings

    assert any(0 < opening - word_at < SAMPLE_RATE for opening in openings)
    assert not any(opening <= word_at for opening in openings)
    assert not clean(heard(sound), own).openings


def _loud_frames(sound: Samples, own: Samples) -> dict[int, bool]:
    """The frames of which much is left, and whether the filter knows that it is somebody else's."""
    return {
        frame: over.canceller.hears_another()
        for frame, over in enumerate(_listening(sound, own))
        if over.gate.over_own_db > over_own_voice.SURE_DB
    }


def test_the_filter_knows_another_voice_by_the_echo_that_is_in_its_place(
    own: Samples, test_data: Path
) -> None:
    at = 14 * SAMPLE_RATE
    sound = echo_of(own, KITCHEN)
    stop = read_wav(sorted((test_data / "speech/commands/stop").glob("*.wav"))[0]).samples
    person = np.zeros_like(sound)
    spoken = spoken_in(KITCHEN, stop, voiced_rms(sound))
    person[at : at + len(spoken)] = spoken
    begins = at // FRAME_SAMPLES
    ends = begins + len(spoken) // FRAME_SAMPLES + over_own_voice.DOUBTED_FRAMES

    loud = _loud_frames(heard(sound, person), own)

    known = [frame for frame, is_another in loud.items() if is_another]
    assert known
    assert begins <= known[0]
    assert known[-1] <= ends


def test_after_a_change_from_headphones_to_a_loudspeaker_nothing_is_proven(own: Samples) -> None:
    sound = echo_of(own, KITCHEN)
    sound[: 10 * SAMPLE_RATE] = 0.0
    proven = []
    for over in _listening(heard(sound), own):
        if over.canceller.begins_anew:
            break
        proven.append(over.gate.proven)

    assert over.canceller.begins_anew
    assert proven[10 * SAMPLE_RATE // FRAME_SAMPLES - 1]
    assert not over.gate.proven


def test_what_two_clocks_drift_apart_in_a_silence_is_no_move(own: Samples) -> None:
    """Before their drift is known: 6 samples in 3.5 s."""
    frames = own[: 312 * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
    silent = np.zeros((109, FRAME_SAMPLES), np.int16)
    played = np.concatenate([frames[:93], silent, frames[93:]]).ravel()

    done = clean(heard(echo_of(played, KITCHEN, OTHER_CLOCK_PPM)), played)

    assert done.over.canceller.alignment.delay_s is not None
    assert not done.over.canceller.moved_lately
    assert not done.openings


@pytest.mark.parametrize("later", [-2_000, -300, 9, 300, 2_500])
def test_the_filter_knows_nobody_in_an_echo_that_has_moved(own: Samples, later: int) -> None:
    for at_s in (11.0, 14.0, 14.3):
        sound = heard(moved_from(echo_of(own, KITCHEN), round(at_s * SAMPLE_RATE), later))
        loud = _loud_frames(sound, own)
        assert not any(loud.values())
        assert loud or abs(later) < 100


@pytest.mark.parametrize(
    ("over_own_db", "proven", "webrtc_db", "is_another", "noticed"),
    [
        (over_own_voice.SURE_DB + 1, True, over_own_voice.SURE_LEFT_DB + 1, True, True),
        (over_own_voice.SURE_DB - 1, True, over_own_voice.SURE_LEFT_DB + 1, True, False),
        (over_own_voice.SURE_UNPROVEN_DB + 1, False, over_own_voice.SURE_LEFT_DB + 1, True, True),
        (over_own_voice.SURE_UNPROVEN_DB - 1, False, over_own_voice.SURE_LEFT_DB + 1, True, False),
        (over_own_voice.SURE_DB + 1, True, over_own_voice.SURE_LEFT_DB - 1, True, False),
        (over_own_voice.SURE_DB + 1, True, over_own_voice.SURE_LEFT_DB + 1, False, False),
    ],
)
def test_whom_the_filter_knows_is_noticed_while_the_gate_has_nothing_to_go_by(
    monkeypatch: pytest.MonkeyPatch,
    canceller: None,
    over_own_db: float,
    proven: bool,
    webrtc_db: float,
    is_another: bool,
    noticed: bool,
) -> None:
    over = OverOwnVoice()
    monkeypatch.setattr(over.gate, "feed", lambda *_, **__: False)
    monkeypatch.setattr(Gate, "over_own_db", over_own_db)
    monkeypatch.setattr(Gate, "proven", proven)
    monkeypatch.setattr(Gate, "webrtc_db", webrtc_db)
    monkeypatch.setattr(over.canceller, "hears_another", lambda: is_another)

    assert _noticed(over, 1) == [noticed]


def test_the_own_voice_is_missed_where_it_was_once_it_has_moved(own: Samples) -> None:
    at = 14 * SAMPLE_RATE // FRAME_SAMPLES * FRAME_SAMPLES
    sound = heard(moved_from(echo_of(own, KITCHEN), at, -1_000))
    end = at + 16 * FRAME_SAMPLES  # half a second
    missed = [over.canceller.misses_own_voice() for over in _listening(sound[:end], own)]

    moved = at // FRAME_SAMPLES
    assert sum(missed[moved - 60 : moved]) <= 6
    assert sum(missed[moved + 2 : moved + 6]) >= 2


@pytest.mark.parametrize(
    ("missed", "moved", "proven", "waited"),
    [
        (False, False, False, over_own_voice.DECIDED_FRAMES),
        (False, True, True, over_own_voice.DECIDED_FRAMES),
        (False, True, False, over_own_voice.UNPROVEN_FRAMES),
        (True, False, True, over_own_voice.DOUBTED_FRAMES),
    ],
)
def test_it_is_decided_later_where_it_may_have_been_the_own_voice(
    monkeypatch: pytest.MonkeyPatch,
    canceller: None,
    missed: bool,
    moved: bool,
    proven: bool,
    waited: int,
) -> None:
    """When exactly: the gate is made to open, and the own voice to be heard in its place or not."""
    over = OverOwnVoice()
    monkeypatch.setattr(over.canceller, "chase_own_voice", lambda: False)
    monkeypatch.setattr(over.canceller, "misses_own_voice", lambda: missed)
    monkeypatch.setattr(type(over.canceller), "moved_lately", moved)
    monkeypatch.setattr(over.gate, "feed", lambda *_, **__: True)
    monkeypatch.setattr(type(over.gate), "threshold_db", -7.0 if proven else None)
    noticed = _noticed(over, 20)

    assert noticed.index(True) == waited
    assert all(noticed[waited:])


def test_what_webrtc_leaves_nothing_of_is_the_own_voice_for_a_second(
    monkeypatch: pytest.MonkeyPatch, canceller: None
) -> None:
    over = OverOwnVoice()
    monkeypatch.setattr(over.canceller, "chase_own_voice", lambda: False)
    monkeypatch.setattr(over.gate, "feed", lambda *_, **__: True)
    monkeypatch.setattr(Gate, "webrtc_db", over_own_voice.OWN_DB - 1.0)
    noticed = _noticed(over, 2 * over_own_voice.MOST_OWN_FRAMES)

    most = over_own_voice.MOST_OWN_FRAMES + 2 * over_own_voice.DOUBTED_FRAMES
    assert not any(noticed[: over_own_voice.MOST_OWN_FRAMES])
    assert all(noticed[most:])


def test_who_is_heard_by_the_filter_first_is_noticed_as_soon_as_webrtc_leaves_something(
    monkeypatch: pytest.MonkeyPatch, canceller: None
) -> None:
    """A soft beginning: the gate opens for two frames, and WebRTC needs four more."""
    over = OverOwnVoice()
    opened, left_db = iter([True, True] + [False] * 20), iter([-50.0] * 6 + [-5.0] * 20)
    monkeypatch.setattr(over.canceller, "chase_own_voice", lambda: False)
    monkeypatch.setattr(over.gate, "feed", lambda *_, **__: next(opened))
    monkeypatch.setattr(Gate, "webrtc_db", property(lambda _: next(left_db)))
    noticed = _noticed(over, 9)

    assert noticed.index(True) == 6


@pytest.mark.parametrize("every", [1, 4, 9])
def test_whoever_is_taken_for_the_own_voice_is_noticed_after_a_second(
    monkeypatch: pytest.MonkeyPatch, canceller: None, every: int
) -> None:
    """A search for the echo that is deceived again and again: no simulated voice deceives it for so
    long."""
    over = OverOwnVoice()
    frames = count()
    monkeypatch.setattr(over.canceller, "chase_own_voice", lambda: next(frames) % every == 0)
    monkeypatch.setattr(over.canceller, "misses_own_voice", lambda: True)
    monkeypatch.setattr(over.gate, "feed", lambda *_, **__: True)
    noticed = _noticed(over, 2 * over_own_voice.MOST_OWN_FRAMES)

    most = over_own_voice.MOST_OWN_FRAMES + over_own_voice.DOUBTED_FRAMES
    assert not any(noticed[: over_own_voice.MOST_OWN_FRAMES - every])
    assert all(noticed[most + every :])
