"""One decoder of a Vosk model: what the engine's clock, grammar and JSON look like is known here
alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from voiceskill.audio.sound import SAMPLE_RATE
from voiceskill.errors import ModelError
from voiceskill.stt.recognizer import UNKNOWN, Word

if TYPE_CHECKING:
    from vosk import Model


class Decoded(NamedTuple):
    """What the decoder made of one utterance."""

    words: tuple[Word, ...]
    """Without the unknown ones."""

    unknown: bool
    """True when something was said that is none of the phrases."""

    @property
    def text(self) -> str:
        """The words, lower case."""
        return " ".join(word.word for word in self.words)

    @property
    def confidence(self) -> float:
        """0 to 1, the mean over the words; 0 when there is none."""
        return sum(word.conf for word in self.words) / len(self.words) if self.words else 0.0


class VoskDecoder:
    """Decodes utterances one after the other. Not thread-safe."""

    def __init__(self, model: Model, phrases: Sequence[str] = ()) -> None:
        """With ``phrases`` only their words are heard, else all that the model knows.

        Each word of the phrases must be one that the model knows. Raises ModelError when the
        engine refuses the model.
        """
        import vosk

        # A grammar of [] ends the process, and the engine does not know JSON's \\u escapes.
        grammar = [json.dumps(phrases, ensure_ascii=False)] if phrases else []
        try:
            self._recognizer = vosk.KaldiRecognizer(model, SAMPLE_RATE, *grammar)
        except Exception:
            raise ModelError("the engine cannot decode with it, so a file is damaged") from None
        self.model = model
        """The model it decodes with."""
        self._recognizer.SetWords(True)
        self._at = 0.0
        self._begun = 0
        self._fed = 0

    def knows(self, word: str) -> bool:
        """True when the model has this word, spelled like this."""
        return bool(self.model.vosk_model_find_word(word) != -1)

    def begin(self, at: float) -> None:
        """Start an utterance ``at`` seconds after the start of input."""
        if self._fed > self._begun:
            # The one before was dropped half-way: Reset() would leave the engine's clock unclear.
            self._recognizer.FinalResult()
        self._at = at
        self._begun = self._fed

    def feed(self, sound: bytes) -> None:
        """Hear 16 kHz mono int16 sound. Raises ModelError when the engine fails."""
        try:
            # The answer, whether an utterance has ended, is not for the engine to give.
            self._recognizer.AcceptWaveform(sound)
        except Exception:
            raise ModelError("the engine failed on a block of sound") from None
        self._fed += len(sound) // 2

    def partial(self) -> str:
        """The words so far, lower case, the unknown ones as UNKNOWN."""
        return str(json.loads(self._recognizer.PartialResult())["partial"].lower())

    def finish(self) -> Decoded:
        """End the utterance."""
        # The engine's clock runs on over all utterances of a decoder.
        shift = self._at - self._begun / SAMPLE_RATE
        result = json.loads(self._recognizer.FinalResult()).get("result", [])
        self._begun = self._fed
        words = tuple(
            Word(
                item["word"].lower(),
                round(item["start"] + shift, 3),
                round(item["end"] + shift, 3),
                min(1.0, item["conf"]),
            )
            for item in result
            if item["word"] != UNKNOWN
        )
        return Decoded(words, unknown=len(words) < len(result))
