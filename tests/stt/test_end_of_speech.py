"""When an utterance is over: a command at once, a sentence after its silence, a gasp not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.stt.streams import Samples, finals, frames, in_room, recording, room
from tests.stt.tape import Tape
from voiceskill.audio.sound import FRAME_S, FRAME_SAMPLES, SAMPLE_RATE
from voiceskill.audio.wav import resample
from voiceskill.content.unfinished import default_unfinished
from voiceskill.stt.ear import (
    EARLY_QUIET_S,
    NO_SPEECH_S,
    QUIET_S,
    UNFINISHED_QUIET_S,
    Ear,
    SpeechStarted,
)
from voiceskill.stt.recognizer import Expect, Expectation, Final
from voiceskill.stt.vad import VoiceActivity
from voiceskill.tts.pyttsx3_voice import Pyttsx3Voice

COMMANDS = Expectation(Expect.YES_NO, ("yes", "no", "stop"), early=("stop",))


@pytest.fixture
def tape() -> Tape:
    return Tape()


@pytest.fixture
def ear(tape: Tape) -> Ear:
    return Ear(tape, VoiceActivity(), default_unfinished().matches)


@pytest.fixture
def word(test_data: Path) -> Samples:
    return recording(test_data / "speech/commands/stop/0cb74144_nohash_0.wav")


@pytest.fixture
def sentence(test_data: Path) -> Samples:
    # 0.14 s of quiet before the voice, none after it
    return recording(test_data / "speech/english/vctk_p239_029.wav")[10_000:43_000]


@pytest.fixture(scope="module")
def plosives() -> Iterator[dict[str, Samples]]:
    """Words that begin with a burst, as a voice says them: 16 kHz, from their first sample."""
    voice = Pyttsx3Voice("en-us")
    try:
        words = {}
        for text in ("stop", "pause", "toe"):
            samples = resample(voice.render(text, 145), SAMPLE_RATE).samples
            words[text] = samples[np.flatnonzero(np.abs(samples) > 100)[0] :]
        yield words
    finally:
        voice.close()


def quiet_before_the_end(ear: Ear, samples: Samples) -> float:
    """Seconds from the last speech to the Final."""
    for frame in frames(samples):
        for item in ear.feed(frame):
            if isinstance(item, Final):
                return ear.now - item.end
    raise AssertionError("the utterance did not end")


def test_a_command_is_taken_before_the_silence(ear: Ear, tape: Tape, word: Samples) -> None:
    ear.listen_for(COMMANDS)
    tape.so_far = "stop"
    assert quiet_before_the_end(ear, in_room(word)) <= EARLY_QUIET_S + FRAME_S


@pytest.mark.parametrize("text", ["no", "stop it hurts", ""])
def test_what_is_not_exactly_a_command_waits_for_the_silence(
    text: str, ear: Ear, tape: Tape, word: Samples
) -> None:
    ear.listen_for(COMMANDS)
    tape.so_far = text
    quiet = quiet_before_the_end(ear, in_room(word))
    assert quiet == pytest.approx(QUIET_S[Expect.YES_NO], abs=1.5 * FRAME_S)


def test_a_long_sentence_is_no_command(ear: Ear, tape: Tape, sentence: Samples) -> None:
    ear.listen_for(COMMANDS)
    tape.so_far = "stop"
    quiet = quiet_before_the_end(ear, in_room(sentence))
    assert quiet == pytest.approx(QUIET_S[Expect.YES_NO], abs=1.5 * FRAME_S)


def test_what_follows_a_command_is_an_utterance_of_its_own_and_no_sound_is_heard_twice(
    ear: Ear, tape: Tape, word: Samples
) -> None:
    ear.listen_for(COMMANDS)
    tape.so_far = "stop"
    assert len(finals(ear, np.concatenate([in_room(word, after_s=0.1), in_room(word, 0.0)]))) == 2
    (first_at, first), (second_at, _) = tape.utterances
    assert second_at >= first_at + len(first) / SAMPLE_RATE - 0.001


@pytest.mark.parametrize("text", ["it's the back of my", "and", "i can't"])
def test_a_gasp_does_not_cut_a_sentence_in_two(
    text: str, ear: Ear, tape: Tape, sentence: Samples
) -> None:
    tape.so_far = text
    gasp = np.concatenate([in_room(sentence, after_s=1.2), sentence, room(1.0)])
    assert len(finals(ear, gasp)) == 1
    # Nothing of the gasp is missing either.
    (at, heard) = tape.utterances[0]
    begun = round(at * SAMPLE_RATE)
    assert np.array_equal(heard, gasp[begun : begun + len(heard)])


def test_even_an_unfinished_sentence_ends(ear: Ear, tape: Tape, sentence: Samples) -> None:
    tape.so_far = "my"
    quiet = quiet_before_the_end(ear, in_room(sentence, after_s=3.0))
    assert quiet == pytest.approx(UNFINISHED_QUIET_S, abs=1.5 * FRAME_S)


def test_quiet_after_a_look_is_not_looked_at_again(ear: Ear, tape: Tape, sentence: Samples) -> None:
    # The recogniser that has looked need not decode the same words once more.
    tape.so_far = "so it is"
    (final,) = finals(ear, in_room(sentence))
    ((at, heard),) = tape.utterances
    quiet_heard = at + len(heard) / SAMPLE_RATE - final.end
    assert 0.5 < quiet_heard < 0.7 < QUIET_S[Expect.OPEN]


@pytest.mark.parametrize("noise_rms", [10.0, 100.0])
def test_a_word_that_begins_with_a_burst_is_heard_from_its_first_sample(
    noise_rms: float, ear: Ear, tape: Tape, plosives: dict[str, Samples]
) -> None:
    for samples in plosives.values():
        ear.reset()
        begun = ear.now
        finals(ear, np.concatenate([room(1.0, noise_rms), samples, room(2.0, noise_rms)]))
        at, _ = tape.utterances[-1]
        assert at - begun <= 1.0


def test_an_interruption_begins_with_what_was_heard_before(
    ear: Ear, tape: Tape, word: Samples
) -> None:
    # The gate noticed the voice: its last second was skipped, but is the beginning of the word.
    spoken = list(frames(in_room(word, 0.3, 1.0)))
    before, rest = spoken[:25], spoken[25:]
    ear.listen_for(COMMANDS)
    tape.so_far = "stop"
    ear.skip(10.0)

    results = ear.start_now(before)
    assert ear.now == 10.0
    started = results[0]
    assert isinstance(started, SpeechStarted)
    assert 10.0 - 25 * FRAME_S <= started.at < 10.0
    assert any(isinstance(item, Final) for frame in rest for item in ear.feed(frame))

    (at, heard) = tape.utterances[0]
    assert at == pytest.approx(10.0 - 25 * FRAME_S)
    assert np.array_equal(heard[: 25 * FRAME_SAMPLES], np.frombuffer(b"".join(before), np.int16))
    assert not ear.speaking


def test_a_whole_command_before_the_cut_is_taken_at_once(
    ear: Ear, tape: Tape, word: Samples
) -> None:
    ear.listen_for(COMMANDS)
    tape.so_far = "stop"
    spoken = list(frames(in_room(word, 0.0, 0.3)))
    ear.skip(20.0)
    final = ear.start_now(spoken)[-1]
    assert isinstance(final, Final)
    assert final.start < final.end <= 20.0


def test_an_interruption_that_was_none_is_dropped(ear: Ear, tape: Tape) -> None:
    ear.skip(5.0)
    results = ear.start_now(list(frames(room(1.0))))
    assert not any(isinstance(item, Final) for item in results)
    waited_s = 0.0
    while ear.speaking:
        results = ear.feed(room(FRAME_S).tobytes())
        waited_s += FRAME_S
    (final,) = results
    assert isinstance(final, Final)
    assert final.text == ""
    assert final.rejected
    assert waited_s == pytest.approx(NO_SPEECH_S, abs=1.5 * FRAME_S)
    assert tape.utterances == []
