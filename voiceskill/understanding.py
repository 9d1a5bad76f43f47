"""The understanding of one language by itself: all that ``voiceskill understand`` needs."""

from __future__ import annotations

from functools import lru_cache

from voiceskill.content.loader import load_yaml
from voiceskill.content.model import SymptomContent
from voiceskill.data_files import data_file
from voiceskill.nlu.content import load_nlu_content
from voiceskill.nlu.nlu import Nlu


@lru_cache(maxsize=4)
def load_nlu(language: str = "en") -> Nlu:
    """The understanding of one language, read once. Raises ContentError."""
    folder = data_file(f"prompts/{language}")
    symptoms: list[SymptomContent] = load_yaml(folder / "symptoms.yaml", list[SymptomContent])
    levels = {symptom.label: symptom.level for symptom in symptoms}
    return Nlu(load_nlu_content(folder / "nlu"), levels)
