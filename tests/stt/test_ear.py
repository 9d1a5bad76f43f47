"""Where utterances begin and end: recorded voices, and a recogniser that keeps what it is fed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.stt.streams import finals, frames, in_room, recording, room
from tests.stt.tape import Tape
from voiceskill.audio.sound import FRAME_S, SAMPLE_RATE
from voiceskill.stt.ear import MAX_UTTERANCE_S, PRE_ROLL_S, QUIET_S, Ear, SpeechStarted
from voiceskill.stt.recognizer import Expect, Expectation, Final, Partial
from voiceskill.stt.vad import VoiceActivity


@pytest.fixture
def tape() -> Tape:
    return Tape()


@pytest.fixture
def ear(tape: Tape) -> Ear:
    return Ear(tape, VoiceActivity())


@pytest.fixture
def sentence(test_data: Path) -> np.ndarray:
    return recording(test_data / "speech/english/vctk_p239_029.wav")


def test_the_beginning_of_a_word_is_kept(ear: Ear, tape: Tape, test_data: Path) -> None:
    # The "s" of "stop" is no voice yet: it lies before the onset.
    for path in sorted((test_data / "speech/commands/stop").glob("*.wav"))[:5]:
        ear.reset()
        begun = ear.now
        word = recording(path)
        heard = [item for frame in frames(in_room(word)) for item in ear.feed(frame)]
        onset = next(item.at for item in heard if isinstance(item, SpeechStarted))
        at, samples = tape.utterances[-1]
        assert onset - at >= PRE_ROLL_S
        fed_from = round((at - begun) * SAMPLE_RATE)
        assert np.array_equal(samples[:4000], in_room(word)[fed_from : fed_from + 4000])


def test_an_utterance_gives_its_start_its_partials_and_its_end(
    ear: Ear, sentence: np.ndarray
) -> None:
    heard = [item for frame in frames(in_room(sentence)) for item in ear.feed(frame)]
    assert [type(item) for item in heard] == [SpeechStarted, Partial, Final]
    started, final = heard[0], heard[-1]
    assert isinstance(final, Final)
    assert isinstance(started, SpeechStarted)
    assert 1.0 <= started.at == final.start < final.end <= 1.0 + len(sentence) / SAMPLE_RATE + 0.1


@pytest.mark.parametrize("kind", list(Expect))
def test_an_utterance_ends_after_the_quiet_that_fits_what_was_asked(
    kind: Expect, ear: Ear, sentence: np.ndarray
) -> None:
    ear.listen_for(Expectation(kind))
    for frame in frames(in_room(sentence)):
        final = next((item for item in ear.feed(frame) if isinstance(item, Final)), None)
        if final:
            break
    assert final is not None
    assert ear.now - final.end == pytest.approx(QUIET_S[kind], abs=1.5 * FRAME_S)
    assert not ear.speaking


def test_what_is_too_short_is_not_recognised(ear: Ear, tape: Tape, test_data: Path) -> None:
    word = in_room(recording(min((test_data / "speech/commands/stop").glob("*.wav"))))
    ear.listen_for(Expectation(Expect.YES_NO, shortest_s=2.0))
    assert [final.rejected for final in finals(ear, word)] == ["too short"]
    ear.listen_for(Expectation(Expect.YES_NO, shortest_s=0.1))
    assert [final.rejected for final in finals(ear, word)] == [None]
    assert len(tape.utterances) == 1


def test_what_is_expected_reaches_the_recogniser(ear: Ear, tape: Tape) -> None:
    expectation = Expectation(Expect.YES_NO, ("yes", "no"))
    ear.listen_for(expectation)
    assert tape.expected == [expectation]


def test_two_sentences_are_two_utterances(ear: Ear, tape: Tape, sentence: np.ndarray) -> None:
    assert len(finals(ear, np.concatenate([in_room(sentence), in_room(sentence)]))) == 2
    (_, first), (second_at, second) = tape.utterances
    assert second_at > len(in_room(sentence)) / SAMPLE_RATE
    assert len(first) == pytest.approx(len(second), abs=3 * 512)


def test_a_pause_for_breath_does_not_end_an_answer_to_where(ear: Ear, sentence: np.ndarray) -> None:
    ear.listen_for(Expectation(Expect.WHERE))
    spoken = sentence[10_000:43_000]  # 0.14 s of quiet before the voice, none after it
    with_pause = np.concatenate([in_room(spoken, after_s=0.6), spoken, room(2.0)])
    assert len(finals(ear, with_pause)) == 1


@pytest.mark.parametrize("rms", [0.0, 40.0, 1000.0])
def test_silence_and_hiss_give_nothing(rms: float, ear: Ear) -> None:
    assert [item for frame in frames(room(5.0, rms)) for item in ear.feed(frame)] == []
    assert ear.flush() is None


def test_noise_of_a_household_gives_no_final(ear: Ear, test_data: Path) -> None:
    noises = [
        path
        for path in sorted((test_data / "speech/noise").glob("*.wav"))
        if "sneeze" not in path.name  # two sneezes have a voice in them; the engine rejects them
    ]
    assert len(noises) > 10
    for path in noises:
        ear.reset()
        assert finals(ear, recording(path)) == [], path.name


def test_endless_talk_is_cut_and_heard_on(ear: Ear, tape: Tape, sentence: np.ndarray) -> None:
    talk = np.tile(sentence[8000:40000], 15)
    heard = finals(ear, talk)
    assert len(heard) == 2
    assert len(tape.utterances[0][1]) / SAMPLE_RATE == pytest.approx(MAX_UTTERANCE_S, abs=0.1)
    (first_at, first), (second_at, _) = tape.utterances
    assert 0.0 <= second_at - (first_at + len(first) / SAMPLE_RATE) < 0.2


def test_the_end_of_the_input_finishes_the_utterance(ear: Ear, sentence: np.ndarray) -> None:
    for frame in frames(sentence):
        assert not any(isinstance(item, Final) for item in ear.feed(frame))
    assert ear.speaking
    final = ear.flush()
    assert final is not None
    assert final.text == "said"
    assert ear.flush() is None


def test_skipped_time_moves_the_clock(ear: Ear, sentence: np.ndarray) -> None:
    plain = finals(ear, in_room(sentence))[0]
    skipped_from = ear.now
    ear.skip(7.5)
    later = finals(ear, in_room(sentence))[0]
    assert later.start - plain.start == pytest.approx(skipped_from + 7.5, abs=FRAME_S)


def test_what_was_heard_before_a_reset_is_dropped(
    ear: Ear, tape: Tape, sentence: np.ndarray
) -> None:
    for frame in frames(sentence[:32_000]):
        ear.feed(frame)
    assert ear.speaking
    ear.reset()
    assert not ear.speaking
    assert ear.flush() is None
    assert tape.utterances == []
