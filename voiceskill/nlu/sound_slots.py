"""The places in talk where a word of this domain is expected, and which words it may be: what
is needed to mend by sound (prompts/en/nlu/sound_slots.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from pydantic import Field

from voiceskill.content.loader import load_yaml
from voiceskill.content.model import Strict
from voiceskill.errors import ContentError
from voiceskill.nlu.normalise import normalise

FILE_NAME = "sound_slots.yaml"


class Slot(Strict):
    """A place for a word, told by its company."""

    meant: tuple[str, ...] = Field(min_length=1)
    """The words that may have been said there; of two that sound as alike the first is taken."""
    after: tuple[str, ...] = ()
    """Words or phrases one of which stands right before; none named: any may."""
    before: tuple[str, ...] = ()
    """Words of which one stands right after; none named: any may."""
    near: tuple[str, ...] = ()
    """Cues of which one must be in the utterance; none named: none is needed."""
    unless: tuple[str, ...] = ()
    """Cues that must not be in the utterance: what is looked for was understood as it is."""
    no_part: bool = False
    """Whether the utterance must name no body part."""
    whole: bool = False
    """Whether it is, with what ``after`` names, the whole utterance."""
    alike: float = Field(gt=0, le=1)
    """How alike the sounds must be at least: the stronger the company, the less."""

    @cached_property
    def phrases_before(self) -> Mapping[str, tuple[tuple[str, ...], ...]]:
        """The words of each phrase of ``after``, by the last of them."""
        phrases = [tuple(phrase.split()) for phrase in self.after]
        return {last: tuple(p for p in phrases if p[-1] == last) for *_, last in phrases}


class SoundSlots(Strict):
    """All slots of one language."""

    sounds_as: Mapping[str, str]
    """Words whose letters mislead about their sound, respelt."""
    stays: tuple[str, ...]
    """Words that are never taken for others: they mean themselves even in these places."""
    fits: tuple[str, ...]
    """Cues whose words are never taken for others."""
    slots: tuple[Slot, ...]


def load_sound_slots(folder: Path, cues: Mapping[str, object]) -> SoundSlots:
    """Read the file in ``folder``. Raises ContentError for names that are no cue and for words
    that are not written as they are heard after normalising."""
    path = folder / FILE_NAME
    read: SoundSlots = load_yaml(path, SoundSlots)
    for name in (*read.fits, *(n for slot in read.slots for n in (*slot.near, *slot.unless))):
        if name not in cues:
            raise ContentError(f"{path}: '{name}' is no cue; add it to cues/ or correct the name")
    for word in (word for slot in read.slots for word in slot.meant):
        if normalise(word) != word:
            raise ContentError(f"{path}: '{word}' is never heard so; write '{normalise(word)}'")
    return read
