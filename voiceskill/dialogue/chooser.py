"""Chooses the stretch for a muscle, a position and a person."""

from __future__ import annotations

from collections.abc import Collection

from voiceskill.content.labels import BodyPart
from voiceskill.content.model import Content, Stretch
from voiceskill.dialogue.state import State


class StretchChooser:
    """Picks among the stretches of prompts/; what must not be done is never picked."""

    def __init__(self, content: Content, state: State) -> None:
        self._stretches = content.stretches
        self._positions = {position.name: position for position in content.positions}
        self._state = state

    def best(self, without: Collection[str] = ()) -> Stretch | None:
        """The best stretch for the current body part, or None; ``without`` are ids to leave out."""
        state = self._state
        fitting = [
            stretch
            for stretch in self._stretches
            if state.part in stretch.body_parts
            and stretch.prevention == state.prevention
            and stretch.position not in state.cannot
            and stretch.id not in without
            and self.allowed(stretch)
        ]
        return min(fitting, key=self._preference, default=None)

    def preventable_part(self) -> BodyPart | None:
        """The part that the first routine against later cramps is for."""
        routines = (stretch for stretch in self._stretches if stretch.prevention)
        return next((stretch.body_parts[0] for stretch in routines), None)

    def allowed(self, stretch: Stretch) -> bool:
        """Whether nothing that was said, or could not be made sure of, forbids it."""
        return not (self._state.symptoms | self._state.suspected).intersection(stretch.not_if)

    def _preference(self, stretch: Stretch) -> tuple[bool, bool, int]:
        avoid_if = self._positions[stretch.position].avoid_if
        avoided = bool(self._state.symptoms.intersection(avoid_if))
        return (avoided, stretch.position != self._state.position, stretch.rank)
