"""Which intents are likely, by what is waited for: a help for the understanding, no limit."""

from __future__ import annotations

from voiceskill.content.labels import Intent
from voiceskill.dialogue.state import State, Waiting

_YES_NO = frozenset({Intent.YES, Intent.NO, Intent.UNSURE})
_OFFER = frozenset({Intent.YES, Intent.NO})
_RUN = frozenset(
    {
        Intent.NEXT,
        Intent.BACK,
        Intent.REPEAT,
        Intent.PAUSE,
        Intent.STOP,
        Intent.TIME_LEFT,
        Intent.BETTER,
        Intent.WORSE,
    }
)
_BY_WAITING: dict[Waiting, frozenset[Intent]] = {
    Waiting.OPEN: frozenset(),
    Waiting.PLACE: frozenset({Intent.YES, Intent.NEXT, Intent.RESUME}),
    Waiting.WHERE: frozenset({Intent.BODY_PART}),
    Waiting.QUESTION: _YES_NO,
    Waiting.STEP: _RUN,
    Waiting.HOLD: _RUN,
    Waiting.CHECK_IN: frozenset({Intent.YES, Intent.NO, Intent.BETTER, Intent.WORSE, Intent.SAME}),
    Waiting.POSITION: _OFFER,
    Waiting.OTHER_SIDE: _OFFER,
    Waiting.EMERGENCY: frozenset(),
    Waiting.ENDED: frozenset(),
}
_PAUSED = frozenset({Intent.RESUME})


def expected(state: State) -> frozenset[Intent]:
    """The intents that the last reply makes likelier."""
    if state.paused:
        return _PAUSED
    if state.waiting is Waiting.OPEN and state.offer:
        return _OFFER
    return _BY_WAITING[state.waiting]
