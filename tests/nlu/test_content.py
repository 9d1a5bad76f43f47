"""The words and templates that ship: read fast from the compiled file, refused when wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from voiceskill.data_files import data_file
from voiceskill.errors import ContentError
from voiceskill.nlu.compile import compile_templates
from voiceskill.nlu.content import COMPILED_NAME, load_nlu_content
from voiceskill.nlu.spotter import Spotter

SHIPPED = data_file("prompts/en/nlu")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "nlu"))


def edit(path: Path, old: str, new: str) -> int:
    """Replace the first ``old`` in the file; its line, from 1."""
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_compiled_templates_are_fresh(tmp_path: Path) -> None:
    compile_templates(SHIPPED, tmp_path / COMPILED_NAME)
    fresh = (tmp_path / COMPILED_NAME).read_text(encoding="utf-8")
    shipped = (SHIPPED / COMPILED_NAME).read_text(encoding="utf-8")
    # A plain comparison: the difference of two such files is no reading.
    assert fresh == shipped or pytest.fail("run: python -m voiceskill.nlu.compile")


def test_compiled_templates_spot_what_parsed_ones_spot() -> None:
    texts = [
        "my left calf is cramping and i can't breathe",
        "no it isn't swollen but the back of my thigh has gone numb",
        "what should i do when half of my leg cramps every single night",
    ]
    spotters = []
    for compiled in (True, False):
        content = load_nlu_content(SHIPPED, compiled=compiled)
        named = {label.value: words.says for label, words in content.symptoms.items()}
        spotters.append(Spotter(named | content.cues, content.rules))
    for text in texts:
        assert spotters[0].spot(text) == spotters[1].spot(text) != {}


def test_a_changed_rule_is_noticed_although_the_compiled_file_is_older(folder: Path) -> None:
    edit(folder / "rules.yaml", "limb: (leg|", "limb: (tentacle|leg|")
    content = load_nlu_content(folder)
    assert Spotter({"limb": ["<limb>"]}, content.rules).spot("my tentacle") == {"limb": [(3, 11)]}


def test_a_spoilt_compiled_file_is_passed_over(folder: Path) -> None:
    (folder / COMPILED_NAME).write_text("{", encoding="utf-8")
    assert load_nlu_content(folder).cues == load_nlu_content(SHIPPED).cues


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("symptoms/emergency.yaml", "[chest, chest_hurt]", "[cheese, chest_hurt]", "'cheese'"),
        ("scopes.yaml", "[present_now]", "[chest or presents]", "'presents' is no cue"),
        ("mishearings.yaml", "near: [twitch]", "near: [itch]", "'itch' is no cue"),
        ("scopes.yaml", "<my> [<limb>]", "<my> [<limp>]", "<limp> is no rule"),
        ("symptoms/emergency.yaml", '"angina [attack', '"angina ([attack', "correct its brackets"),
    ],
)
def test_a_wrong_name_or_bracket_is_refused_with_file_and_line(
    folder: Path, file: str, old: str, new: str, complaint: str
) -> None:
    line = edit(folder / file, old, new)
    with pytest.raises(ContentError) as fault:
        load_nlu_content(folder)
    assert f"{folder / file}:{line}: " in str(fault.value)
    assert complaint in str(fault.value)
