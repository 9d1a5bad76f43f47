"""Whether a text that Whisper wrote was said at all: on noise it makes words up, with pleasure
those it was prompted with."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

MIN_LOG_PROBABILITY = -1.2
"""Mean over the tokens, below it nothing is believed: 40 recorded sentences are at -1.07 or
above, 15 of 33 noises and silences below."""

MIN_PROMPTED_LOG_PROBABILITY = -0.7
"""For a short text of prompted words only. 59 recorded "yes", "no" and "stop" are at -0.56 or
above, 29 of 33 noises and silences below."""

PROMPTED_WORDS = 3
"""A longer text of prompted words is no echo: it follows what was said."""

MIN_WORDS_PER_S = 1.0
"""Unless nobody speaks as slowly: of eight seconds of other talk the model once made "it hurts it
hurts"."""

MAX_NO_SPEECH_PROBABILITY = 0.6
"""Recorded words and sentences reach 0.60; 13 of 33 noises and silences lie above."""

MAX_WORDS_PER_S = 4.5
"""The fastest of 40 recorded sentences has 3.5; Whisper's loops have 5.4 and more."""

MAX_CRIES_PER_S = 8.0
"""Of one word again and again, as in "no no no no": somebody in panic says five in a second. In 662
looks at recorded words, sentences and noises there was one run of a word, of 1.3 a second."""


def doubt(
    words: Sequence[str],
    prompted: frozenset[str],
    log_probability: float,
    no_speech_probability: float,
    speech_s: float,
) -> str | None:
    """Why the words should not be believed, or None.

    ``prompted`` are the words Whisper was told to expect, ``speech_s`` how long the voice lasted.
    """
    if not words:
        return "no words"
    if no_speech_probability > MAX_NO_SPEECH_PROBABILITY:
        return f"probably no speech ({no_speech_probability:.2f})"
    is_little = len(words) <= max(PROMPTED_WORDS, MIN_WORDS_PER_S * speech_s)
    echo = is_little and prompted.issuperset(words)
    needed = MIN_PROMPTED_LOG_PROBABILITY if echo else MIN_LOG_PROBABILITY
    if log_probability < needed:
        return f"too uncertain (log-probability {log_probability:.2f}, needs {needed})"
    cried_once = [word for word, _ in groupby(words)]
    fastest = MAX_WORDS_PER_S if repeats(cried_once) else MAX_CRIES_PER_S
    if repeats(words) and len(words) > fastest * speech_s:
        return "repeats itself faster than anybody speaks"
    return None


def repeats(words: Sequence[str]) -> bool:
    """True when three words or more come twice in a row, or one or two words four times."""
    for period in range(1, len(words) // 2 + 1):
        times = 2 if period >= 3 else 4
        for start in range(len(words) - times * period + 1):
            stretch = words[start : start + times * period]
            if all(word == stretch[i % period] for i, word in enumerate(stretch)):
                return True
    return False
