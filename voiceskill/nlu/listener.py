"""Finds everything in an utterance that its meaning is made of, before any intent is chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from voiceskill.content.labels import BodyPart, Symptom, Urgency
from voiceskill.nlu import body, scope, symptoms
from voiceskill.nlu.content import NluContent
from voiceskill.nlu.heard import Heard
from voiceskill.nlu.mishearing import Change, Mishearings
from voiceskill.nlu.normalise import sentences
from voiceskill.nlu.sound_mender import SoundMender
from voiceskill.nlu.spotter import Span, Spotter

_WINDOW_WORDS = 80
"""Longer talk is read piece by piece: the time stays linear and danger at the end is not lost."""
_OVERLAP_WORDS = 20
"""A sign that lies across the edge of two pieces is whole in one of them."""


@dataclass(frozen=True)
class Piece:
    """A piece of an utterance (nearly always all of it) with what was found in it."""

    heard: Heard
    misheard: bool
    """Whether a word was taken for another."""
    covers: list[scope.Cover]
    parts: list[tuple[Span, BodyPart]]
    present: frozenset[Symptom]
    denied: frozenset[Symptom]
    as_heard: Piece | None = None
    """The piece as it was before words were taken for others that only sound like them."""


class Listener:
    """Reads utterances with all words and templates of one language."""

    def __init__(self, content: NluContent, levels: Mapping[Symptom, Urgency | None]) -> None:
        """``levels`` is how urgent each symptom is. Raises ContentError naming a bad template."""
        self._content = content
        self._levels = levels
        self._mishearings = Mishearings(content)
        self._sounds = SoundMender(content)
        self._spotter = Spotter(dict(self._named_words()), content.rules)

    def listen(self, text: str) -> Iterator[Piece]:
        """The pieces of the utterance; none when it has no words."""
        for words, ends in _windows(sentences(text)):
            heard = Heard(words, ends, self._spotter.spot(words))
            changes = self._mishearings.changes(words, heard.spotted)
            plain = self._piece(self._mended(heard, changes), bool(changes))
            yield self._by_sound(plain)

    def _named_words(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        yield from self._content.cues.items()
        yield from symptoms.named_words(self._content.symptoms)
        yield from scope.named_words(self._content.scopes)
        yield from body.named_words(self._content.body)
        yield from self._mishearings.named_words()

    def _by_sound(self, plain: Piece) -> Piece:
        """The piece with words mended by their sound, unless that would make an emergency or take
        a sign away: too much hangs on it for a likeness."""
        changes = self._sounds.changes(plain.heard.text, plain.heard.spotted)
        if not changes:
            return plain
        mended = self._piece(self._mended(plain.heard, changes), True)
        made = mended.present - plain.present
        if any(self._levels.get(sign) is Urgency.EMERGENCY for sign in made):
            return plain
        return replace(mended, as_heard=plain) if plain.present <= mended.present else plain

    def _mended(self, heard: Heard, changes: Sequence[Change]) -> Heard:
        """The utterance with its changes, and sentences that end where they did."""
        if not changes:
            return heard
        text, ends = heard.text, heard.ends
        for (start, end), meant in reversed(changes):
            text = text[:start] + meant + text[end:]
            longer = len(meant) - (end - start)
            ends = tuple(place + longer if place >= end else place for place in ends)
        return Heard(text, ends, self._spotter.spot(text))

    def _piece(self, heard: Heard, misheard: bool) -> Piece:
        covers = scope.covers(heard, self._content.scopes)
        present, denied = symptoms.find_symptoms(heard, self._content.symptoms, covers)
        parts = body.part_spans(heard, self._content.body)
        self._note(heard, present, denied, has_part=bool(parts))
        return Piece(heard, misheard, covers, parts, present, denied)

    def _note(
        self,
        heard: Heard,
        present: frozenset[Symptom],
        denied: frozenset[Symptom],
        has_part: bool,
    ) -> None:
        """Add what was found out to what was spotted: it tells something about the intent."""
        whole = [(0, len(heard.text))]
        for symptom in present:
            level = self._levels.get(symptom)
            heard.spotted[f"present {symptom.value}"] = whole
            heard.spotted[f"present level {level.value}" if level else "present context"] = whole
        if denied:
            heard.spotted["denied sign"] = whole
        if has_part:
            heard.spotted["any part"] = whole


def _windows(parts: list[str]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Pieces of at most ``_WINDOW_WORDS`` words, with where sentences end in them."""
    words: list[str] = []
    ends: set[int] = set()
    for part in parts:
        words += part.split()
        ends.add(len(words))
    for first in range(0, len(words), _WINDOW_WORDS - _OVERLAP_WORDS):
        if first and first + _OVERLAP_WORDS >= len(words):
            return
        window = words[first : first + _WINDOW_WORDS]
        lengths = [
            len(" ".join(window[: end - first]))
            for end in sorted(ends)
            if first < end < first + len(window)
        ]
        yield " ".join(window), tuple(length + 1 for length in lengths)
