"""Notices, in any utterance, where the person is, and which positions and stretches are wished."""

from __future__ import annotations

from dataclasses import replace

from voiceskill.content.labels import Symptom
from voiceskill.content.model import Content, Place
from voiceskill.dialogue.spotting import patterns, spotted
from voiceskill.dialogue.state import State, Waiting
from voiceskill.dialogue.turn import Turn
from voiceskill.nlu.meaning import Understanding


class Surroundings:
    """Keeps the conversation's position and place up to date."""

    def __init__(self, content: Content, state: State) -> None:
        self._content = content
        self._state = state

    def notice(self, turn: Turn) -> None:
        """Take in what ``turn`` says about position, place and the stretch by name."""
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
        turn.place = self.place(turn.heard, turn.words)
        turn.alarm = self._is_alarming(turn)
        self._notice_the_helper(turn)
        named = [
            stretch.id
            for stretch in self._content.stretches
            if stretch.asked_as and spotted(stretch.asked_as, turn.words)
        ]
        if named:
            self._state.named = tuple(named)

    def with_injury(self, heard: Understanding, words: str) -> Understanding:
        """``heard``, with an operation or a fall of late counted as an injury."""
        phrases = self._content.phrases
        if heard.intent.is_question or not spotted(phrases["hurt_lately"], words):
            return heard
        if spotted(phrases["denied"], words) or spotted(phrases["long_ago"], words):
            return heard
        return replace(heard, symptoms=heard.symptoms | {Symptom.INJURY})

    def place(self, heard: Understanding, words: str) -> Place | None:
        """The unsafe place that the person is in by their words, if any."""
        phrases = self._content.phrases
        if heard.intent.is_question and (
            not spotted(phrases["here_now"], words) or spotted(phrases["not_now"], words)
        ):
            return None
        for place in self._content.places:
            if spotted(place.words, words):
                elsewhere = spotted(phrases["not_there"], words)
                return None if elsewhere or self._is_out_of(place, words) else place
        return None

    def _is_out_of(self, place: Place, words: str) -> bool:
        """Whether they say in the same breath that they have left it."""
        not_yet = spotted(self._content.phrases["not_left"], words)
        return spotted(place.left, words) and not not_yet

    def _is_alarming(self, turn: Turn) -> bool:
        """Whether what is said of the place makes it an emergency at once."""
        place = turn.place or self._state.place
        if place is None or turn.heard.intent.is_question:
            return False
        called = spotted(self._content.phrases["help_called"], turn.words)
        words = place.alarm if self._state.place is None else place.alarm + place.cry
        return spotted(words, turn.words) and not called

    def _notice_the_helper(self, turn: Turn) -> None:
        phrases = self._content.phrases
        in_danger = turn.heard.symptoms or turn.alarm or self._state.waiting is Waiting.EMERGENCY
        if not in_danger or spotted(phrases["about_me"], turn.words):
            return
        if spotted(phrases["somebody_else"], turn.words):
            self._state.is_helper = True
