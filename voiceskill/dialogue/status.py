"""Where the conversation stands, in the fields of the chat contract."""

from __future__ import annotations

from voiceskill.content.model import Question
from voiceskill.dialogue.actions import Status
from voiceskill.dialogue.state import STRETCHING, State, Waiting


def status_of(state: State, question: Question | None) -> Status:
    """The status after a reply; ``question`` is the open one, if any."""
    asking = question if state.waiting is Waiting.QUESTION else None
    mode, topic = _mode_and_topic(state, asking)
    run = state.run if state.waiting in STRETCHING else None
    asks = asking.asserts if asking else ()
    return Status(
        mode=mode,
        topic=topic,
        step=run.step + 1 if run else None,
        steps=len(run.stretch.steps) if run else None,
        side=state.side if run else None,
        asks=asks,
        asks_if=asking.asserts_if if asking and asks else None,
        urgency=state.urgency,
        ended=state.waiting is Waiting.ENDED,
    )


def _mode_and_topic(state: State, asking: Question | None) -> tuple[str, str | None]:
    waiting = state.waiting
    if waiting is Waiting.ENDED:
        return "ended", None
    if waiting is Waiting.EMERGENCY:
        return "triage", "emergency"
    if asking:
        return "triage", asking.id
    if waiting in STRETCHING and state.run:
        return "stretch", state.run.stretch.id
    if waiting is Waiting.PLACE and state.place:
        return "stretch", state.place.id
    if waiting is Waiting.WHERE:
        return "stretch", None
    if state.answering and state.answer:
        return "answer", state.answer.id
    return "idle", state.outcome.value if state.outcome else None
