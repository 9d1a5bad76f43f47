"""Turns lines of prompts/ into what is spoken: slots filled in, sentence by sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hassil.numbers import get_rbnf_engine

from voiceskill.content.labels import Symptom
from voiceskill.content.model import Content, Line
from voiceskill.dialogue.actions import Say
from voiceskill.dialogue.state import State


class Speech:
    """Says lines for one conversation."""

    def __init__(self, content: Content, state: State) -> None:
        """Without a region in ``state`` the number is "your emergency number"."""
        self._content = content
        self._state = state

    def prompt(self, prompt: str, **slots: str) -> Say:
        """One prompt of lines.yaml."""
        return self.line(prompt, self._content.prompts[prompt], **slots)

    def line(self, name: str, line: Line, **slots: str) -> Say:
        """Any line, under the id ``name``; ``slots`` go before what the conversation knows."""
        spoken = line.sentences_for_other if self._state.is_helper else line.sentences
        if not any("{" in text for text in spoken):
            return Say(name, spoken, line.sources)
        filled = {**self._known_slots(), **slots}
        sentences = tuple(_capital(text.format_map(filled)) for text in spoken)
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

    def either(self, names: Sequence[str]) -> str:
        """Some names in a row, for a question: "a cough, fever, or pain"."""
        if len(names) < 2:
            return names[0] if names else self._stand_in("symptom")
        joined = self._words("either")
        return joined.format(symptom=", ".join(names[:-1]), name=names[-1])

    def _known_slots(self) -> Mapping[str, str]:
        state = self._state
        region = self._content.regions.get(state.region) if state.region else None
        stretch = state.run.stretch.spoken_name if state.run else self._stand_in("stretch")
        return {
            "number": region.number if region else self._stand_in("number"),
            "part": self._part(),
            "cramped": self._side("cramped"),
            "sore": self._side("sore"),
            "stretch": stretch,
            "symptom": self._stand_in("symptom"),
            "seconds": self.in_words(0),
            "steps": self.in_words(0),
        }

    def _part(self) -> str:
        """ "left calf", or "calf" where no side was named."""
        part, side = self._state.part, self._state.side
        if part is None:
            return self._stand_in("part")
        name = self._content.part_names[part]
        if side is None:
            return name
        return self._words(f"part_{side.value}").format(name=name)

    def _side(self, slot: str) -> str:
        """ "your left", or "the cramped" where no side was named."""
        state = self._state
        if state.side:
            return self._words(f"side_{state.side.value}")
        if state.turned:
            return self._words("side_other")
        return self._words("side_one") if state.prevention else self._stand_in(slot)

    def _stand_in(self, slot: str) -> str:
        return self._words(f"unknown_{slot}")

    def _words(self, prompt: str) -> str:
        return self._content.prompts[prompt].say.rstrip(".")


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
