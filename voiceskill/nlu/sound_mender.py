"""Takes words for those of this domain that they sound like, where their company says so: "my cat
is cramping" is about a calf, "my cat is sick" about a cat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from voiceskill.nlu.content import NluContent
from voiceskill.nlu.mishearing import Change
from voiceskill.nlu.sound_alike import SoundAlike
from voiceskill.nlu.sound_slots import Slot, load_sound_slots
from voiceskill.nlu.spotter import Span

_LONGEST_RUN_WORDS = 3
"""Recognisers write one long word as up to three short ones: "die alice is"."""
_ALIKE_IN_PIECES = 0.68
"""How alike several words must sound to one: many would, with the words around them."""
_AS_GOOD = 0.06
"""Likenesses no further apart tell nothing: "cat" is 0.55 like "quad" and 0.50 like "calf"."""
_TAKEN = ("part ", "symptom ")
"""What begins so was understood as it was heard."""

Spotted = Mapping[str, list[Span]]


@dataclass(frozen=True)
class _Likeness:
    alike: float
    start: int
    end: int
    meant: str


class SoundMender:
    """Mends by sound, with the slots of one language."""

    def __init__(self, content: NluContent) -> None:
        """Raises ContentError when the slots cannot be read."""
        data = load_sound_slots(content.folder, content.cues)
        self._slots = data.slots
        self._stays = frozenset(data.stays)
        self._guarded = frozenset(content.polite.guarded)
        self._fits = data.fits
        self._sounds = SoundAlike(data.sounds_as)
        self._firsts = {
            slot.meant: {self._sounds.begins_with(meant) for meant in slot.meant}
            for slot in data.slots
        }

    def changes(self, text: str, spotted: Spotted) -> list[Change]:
        """Where words of this domain are meant by those that sound like them, in order.

        ``spotted`` is what was found in the text as it is. Numbers and negations never change.
        """
        words = text.split()
        free = self._free(words, spotted)
        heard = set(words)
        taken: list[_Likeness] = []
        for slot in self._slots:
            if not _has_company(slot, spotted, heard):
                continue
            found = self._likenesses(slot, words, free)
            for likeness in sorted(found, key=lambda one: (-one.alike, one.start)):
                places = slice(likeness.start, likeness.end)
                if all(free[places]):
                    taken.append(likeness)
                    free[places] = [False] * (likeness.end - likeness.start)
        begins = [0, *accumulate(len(word) + 1 for word in words)]
        return sorted(((begins[one.start], begins[one.end] - 1), one.meant) for one in taken)

    def _free(self, words: list[str], spotted: Spotted) -> list[bool]:
        """Of each word, whether it may be taken for another."""
        fixed = [span for name in self._fits for span in spotted.get(name, ())]
        for name, spans in spotted.items():
            if name.startswith(_TAKEN):
                fixed += spans
        free = []
        begin = 0
        for word in words:
            end = begin + len(word)
            held = any(start < end and begin < stop for start, stop in fixed)
            free.append(not held and word not in self._guarded)
            begin = end + 1
        return free

    def _likenesses(self, slot: Slot, words: list[str], free: list[bool]) -> Iterator[_Likeness]:
        for start, end in self._places(slot, words, free):
            run = words[start:end]
            alike = {meant: self._alike(run, meant) for meant in slot.meant}
            best = max(alike.values())
            enough = max(slot.alike, _ALIKE_IN_PIECES) if len(run) > 1 else slot.alike
            if best >= enough:
                # The first of those that are as good as equal: they stand in order of frequency.
                meant = next(m for m in slot.meant if alike[m] >= max(enough, best - _AS_GOOD))
                yield _Likeness(alike[meant], start, end, meant)

    def _places(self, slot: Slot, words: list[str], free: list[bool]) -> Iterator[tuple[int, int]]:
        """From which to which word the slot may be."""
        for start in self._starts(slot, words, free):
            for end in range(start + 1, min(start + _LONGEST_RUN_WORDS, len(words)) + 1):
                if not free[end - 1] or words[end - 1] in slot.before:
                    break
                if slot.before and (end == len(words) or words[end] not in slot.before):
                    continue
                if not slot.whole or end == len(words):
                    yield start, end

    def _starts(self, slot: Slot, words: list[str], free: list[bool]) -> Iterator[int]:
        """At which words the slot may begin."""
        for start, word in enumerate(words):
            if not free[start] or word in self._stays:
                continue
            if slot.after:
                may_begin = _stands_after(slot, words, start)
            elif slot.whole:
                may_begin = start == 0
            else:
                may_begin = self._sounds.begins_with(word) in self._firsts[slot.meant]
            if may_begin:
                yield start

    def _alike(self, run: list[str], meant: str) -> float:
        """0 to 1; 0 when some of what may be meant was heard: what stands beside it is not that."""
        parts = meant.split()
        if len(run) != len(parts) and not set(parts).isdisjoint(run):
            return 0.0
        return self._sounds.alike(" ".join(run), meant)


def _has_company(slot: Slot, spotted: Spotted, words: set[str]) -> bool:
    if slot.after and words.isdisjoint(slot.phrases_before):
        return False
    if slot.before and words.isdisjoint(slot.before):
        return False
    if slot.near and spotted.keys().isdisjoint(slot.near):
        return False
    if not spotted.keys().isdisjoint(slot.unless):
        return False
    return not (slot.no_part and any(name.startswith("part ") for name in spotted))


def _stands_after(slot: Slot, words: list[str], start: int) -> bool:
    for phrase in slot.phrases_before.get(words[start - 1], ()) if start else ():
        first = start - len(phrase)
        if first >= 0 and tuple(words[first:start]) == phrase and not (slot.whole and first):
            return True
    return False
