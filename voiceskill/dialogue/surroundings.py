"""Notices, in any utterance, where the person is and which positions are possible."""

from __future__ import annotations

from voiceskill.content.model import Content, Place
from voiceskill.dialogue.spotting import patterns, spotted
from voiceskill.dialogue.state import State
from voiceskill.dialogue.turn import Turn


class Surroundings:
    """Keeps the conversation's position and place up to date."""

    def __init__(self, content: Content, state: State) -> None:
        self._content = content
        self._state = state

    def notice(self, turn: Turn) -> None:
        """Take in what ``turn`` says about position and place."""
        for position in self._content.positions:
            ruled_out = patterns(position.cannot).spans(turn.words) if position.cannot else []
            wanted = patterns(position.words).spans(turn.words) if position.words else []
            if ruled_out:
                turn.moved = True
                self._state.cannot.add(position.name)
            # "How do I stop cramps in bed" is no position, "I can't stand up" is no wish to.
            if wanted and not ruled_out and not turn.heard.intent.is_question:
                turn.moved = True
                self._state.position = position.name
                self._state.cannot.discard(position.name)
        turn.place = self._place(turn)

    def _place(self, turn: Turn) -> Place | None:
        if turn.heard.intent.is_question:
            return None
        for place in self._content.places:
            if spotted(place.words, turn.words):
                elsewhere = spotted(self._content.phrases["not_there"], turn.words)
                return None if elsewhere else place
        return None
