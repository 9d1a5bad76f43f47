"""Speaks outcomes: the action, one reason, what to do meanwhile, the safety net."""

from __future__ import annotations

from collections.abc import Collection

from voiceskill.content.labels import Symptom, Urgency
from voiceskill.content.model import Content, Line
from voiceskill.dialogue.levels import Levels
from voiceskill.dialogue.state import State
from voiceskill.dialogue.turn import Turn


class Advice:
    """What is said for a level of urgency."""

    def __init__(self, content: Content, state: State, levels: Levels) -> None:
        self._content = content
        self._state = state
        self._levels = levels

    def speak(
        self,
        turn: Turn,
        level: Urgency,
        symptoms: Collection[Symptom],
        reason: Line | None = None,
        general: bool = True,
    ) -> None:
        """Speak the outcome of ``level`` below emergency, because of ``symptoms``.

        Without ``general``, what the outcome says to do meanwhile is left to the symptoms.
        """
        outcome = self._content.outcomes[level]
        name = level.value
        turn.line(f"outcome_{name}", outcome.action)
        self.reason(turn, symptoms, reason)
        if not self._already_told(level):
            for prompt, line in self.meanwhile(level, symptoms, general):
                turn.line(prompt, line)
            turn.line(f"safety_net_{name}", outcome.safety_net)
        self._state.told = level

    def reason(self, turn: Turn, symptoms: Collection[Symptom], reason: Line | None) -> None:
        """Speak the given reason, else that of the worst symptom."""
        worst = self._levels.worst(symptoms, self._state.symptoms)
        if reason is not None:
            turn.line("reason", reason, symptom=turn.speech.symptom_name(worst))
        elif worst is not None and (own := self._reason_here(worst)):
            turn.line(f"reason_{worst.value}", own, symptom=turn.speech.symptom_name(worst))

    def _reason_here(self, symptom: Symptom) -> Line | None:
        content = self._content.symptoms[symptom]
        known = self._state.symptoms
        together = (line for other, line in content.reason_with.items() if other in known)
        return next(together, content.reason)

    def meanwhile(
        self, level: Urgency, symptoms: Collection[Symptom], general: bool = True
    ) -> list[tuple[str, Line]]:
        """What to do while waiting, by id, that of the most urgent symptoms first."""
        by_danger = sorted(
            symptoms,
            key=lambda symptom: (-self._rank(symptom), symptom.value),
        )
        lines = {
            prompt: self._content.prompts[prompt]
            for symptom in by_danger
            for prompt in self._content.symptoms[symptom].meanwhile
        }
        more = self._content.outcomes[level].meanwhile if general else ()
        lines |= {f"meanwhile_{level.value}_{place}": line for place, line in enumerate(more, 1)}
        unique: dict[str, tuple[str, Line]] = {}
        for prompt, line in lines.items():
            unique.setdefault(line.say, (prompt, line))
        return list(unique.values())

    def safety_net(self, turn: Turn) -> None:
        """Speak what to do if it gets worse."""
        level = self._state.urgency or Urgency.SELF_CARE
        turn.line(f"safety_net_{level.value}", self._content.outcomes[level].safety_net)

    def _rank(self, symptom: Symptom) -> int:
        level = self._levels.level((symptom,), self._state.symptoms)
        return level.rank if level else -1

    def _already_told(self, level: Urgency) -> bool:
        told = self._state.told
        return told is not None and told.rank >= level.rank
