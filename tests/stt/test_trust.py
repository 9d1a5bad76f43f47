"""When a text that the model wrote is not believed."""

from __future__ import annotations

import pytest

from voiceskill.stt.trust import doubt, repeats

PROMPTED = frozenset({"yes", "no", "stop"})


def test_a_sure_word_is_believed() -> None:
    assert doubt(["stop"], PROMPTED, -0.3, 0.1, 0.5) is None


def test_a_prompted_word_needs_more_certainty_than_an_unexpected_one() -> None:
    assert doubt(["stop"], PROMPTED, -0.9, 0.1, 0.5)
    assert doubt(["swollen"], PROMPTED, -0.9, 0.1, 0.5) is None


def test_few_prompted_words_for_long_speech_need_as_much() -> None:
    assert doubt(["stop", "no", "stop", "no"], PROMPTED, -0.9, 0.1, 8.0)
    assert doubt(["stop", "no", "stop", "no"], PROMPTED, -0.3, 0.1, 8.0) is None
    assert doubt(["stop", "no", "stop", "no"], PROMPTED, -0.9, 0.1, 2.0) is None


@pytest.mark.parametrize(
    ("words", "log_probability", "no_speech", "speech_s"),
    [
        ([], -0.1, 0.1, 1.0),
        (["swollen"], -1.5, 0.1, 1.0),
        (["swollen"], -0.1, 0.8, 1.0),
        (["okay"] * 12, -0.1, 0.1, 1.0),
    ],
)
def test_doubtful_texts_are_rejected(
    words: list[str], log_probability: float, no_speech: float, speech_s: float
) -> None:
    assert doubt(words, PROMPTED, log_probability, no_speech, speech_s)


def test_stop_said_four_times_in_two_seconds_is_believed() -> None:
    assert doubt(["stop"] * 4, PROMPTED, -0.3, 0.1, 2.0) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no no", False),
        ("it hurts it hurts", False),
        ("no no no no", True),
        ("my leg is stiff my leg is stiff", True),
        ("my leg is stiff and my arm is stiff", False),
        ("", False),
    ],
)
def test_repetition_is_noticed(text: str, expected: bool) -> None:
    assert repeats(text.split()) is expected


@pytest.mark.parametrize(
    ("text", "seconds", "believed"),
    [
        ("no no no no", 0.85, True),
        ("help help help help", 0.85, True),
        ("no no no no stop it hurts", 1.4, True),
        ("stop stop stop stop stop stop stop stop stop stop", 1.0, False),
        ("it hurts it hurts it hurts it hurts", 1.4, False),
    ],
)
def test_panic_repeats_a_word_faster_than_anybody_speaks_sentences(
    text: str, seconds: float, believed: bool
) -> None:
    assert (doubt(text.split(), PROMPTED, -0.3, 0.1, seconds) is None) is believed
