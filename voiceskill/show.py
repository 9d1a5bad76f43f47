"""Shows the relief protocols for the eye: all of them as a list, or one with all that it says."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from rich import box
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from voiceskill.content.labels import BodyPart
from voiceskill.content.model import Content, Line, Place, QuestionSet, Stretch
from voiceskill.dialogue.speech import Speech
from voiceskill.dialogue.state import State
from voiceskill.errors import BadInputError


def show_list(content: Content, console: Console) -> None:
    """Print every protocol on a line, with its muscles and position."""
    table = Table(box=box.SIMPLE_HEAD, title="Relief protocols", title_justify="left")
    table.add_column("id", style="bold cyan", no_wrap=True)
    table.add_column("name")
    table.add_column("for")
    table.add_column("position")
    for check in _checks(content):
        table.add_row(check.protocol, "Check first, no stretch", _parts(check.parts), "")
    for place in content.places:
        table.add_row(place.id, "Get safe first", "any muscle", "")
    for stretch in sorted(content.stretches, key=_number):
        table.add_row(stretch.id, stretch.name, _parts(stretch.body_parts), stretch.position)
    console.print(table)
    console.print("One of them: voiceskill show R1", style="dim")


def show_protocol(name: str, content: Content, console: Console) -> None:
    """Print the protocol ``name`` (R7-lying), or all of a number (R7).

    Raises BadInputError naming near ones when there is none.
    """
    wanted = name.strip().lower()
    # As it is spoken where neither a side nor a country is known.
    speech = Speech(content, State())
    panels = {place.id: _place(place, speech) for place in content.places}
    panels |= {stretch.id: _stretch(stretch, content, speech) for stretch in content.stretches}
    panels |= {str(check.protocol): _check(check, content, speech) for check in _checks(content)}
    exact = [one for one in panels if one.lower() == wanted]
    found = exact or [one for one in panels if one.lower().split("-")[0] == wanted]
    if not found:
        raise BadInputError(_no_such(name, list(panels)))
    for one in found:
        console.print(panels[one])


def _no_such(name: str, ids: list[str]) -> str:
    lower = {one.lower(): one for one in ids}
    close = get_close_matches(name.strip().lower(), lower, n=3, cutoff=0.5)
    near = ", ".join(lower[one] for one in close)
    hint = f"near it are {near}" if near else "all of them: voiceskill show"
    return f"there is no protocol '{name}'; {hint}"


def _number(stretch: Stretch) -> tuple[int, str]:
    head = stretch.id.split("-")[0]
    return int(head.lstrip("R")), stretch.id


def _parts(parts: Iterable[BodyPart]) -> str:
    return ", ".join(part.value.replace("_", " ") for part in parts)


def _checks(content: Content) -> list[QuestionSet]:
    """The protocols that are a check and no stretch."""
    return [item for item in content.question_sets if item.protocol]


def _check(check: QuestionSet, content: Content, speech: Speech) -> Panel:
    questions = [content.questions[name] for name in check.before]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("ask")
    table.add_column("sources", style="cyan")
    for question in questions:
        table.add_row(question.say, " ".join(question.sources))
    lowest = [content.outcomes[check.at_least].action] if check.at_least else []
    facts = Text(f"for {_parts(check.parts)} · no stretch", "dim")
    title = Text(str(check.protocol), "bold cyan")
    blocks = Group(facts, table, *_block("Whatever the answers", lowest, speech))
    return Panel(blocks, title=title, title_align="left")


def _place(place: Place, speech: Speech) -> Panel:
    return Panel(_steps(place.lines, speech), title=Text(place.id, "bold cyan"), title_align="left")


def _stretch(stretch: Stretch, content: Content, speech: Speech) -> Panel:
    rounds = "1 round" if stretch.rounds == 1 else f"up to {stretch.rounds} rounds"
    facts = Text(f"for {_parts(stretch.body_parts)} · {stretch.position} · {rounds}", "dim")
    steps = _steps((*stretch.steps, stretch.release), speech)
    avoid = ", ".join(content.symptoms[symptom].name for symptom in stretch.not_if)
    never = f"Never offered with: {avoid}." if avoid else ""
    blocks: list[RenderableType] = [
        facts,
        *_block("First", [stretch.caution], speech),
        Text(),
        steps,
        *_block("Who must not", stretch.who_not, speech, never),
        *_block("Afterwards", stretch.aftercare, speech),
        Text("\nSources", "bold"),
        *_sources(_lines(stretch), content),
    ]
    title = Text.assemble((stretch.id, "bold cyan"), "  ", stretch.name)
    return Panel(Group(*blocks), title=title, title_align="left")


def _steps(lines: Iterable[Line], speech: Speech) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("step", justify="right", style="bold")
    table.add_column("say")
    table.add_column("hold", justify="right", no_wrap=True)
    for number, line in enumerate(lines, 1):
        hold = getattr(line, "hold", None)
        table.add_row(str(number), _spoken(line, speech), f"{hold.seconds} s" if hold else "")
    return table


def _block(
    title: str, lines: Iterable[Line], speech: Speech, last: str = ""
) -> list[RenderableType]:
    said = [_spoken(line, speech) for line in lines] + ([last] if last else [])
    return [Text(f"\n{title}", "bold"), *map(_bullet, said)] if said else []


def _spoken(line: Line, speech: Speech) -> str:
    return " ".join(speech.line("", line).sentences)


def _bullet(text: str) -> Table:
    """The text beside a dot, also where it takes several lines."""
    row = Table.grid(padding=(0, 1, 0, 0))
    row.add_row("•", text)
    return row


def _lines(stretch: Stretch) -> tuple[Line, ...]:
    ends = (stretch.caution, stretch.release)
    return (*stretch.steps, *ends, *stretch.who_not, *stretch.aftercare)


def _sources(lines: Iterable[Line], content: Content) -> list[Text]:
    named = dict.fromkeys(source for line in lines for source in line.sources)
    return [Text.assemble((f"{one:<12} ", "cyan"), _title(one, content)) for one in named]


def _title(source: str, content: Content) -> str:
    known = content.sources.get(source)
    return known.title if known else content.facts[source]
