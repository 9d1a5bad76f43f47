"""Notices, in any utterance, in which country the person is: its emergency number is spoken."""

from __future__ import annotations

from voiceskill.content.model import Content, Region
from voiceskill.dialogue.spotting import patterns, spotted
from voiceskill.dialogue.state import State
from voiceskill.dialogue.turn import Turn


class Country:
    """Keeps the region of the conversation up to date."""

    def __init__(self, content: Content, state: State) -> None:
        self._regions = content.regions
        self._phrases = content.phrases
        self._state = state

    def notice(self, turn: Turn) -> None:
        """Take in a country that is named as the place where the person is; never guess one."""
        if turn.heard.intent.is_question or spotted(self._phrases["not_there"], turn.words):
            return
        for region in self._regions.values():
            if self._is_there(region, turn.words):
                self._state.region = region.code
                turn.country = True
                return

    def _is_there(self, region: Region, words: str) -> bool:
        named = [name for name in region.called if f" {name} " in f" {words} "]
        if not named:
            return False
        names = "|".join(named)
        places = tuple(f"{where} [the] ({names})" for where in self._phrases["in_country"])
        return spotted(places, words) or patterns((f"[the] ({names})",)).matches(words)

    def asks_for_the_number(self, turn: Turn) -> bool:
        """Whether the number is asked for that nobody has told us yet."""
        return self._state.region is None and spotted(self._phrases["which_number"], turn.words)
