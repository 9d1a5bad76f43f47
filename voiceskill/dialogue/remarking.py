"""Answers what people ask while they wait for help, or are to see a doctor (remarks.yaml)."""

from __future__ import annotations

from voiceskill.content.labels import Urgency
from voiceskill.content.model import Content
from voiceskill.dialogue.spotting import spotted
from voiceskill.dialogue.turn import Turn


class Remarking:
    """Looks for a remark; knows no state."""

    def __init__(self, content: Content) -> None:
        self._remarks = content.remarks

    def answer(self, turn: Turn, level: Urgency | None) -> bool:
        """Say what is answered at ``level``; False when nothing of the kind was said."""
        for remark in self._remarks:
            if remark.level is level and spotted(remark.words, turn.words):
                for line in remark.lines:
                    turn.line(remark.id, line)
                return True
        return False
