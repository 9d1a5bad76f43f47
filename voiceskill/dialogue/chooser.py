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
            and stretch.prevention == self._wants_routine()
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

    def _wants_routine(self) -> bool:
        """Against later cramps a routine is chosen, or a plain stretch where the part has none."""
        part = self._state.part
        routines = (stretch for stretch in self._stretches if stretch.prevention)
        return self._state.prevention and any(part in stretch.body_parts for stretch in routines)

    def _preference(self, stretch: Stretch) -> tuple[bool, bool, bool, bool, int]:
        state = self._state
        avoided = state.symptoms.intersection(self._positions[stretch.position].avoid_if)
        called_for = state.symptoms.intersection(stretch.first_if)
        return (
            bool(avoided),
            stretch.id not in state.named,
            not called_for,
            stretch.position != state.position,
            stretch.rank,
        )
