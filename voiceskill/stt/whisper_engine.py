"""Whisper tiny.en as the recogniser that needs no download of its own: one utterance at a time,
prompted with what is expected, made to look at little more than was said."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voiceskill.audio.sound import FRAME_SAMPLES, SAMPLE_RATE
from voiceskill.errors import ModelError
from voiceskill.stt import models
from voiceskill.stt.plain_text import plain
from voiceskill.stt.recognizer import Expect, Expectation, Final, Partial, Word
from voiceskill.stt.trust import doubt, repeats

MODEL = "tiny.en"
"""Its name in the manifest of models."""

CONTEXT_S = 13.0
"""What the encoder sees at least. Encoding takes a third of the time of 30 s at the same word
errors (9.0 %); at 12 s Whisper began to repeat itself on one sentence of 40."""

PADDING_S = 4.0
"""Silence after the speech at least: with 1 s Whisper repeats itself on most sentences."""

FULL_CONTEXT_S = 30.0
"""What Whisper was trained on; heard again with it when a short look made it repeat itself."""

MAX_PROMPT_TOKENS = 100
"""Of 448 tokens in all; 79 cost 20 ms more than none, and nobody expects more."""

BEAM = 5
"""One point fewer word errors than greedy decoding with short contexts."""

MIN_TOKENS = 12
TOKENS_PER_S = 8.0
"""Bound of the output's length: the fastest of 40 recorded sentences has 6 tokens a second."""

THREADS = 1
"""An utterance of 3 s takes 0.16 s with one thread and 0.21 s with two, on two virtual cores that
share one: so short a text gains nothing from more."""

VOICED_BELOW_PEAK_DB = 30.0
"""Frames louder than this below the loudest carry the words, for their approximate times."""

_LOG = logging.getLogger(__name__)


