"""Shows a spoken conversation on the terminal: who said what, and where it stands."""

from __future__ import annotations

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from voiceskill.dialogue.actions import Hold, Status
from voiceskill.happenings import (
    FellAsleep,
    Happening,
    InputEnded,
    Moved,
    Quiet,
    Started,
    Trouble,
    UrgencyRose,
    WasHeard,
    WasSaid,
    WasUnderstood,
    WasUnheard,
    WokeUp,
)
from voiceskill.nlu.meaning import Understanding
from voiceskill.textchat import Turn

URGENCY_STYLES = {
    "emergency": "bold white on red",
    "doctor_now": "bold red",
    "appointment": "yellow",
    "self_care": "green",
}
"""Colour only repeats what the word says."""

LABEL_WIDTH = 9
"""The longest label is "assistant"."""


class Captions:
    """Captions of one conversation. ``script`` holds what a recorded speaker really says."""

    def __init__(self, console: Console, script: tuple[str, ...] = ()) -> None:
        self._console = console
        self._script = list(script)

    def show(self, happening: Happening) -> None:
        """Show one happening, if it is worth a line."""
        line = self._line(happening)
        if line is not None:
            self._console.print(line)

    def _line(self, happening: Happening) -> RenderableType | None:
        if isinstance(happening, WasHeard):
            return self._heard(happening.text)
        if isinstance(happening, WasUnheard):
            return self._heard("(not understood)")
        if isinstance(happening, Quiet):
            return self._heard("(silence)")
        return _line(happening)

    def _heard(self, text: str) -> Text:
        line = Text("\n")
        if self._script:
            line.append("speaker    ", "bold yellow").append(self._script.pop(0) + "\n")
        return line.append("heard      ", "bold green").append(text)


def _line(happening: Happening) -> RenderableType | None:
    """What happened, where it does not depend on what was before."""
    if isinstance(happening, WasSaid):
        return _labelled(Text("assistant", "bold cyan"), Text(happening.text))
    if isinstance(happening, WasUnderstood):
        return Text("understood ", "dim").append(_meaning(happening.meaning), "dim")
    if isinstance(happening, UrgencyRose):
        return _urgency(happening.urgency)
    if isinstance(happening, Moved):
        return _progress(happening)
    if isinstance(happening, Started):
        return Text(f"listening with {happening.engine}, speaking with {happening.voice}", "dim")
    if isinstance(happening, FellAsleep):
        return Text("\nasleep: say the wake phrase, or call for help", "dim")
    if isinstance(happening, WokeUp):
        return Text.assemble(("\nawake      ", "bold green"), happening.text)
    if isinstance(happening, Trouble):
        return Text.assemble(("trouble    ", "bold red"), happening.message)
    return Text("end of the recording", "dim") if isinstance(happening, InputEnded) else None


def _urgency(urgency: str) -> Text:
    return Text.assemble(("urgency    ", "bold"), (urgency, URGENCY_STYLES.get(urgency, "")))


def _progress(happening: Moved) -> Text | None:
    status = happening.status
    if status.step is None or status.steps is None:
        return None
    return _steps(status, status.step, status.steps)


def _steps(status: Status, step: int, steps: int) -> Text:
    side = f"  {status.side.value}" if status.side else ""
    bar = "●" * step + "○" * (steps - step)
    return Text(f"{status.topic}{side}  step {step} of {steps}  {bar}", "dim")


def _labelled(label: Text, text: Text) -> Table:
    """The text beside its label, also where it takes several lines."""
    row = Table.grid(padding=(0, 2, 0, 0))
    row.add_column(width=LABEL_WIDTH, no_wrap=True)
    row.add_column()
    row.add_row(label, text)
    return row


def _meaning(meaning: Understanding) -> str:
    parts = [meaning.intent.value]
    parts += [meaning.side.value] if meaning.side else []
    parts += [meaning.body_part.value] if meaning.body_part else []
    parts += sorted(symptom.value for symptom in meaning.symptoms)
    return ", ".join(parts)


def _countdown(hold: Hold) -> Table:
    """The hold on one line: a dot for every five seconds between its cues."""
    line, reached = Text(), 0.0
    for cue in hold.cues:
        line.append("·" * round((cue.at_s - reached) / 5), "dim").append(f" {cue.text} ", "none")
        reached = cue.at_s
    line.rstrip()
    return _labelled(Text(f"hold {hold.seconds:.0f} s", "bold magenta"), line)


def turn_lines(turn: Turn) -> list[RenderableType]:
    """One turn of the text chat, for the terminal."""
    lines: list[RenderableType] = []
    said, holds, status = list(turn.said), list(turn.holds), turn.status
    while said:
        cues = [cue.text for cue in holds[0].cues] if holds else []
        if cues and said[: len(cues)] == cues:
            lines.append(_countdown(holds.pop(0)))
            del said[: len(cues)]
        else:
            lines.append(_labelled(Text("assistant", "bold cyan"), Text(said.pop(0))))
    if status.step is not None and status.steps is not None:
        lines.insert(0, _steps(status, status.step, status.steps))
    lines.insert(0, Text())
    if status.urgency:
        lines.append(_urgency(status.urgency.value))
    return lines
