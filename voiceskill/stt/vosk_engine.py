"""The recogniser that runs Vosk: hears expected phrases with a grammar and everything else with the
model's whole vocabulary."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

from voiceskill.audio.sound import SAMPLE_RATE
from voiceskill.errors import ModelError
from voiceskill.stt.recognizer import UNKNOWN, Expect, Expectation, Final, Partial
from voiceskill.stt.vosk_decoder import Decoded, VoskDecoder
from voiceskill.stt.vosk_folder import open_model, unusable

KEPT_GRAMMARS = 8
"""Decoders kept for what was expected lately; a conversation moves among fewer, and a new one takes
1 to 8 ms."""

BLOCK_FRAMES = 2
"""Frames decoded at once: 64 ms, so that the engine is not called for less than it works on."""

STABLE_BLOCKS = 2
"""So many blocks in a row give the same partial result before it is worth anything: single ones
misfire."""

GRAMMAR_CONFIDENCE = 0.6
"""A phrase with a word below this is not believed. Right words were measured at 0.5 to 1.0, mostly
above 0.7, but wrong ones reach 1.0 too: [unk] and whether it is a whole phrase decide first."""

WARM_UP_S = 0.5
"""Silence heard at the start: it shows a model that cannot decode, and takes half a second off the
first utterance."""

_log = logging.getLogger(__name__)


class VoskRecognizer:
    """A ``Recognizer``. What is expected is heard with a grammar; an utterance that is not exactly
    one of those phrases is decoded again with the whole vocabulary, so that a danger sign is never
    pressed into an expected answer. Recognisers of one folder share one model. Not thread-safe.
    """

    def __init__(self, model_folder: Path) -> None:
        """Raises ModelError when the folder is missing, damaged or no Vosk model, or vosk is not
        installed."""
        self.name = "vosk"
        model = open_model(model_folder)
        try:
            opened = VoskDecoder(model)
            opened.feed(bytes(round(WARM_UP_S * SAMPLE_RATE) * 2))
        except ModelError as fault:
            raise unusable(model_folder, str(fault)) from None
        self._open: VoskDecoder | None = opened
        self._unknown = (UNKNOWN,) if opened.knows(UNKNOWN) else ()
        if not self._unknown:
            _log.info("the model lacks %s: it may press a strange word into a phrase", UNKNOWN)
        self._grammars: OrderedDict[tuple[str, ...], VoskDecoder] = OrderedDict()
        self._phrases: tuple[str, ...] = ()
        self._used: VoskDecoder | None = None
        self._used_phrases: tuple[str, ...] = ()
        self._begun = 0.0
        self._samples = 0
        self._utterance = bytearray()
        self._pending = bytearray()
        self._partial = ""
        self._same_blocks = 0

    def expect(self, expectation: Expectation) -> None:
        """Hear these phrases in the utterances from now on; those with a word that the model lacks
        are left to the open vocabulary."""
        self._phrases = ()
        if expectation.kind is not Expect.OPEN:
            self._phrases = self._heard_phrases(expectation.phrases)
        if self._phrases:
            self._grammar(self._phrases)

    def begin(self, at: float) -> None:
        """Start an utterance ``at`` seconds after the start of input; drops an unfinished one."""
        self._used_phrases = self._phrases
        self._used = self._grammar(self._phrases) if self._phrases else self._opened()
        self._used.begin(at)
        self._begun = at
        self._samples = 0
        self._utterance.clear()
        self._pending.clear()
        self._partial = ""
        self._same_blocks = 0

    def feed(self, frame: bytes) -> Partial | None:
        """Hear one frame; answer when the words so far have changed."""
        used = self._running()
        self._samples += len(frame) // 2
        self._pending += frame
        if len(self._pending) < BLOCK_FRAMES * len(frame):
            return None
        self._hear_pending(used)
        partial = used.partial()
        if partial == self._partial:
            self._same_blocks += 1
            return None
        before, self._partial, self._same_blocks = self._text, partial, 1
        return Partial(self._text, self._now) if self._text not in ("", before) else None

    def peek(self) -> Final | None:
        """The partial result, once it stands still; None when it may be none of the phrases."""
        if self._same_blocks < STABLE_BLOCKS or UNKNOWN in self._partial or not self._partial:
            return None
        if self._used_phrases and self._partial not in self._used_phrases:
            return None
        return Final(self._partial, 1.0, self._begun, self._now)

    def finish(self) -> Final:
        """End the utterance. One that is none of the phrases takes another decoding: 0.1 of its
        length with a small model."""
        used = self._running()
        self._hear_pending(used)
        decoded = used.finish()
        self._used = None
        if self._used_phrases and not self._believed(decoded):
            _log.debug("not one of the expected phrases: %r", decoded.text)
            opened = self._opened()
            opened.begin(self._begun)
            opened.feed(bytes(self._utterance))
            decoded = opened.finish()
        return Final(
            text=decoded.text,
            confidence=decoded.confidence,
            start=decoded.words[0].start if decoded.words else self._begun,
            end=decoded.words[-1].end if decoded.words else self._now,
            words=decoded.words,
        )

    def missing_words(self, phrases: Sequence[str]) -> list[str]:
        """The words of the phrases that the model does not know, sorted. Raises ModelError after
        ``close``."""
        knows = self._opened().knows
        words = {word for phrase in phrases for word in phrase.lower().split()}
        return sorted(word for word in words if not knows(word))

    def close(self) -> None:
        """Free the decoders, and the model when nobody else has it open; safe to call twice."""
        self._grammars.clear()
        self._used = None
        self._open = None

    @property
    def _text(self) -> str:
        """The partial result without the unknown words."""
        return " ".join(word for word in self._partial.split() if word != UNKNOWN)

    @property
    def _now(self) -> float:
        return self._begun + self._samples / SAMPLE_RATE

    def _believed(self, decoded: Decoded) -> bool:
        return (
            not decoded.unknown
            and decoded.text in self._used_phrases
            and min(word.conf for word in decoded.words) >= GRAMMAR_CONFIDENCE
        )

    def _heard_phrases(self, phrases: Sequence[str]) -> tuple[str, ...]:
        """The phrases all of whose words the model knows, sorted and spelled as it answers."""
        spelled = {" ".join(phrase.lower().split()) for phrase in phrases} - {""}
        heard = sorted(phrase for phrase in spelled if not self.missing_words([phrase]))
        if len(heard) < len(spelled):
            _log.debug("words that the model lacks: %s", self.missing_words(phrases))
        return tuple(heard)

    def _grammar(self, phrases: tuple[str, ...]) -> VoskDecoder:
        decoder = self._grammars.get(phrases)
        if decoder is None:
            decoder = VoskDecoder(self._opened().model, (*phrases, *self._unknown))
            self._grammars[phrases] = decoder
        self._grammars.move_to_end(phrases)
        if len(self._grammars) > KEPT_GRAMMARS:
            self._grammars.popitem(last=False)
        return decoder

    def _hear_pending(self, used: VoskDecoder) -> None:
        sound = bytes(self._pending)
        self._pending.clear()
        if not sound:
            return
        if self._used_phrases:
            self._utterance += sound
        used.feed(sound)

    def _running(self) -> VoskDecoder:
        if self._used is None:
            raise ModelError("vosk was fed outside an utterance; call begin() first")
        return self._used

    def _opened(self) -> VoskDecoder:
        if self._open is None:
            raise ModelError("this recogniser is closed; open another")
        return self._open