class WhisperRecognizer:
    """Hears an utterance when it is complete: no partial results. Not thread-safe."""

    name = "whisper"

    def __init__(self) -> None:
        """Load the model. Raises ModelError when package or weights are missing or damaged."""
        models.verify(MODEL)
        try:
            from faster_whisper import WhisperModel
            from faster_whisper.tokenizer import Tokenizer
        except ImportError:
            raise ModelError(
                "the engine whisper is not installed; type: pip install 'voiceskill[whisper]'"
            ) from None
        folder = str(models.path(MODEL))
        try:
            self._whisper: Any = WhisperModel(
                folder, device="cpu", compute_type="int8", cpu_threads=THREADS
            )
        except (OSError, RuntimeError, ValueError) as fault:
            raise ModelError(
                f"the model in {folder} cannot be loaded: {fault}; "
                "type: pip install --force-reinstall faster-whisper ctranslate2"
            ) from None
        self._tokenizer: Any = Tokenizer(self._whisper.hf_tokenizer, multilingual=False)
        self._expectation = Expectation(Expect.OPEN)
        self._prompt: list[int] = []
        self._prompted: frozenset[str] = frozenset()
        self._frames: list[bytes] = []
        self._at = 0.0
        self._peeked: Final | None = None

    def expect(self, expectation: Expectation) -> None:
        """Prompt with the phrases of the expectation from the next utterance on."""
        self._expectation = expectation

    def begin(self, at: float) -> None:
        """Start an utterance whose first frame lies ``at`` seconds after the start of input."""
        self._frames = []
        self._peeked = None
        self._at = at
        self._prompt = self._prompt_tokens(self._expectation.phrases)
        phrases = self._expectation.phrases
        self._prompted = frozenset(word for phrase in phrases for word in plain(phrase).split())

    def feed(self, frame: bytes) -> Partial | None:
        """Keep one frame; Whisper has no partial results."""
        self._frames.append(frame)
        self._peeked = None
        return None

    def peek(self) -> Final:
        """Recognise the sound so far; kept until more is fed."""
        if self._peeked is None:
            self._peeked = self._recognise()
        return self._peeked

    def finish(self) -> Final:
        """Recognise the utterance."""
        final = self.peek()
        self._frames = []
        self._peeked = None
        return final

    def missing_words(self, phrases: Sequence[str]) -> list[str]:  # noqa: ARG002 - the protocol's
        """Whisper spells what it hears: no word is beyond it."""
        return []

    def close(self) -> None:
        """Free the model; safe to call twice."""
        if self._whisper is not None:
            self._whisper.model.unload_model()
            self._whisper = None

    def _recognise(self) -> Final:
        samples = np.frombuffer(b"".join(self._frames), np.int16).astype(np.float32) / 32768.0
        seconds = len(samples) / SAMPLE_RATE
        if not len(samples):
            return Final("", 0.0, self._at, self._at, rejected="no sound")
        start, end = _voiced(samples)
        text, log_probability, no_speech = self._hear(samples, CONTEXT_S)
        if repeats(text.split()):
            text, log_probability, no_speech = self._hear(samples, FULL_CONTEXT_S)
        words = text.split()
        reason = doubt(words, self._prompted, log_probability, no_speech, end - start)
        confidence = math.exp(min(0.0, log_probability))
        if reason is not None:
            _LOG.info("rejected %r: %s", text, reason)
            return Final("", confidence, self._at, self._at + seconds, rejected=reason)
        timed = _spread(words, self._at + start, self._at + end, confidence)
        return Final(text, confidence, self._at, self._at + seconds, timed)

    def _prompt_tokens(self, phrases: Sequence[str]) -> list[int]:
        """The phrases as the sentences that seem to have been said before, as many as fit."""
        tokens: list[int] = []
        for phrase in phrases:
            more = self._tokenizer.encode(f" {phrase[:1].upper()}{phrase[1:]}.")
            if len(tokens) + len(more) > MAX_PROMPT_TOKENS:
                break
            tokens += more
        return [self._tokenizer.sot_prev, *tokens] if tokens else []

    def _hear(self, samples: NDArray[np.float32], context_s: float) -> tuple[str, float, float]:
        """Text, mean log-probability of its tokens, probability that there is no speech."""
        from ctranslate2 import StorageView

        seconds = len(samples) / SAMPLE_RATE
        look_s = min(FULL_CONTEXT_S, max(context_s, seconds + PADDING_S))
        padded = np.zeros(int(look_s * SAMPLE_RATE), np.float32)
        padded[: len(samples)] = samples[: len(padded)]
        mel = self._whisper.feature_extractor(padded, padding=0)
        tokenizer = self._tokenizer
        prompt = [*self._prompt, *tokenizer.sot_sequence, tokenizer.no_timestamps]
        result = self._whisper.model.generate(
            StorageView.from_array(np.ascontiguousarray(mel[np.newaxis])),
            [prompt],
            beam_size=BEAM,
            max_length=len(prompt) + MIN_TOKENS + round(TOKENS_PER_S * seconds),
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        tokens = result.sequences_ids[0]
        # The score is the mean without the closing token, which counts as well.
        log_probability = result.scores[0] * len(tokens) / (len(tokens) + 1)
        return plain(tokenizer.decode(tokens)), log_probability, result.no_speech_prob


def _voiced(samples: NDArray[np.float32]) -> tuple[float, float]:
    """From when to when there is voice in an utterance, seconds since its start."""
    frames = np.array_split(samples, max(1, len(samples) // FRAME_SAMPLES))
    levels = np.array([float(np.sqrt(np.mean(frame * frame))) for frame in frames])
    loud = np.flatnonzero(levels >= levels.max() * 10.0 ** (-VOICED_BELOW_PEAK_DB / 20.0))
    frame_s = len(samples) / SAMPLE_RATE / len(frames)
    return float(loud[0]) * frame_s, float(loud[-1] + 1) * frame_s


def _spread(words: Sequence[str], start: float, end: float, conf: float) -> tuple[Word, ...]:
    """The words over the voiced time, each as long as its letters make it."""
    ends = np.cumsum([len(word) for word in words])
    times = start + (end - start) * np.concatenate([[0], ends]) / ends[-1]
    return tuple(
        Word(word, float(times[i]), float(times[i + 1]), conf) for i, word in enumerate(words)
    )
