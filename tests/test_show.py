"""The protocols as a picture: complete, found by id or number, a mistyped id gets near ones."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from tests.command import one_clear_line, voiceskill
from voiceskill.content.loader import default_content
from voiceskill.content.model import Stretch
from voiceskill.dialogue.speech import Speech
from voiceskill.dialogue.state import State
from voiceskill.errors import BadInputError
from voiceskill.show import show_list, show_protocol

CONTENT = default_content()
SPEECH = Speech(CONTENT, State())
WIDE = 400


def _shown(name: str, width: int = WIDE) -> str:
    console = Console(file=StringIO(), width=width)
    show_protocol(name, CONTENT, console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("stretch", CONTENT.stretches, ids=lambda item: item.id)
def test_a_protocol_is_shown_with_all_that_it_says(stretch: Stretch) -> None:
    shown = _shown(stretch.id)

    lines = (*stretch.steps, stretch.caution, stretch.release, *stretch.who_not, *stretch.aftercare)
    for line in lines:
        assert all(sentence in shown for sentence in SPEECH.line("", line).sentences)
        assert all(source in shown for source in line.sources)
    for step in stretch.steps:
        assert step.hold is None or f"{step.hold.seconds} s" in shown


def test_a_number_shows_all_of_its_positions() -> None:
    shown = _shown("r7")

    assert all(name in shown for name in ("R7-lying", "R7-sitting", "R7-standing"))


def test_getting_safe_is_shown_as_well() -> None:
    assert "Roll on your back and float" in _shown("R27")


def test_every_number_of_the_clinical_sheet_is_shown() -> None:
    for number in range(1, 30):
        assert f"R{number}" in _shown(f"R{number}")


def test_the_list_names_every_protocol() -> None:
    console = Console(file=StringIO(), width=WIDE)
    show_list(CONTENT, console)

    assert isinstance(console.file, StringIO)
    shown = console.file.getvalue()
    assert all(f" {item.id} " in shown for item in (*CONTENT.stretches, *CONTENT.places))


def test_a_narrow_terminal_still_gets_it() -> None:
    assert "R1" in _shown("R1", width=30)


def test_a_mistyped_id_is_told_near_ones() -> None:
    with pytest.raises(BadInputError, match=r"no protocol 'R7-liying'.*R7-lying"):
        _shown("R7-liying")


def test_something_far_off_is_told_where_the_list_is() -> None:
    with pytest.raises(BadInputError, match="voiceskill show"):
        _shown("xyzzy")


def test_the_command_shows_and_refuses() -> None:
    shown = voiceskill("show", "R1")
    refused = voiceskill("show", "R99")

    assert shown.returncode == 0
    assert "Pull your toes up toward your shin." in shown.stdout
    assert refused.returncode == 2
    assert "R9" in one_clear_line(refused)


def test_the_chat_shows_step_and_countdown() -> None:
    done = voiceskill(
        "chat", given="my left calf is cramping\nno\nno\nno\nnext\nnext\nnext\nnext\n"
    )

    assert "R1  left  step 5 of 5  ●●●●●" in done.stdout
    (hold,) = [line for line in done.stdout.splitlines() if line.startswith("hold")]
    places = [hold.find(count) for count in ("20 s", "Five", "Ten", "Fifteen", "Twenty")]
    assert -1 not in places
    assert places == sorted(places)
