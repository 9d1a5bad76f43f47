"""Turns lines of prompts/ into what is spoken: slots filled in, sentence by sentence."""

from __future__ import annotations

from collections.abc import Mapping

from hassil.numbers import get_rbnf_engine

from voiceskill.content.labels import Symptom
from voiceskill.content.model import Content, Line
from voiceskill.dialogue.actions import Say
from voiceskill.dialogue.state import State


class Speech:
    """Says lines for one conversation."""

    def __init__(self, content: Content, state: State, region: str | None) -> None:
        """``region`` as in regions.yaml; an unknown one means "your emergency number"."""
        self._content = content
        self._state = state
        known = content.regions.get(region.upper()) if region else None
        self._number = known.number if known else self._stand_in("number")

    def prompt(self, prompt: str, **slots: str) -> Say:
        """One prompt of lines.yaml."""
        return self.line(prompt, self._content.prompts[prompt], **slots)

    def line(self, name: str, line: Line, **slots: str) -> Say:
        """Any line, under the id ``name``; ``slots`` go before what the conversation knows."""
        if "{" not in line.say:
            return Say(name, line.sentences, line.sources)
        filled = {**self._known_slots(), **slots}
        sentences = tuple(_capital(text.format_map(filled)) for text in line.sentences)
        return Say(name, sentences, line.sources)

    def in_words(self, number: int) -> str:
        """ "20" as it is spoken: "twenty"."""
        result = get_rbnf_engine(self._content.language).format_number(str(number))
        return str(result.text).replace("-", " ")

    def symptom_name(self, symptom: Symptom | None) -> str:
        """How a symptom is spoken back."""
        if symptom is None:
            return self._stand_in("symptom")
        return self._content.symptoms[symptom].name

    def _known_slots(self) -> Mapping[str, str]:
        state = self._state
        part = self._content.part_names[state.part] if state.part else self._stand_in("part")
        stretch = state.run.stretch.spoken_name if state.run else self._stand_in("stretch")
        return {
            "number": self._number,
            "part": part,
            "stretch": stretch,
            "symptom": self._stand_in("symptom"),
            "seconds": self.in_words(0),
            "steps": self.in_words(0),
        }

    def _stand_in(self, slot: str) -> str:
        return self._content.prompts[f"unknown_{slot}"].say.rstrip(".")


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
