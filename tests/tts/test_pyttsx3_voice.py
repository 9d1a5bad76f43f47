"""The real pyttsx3 with its real espeak, in its child process."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import psutil
import pytest

from voiceskill.audio.sound import Sound
from voiceskill.errors import BadInputError, VoiceError
from voiceskill.tts.pyttsx3_voice import MAX_TEXT_CHARS, Pyttsx3Voice

SENTENCE = "Put your left foot flat on the floor and lean slowly forward."
WPM = 160


def loudness(sound: Sound) -> float:
    return float(np.abs(sound.samples.astype(np.int32)).max()) / 32768


def test_thirty_sentences_in_a_row_are_each_spoken_in_full(voice: Pyttsx3Voice) -> None:
    sentences = [f"Step {number}. Hold the stretch gently." for number in range(1, 31)]
    sounds = [voice.render(sentence, WPM) for sentence in sentences]
    assert all(1.5 < sound.seconds < 5 for sound in sounds)
    assert all(loudness(sound) > 0.2 for sound in sounds)
    assert len({sound.samples.tobytes() for sound in sounds}) == 30


def test_twelve_words_last_as_long_as_the_rate_says(voice: Pyttsx3Voice) -> None:
    sound = voice.render(SENTENCE, WPM)
    assert sound.samples.dtype == np.int16
    assert sound.samples.ndim == 1
    assert sound.seconds == pytest.approx(12 / WPM * 60, rel=0.3)


def test_a_new_rate_is_never_lost(voice: Pyttsx3Voice) -> None:
    # pyttsx3 loses a rate that is set right before speaking, two times in three.
    for _ in range(8):
        slow, fast = voice.render(SENTENCE, 120), voice.render(SENTENCE, 240)
        assert slow.seconds > 1.5 * fast.seconds


def test_the_long_silence_at_the_end_is_cut(voice: Pyttsx3Voice) -> None:
    sound = voice.render("Well done.", WPM)
    last_heard = np.flatnonzero(np.abs(sound.samples.astype(np.int32)) > 33)[-1]
    assert (len(sound.samples) - last_heard) / sound.rate <= 0.081
    assert loudness(sound) > 0.2


@pytest.mark.parametrize("text", ["", "  \n ", "\x00", "\ud800"])
def test_nothing_to_say_is_refused(voice: Pyttsx3Voice, text: str) -> None:
    with pytest.raises(BadInputError, match="nothing to say"):
        voice.render(text, WPM)


def test_too_long_a_text_is_refused_and_the_longest_is_spoken(voice: Pyttsx3Voice) -> None:
    with pytest.raises(BadInputError, match="Split"):
        voice.render("a" * (MAX_TEXT_CHARS + 1), WPM)
    longest = ("Hold it there and breathe out slowly. " * 100)[: MAX_TEXT_CHARS - 1]
    assert voice.render(longest, WPM).seconds > 40


def test_a_text_that_crashes_the_engine_takes_nothing_else_with_it(voice: Pyttsx3Voice) -> None:
    # espeak-ng 1.52 overruns its stack on five hundred capitals with full stops.
    with suppress(VoiceError):
        voice.render("A." * 500, WPM)
    assert voice.render(SENTENCE, WPM).seconds > 2


def test_that_the_voice_was_started_anew_is_told_once() -> None:
    told: list[str] = []
    voice = Pyttsx3Voice(tell=told.append)
    try:
        voice.start()
        (child,) = psutil.Process().children()[-1:]
        child.kill()
        child.wait(5)
        assert voice.render(SENTENCE, WPM).seconds > 2
    finally:
        voice.close()
    assert len(told) == 1
    assert told[0].endswith("It is started anew.")


@pytest.mark.parametrize("rate_wpm", [-1, 0, 79, 451])
def test_a_rate_that_nobody_can_speak_is_refused(voice: Pyttsx3Voice, rate_wpm: int) -> None:
    with pytest.raises(BadInputError, match=f"{rate_wpm} words a minute"):
        voice.render(SENTENCE, rate_wpm)


def test_lone_surrogates_and_zero_bytes_do_not_cut_the_sentence(voice: Pyttsx3Voice) -> None:
    whole = voice.render("Lean forward and hold it there.", WPM)
    broken = voice.render("Lean\x00forward \ud800 and\nhold it there.", WPM)
    assert broken.seconds == pytest.approx(whole.seconds, rel=0.1)


@pytest.mark.parametrize("text", ["...", "?", "-"])
def test_a_text_without_words_is_a_short_silence(voice: Pyttsx3Voice, text: str) -> None:
    assert voice.render(text, WPM).seconds < 0.2


@pytest.mark.parametrize("text", ["<b>hold</b> it & breathe", "Say “stop” — 100 % naïve", "跟我说"])
def test_markup_and_foreign_letters_are_just_text(voice: Pyttsx3Voice, text: str) -> None:
    assert voice.render(text, WPM).seconds > 0.5


def test_every_listed_english_voice_speaks(voice: Pyttsx3Voice) -> None:
    english = [name for name in voice.voices() if name.startswith("en")]
    assert len(english) >= 2
    for name in english:
        other = Pyttsx3Voice(name)
        try:
            assert loudness(other.render("Breathe out.", WPM)) > 0.2
        finally:
            other.close()


@pytest.mark.parametrize("name", ["en-gb", "en-US", "en+f3", "en-gb+f2", "English (America)"])
def test_languages_variants_and_names_are_voices_too(name: str) -> None:
    other = Pyttsx3Voice(name)
    try:
        assert other.render("Breathe out.", WPM).seconds > 0.3
    finally:
        other.close()


def test_two_voices_sound_different(voice: Pyttsx3Voice) -> None:
    other = Pyttsx3Voice("en-us+f3")
    try:
        first, second = voice.render(SENTENCE, WPM), other.render(SENTENCE, WPM)
    finally:
        other.close()
    assert voice.name != other.name
    length = min(len(first.samples), len(second.samples))
    likeness = np.corrcoef(first.samples[:length], second.samples[:length])[0, 1]
    assert abs(likeness) < 0.5


@pytest.mark.parametrize("name", ["", "xx-nowhere", "en+nobody", "en+", "../en", "\x00", "\ud800"])
def test_an_unknown_voice_is_refused_and_some_known_ones_are_named(name: str) -> None:
    other = Pyttsx3Voice(name)
    with pytest.raises(BadInputError, match=r"no voice .*en-us") as caught:
        other.start()
    assert "\n" not in str(caught.value)
