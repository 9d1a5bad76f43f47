"""A mistake in prompts/ is refused with its place and what to do, and nothing of it is used."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.command import one_clear_line
from voiceskill.content.loader import load_content
from voiceskill.data_files import data_file
from voiceskill.errors import ContentError


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    """A copy of the real prompts that a test may break."""
    copy = tmp_path / "en"
    shutil.copytree(
        data_file("prompts/en"), copy, ignore=shutil.ignore_patterns("demo", "examples")
    )
    return copy


def _replace(file: Path, old: str, new: str) -> int:
    """Replace the first ``old``; the number of its line."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def _fault(prompts: Path) -> str:
    with pytest.raises(ContentError) as caught:
        load_content(prompts)
    return str(caught.value)


def test_the_prompts_as_they_are_can_be_read(prompts: Path) -> None:
    assert load_content(prompts).language == "en"


@pytest.mark.parametrize(
    ("file", "old", "new", "names"),
    [
        ("triage/questions.yaml", "if_unsure: emergency", "if_unsure: perhaps", "if_unsure"),
        ("triage/questions.yaml", "if_unsure: emergency", "if_unsur: emergency", "if_unsur"),
        ("symptoms.yaml", "label: chest_pain", "label: chest_ache", "label"),
        ("symptoms.yaml", "forbids_stretch: true", "forbids_stretch: perhaps", "forbids_stretch"),
        ("triage/outcomes.yaml", 'say: "Call {number} now."', 'say: "Call now"', "full stop"),
        ("regions.yaml", "number: nine one one, ", "", "number"),
        ("lines.yaml", 'say: "Goodbye, and take care."', 'say: ""', "nothing to say"),
    ],
)
def test_a_wrong_value_is_refused_with_file_and_line(
    prompts: Path, file: str, old: str, new: str, names: str
) -> None:
    line = _replace(prompts / file, old, new)

    fault = _fault(prompts)

    named = re.search(rf"{re.escape(file)}:(\d+)", fault)
    assert named, fault
    assert abs(int(named[1]) - line) <= 12
    assert names in fault


@pytest.mark.parametrize(
    ("file", "old", "new", "names"),
    [
        ("triage/sets.yaml", "[chest_breath, clot]", "[chest_breath, clots]", "clots"),
        ("triage/sets.yaml", "if_room: [injured]", "if_room: [injury]", "injury"),
        ("symptoms.yaml", "[wait_sit, wait_loosen", "[wait_stand, wait_loosen", "wait_stand"),
        ("symptoms.yaml", "sources: [HSE-CHEST, NHS-HA]", "sources: [HSE-CHESS]", "HSE-CHESS"),
        ("triage/outcomes.yaml", "Call {number} now.", "Call {phone} now.", "{phone}"),
        ("triage/questions.yaml", "id: spread", "id: chest_breath", "chest_breath"),
        ("symptoms.yaml", "label: slurred_speech", "label: face_droop", "face_droop"),
        ("symptoms.yaml", "brings: [heat_signs]", "brings: [hot_signs]", "hot_signs"),
        ("lines.yaml", "sources: [S73, AAOS-CRAMP]", "sources: [S99]", "S99"),
        ("stretches/foot.yaml", "id: R5-lying", "id: R5-sitting", "R5-sitting"),
        ("answers/what.yaml", "offers: triage", "offers: dance", "dance"),
        ("stretches/lower_leg.yaml", "position: lying", "position: flying", "flying"),
    ],
)
def test_what_does_not_fit_together_is_refused_with_file_and_line(
    prompts: Path, file: str, old: str, new: str, names: str
) -> None:
    line = _replace(prompts / file, old, new)

    fault = _fault(prompts)

    named = re.search(rf"{re.escape(file)}:(\d+): (.+)", fault)
    assert named, fault
    assert abs(int(named[1]) - line) <= 1
    assert names in named[2]


@pytest.mark.parametrize(
    ("file", "old", "names"),
    [
        ("body_parts.yaml", "calf: calf\n", "'calf' is missing"),
        ("lines.yaml", 'count_25:\n  say: "Twenty five."\n  sources: [UI]\n', "count_25"),
    ],
)
def test_what_is_missing_is_refused_by_name(prompts: Path, file: str, old: str, names: str) -> None:
    _replace(prompts / file, old, "")

    assert names in _fault(prompts)


@pytest.mark.parametrize("circle", ["&all [US, *all]", "&all {code: *all}", "[&all {a: [*all]}]"])
def test_what_holds_itself_is_refused_with_its_line(prompts: Path, circle: str) -> None:
    (prompts / "regions.yaml").write_text(f"# the regions\n- {circle}\n", encoding="utf-8")

    assert re.search(r"regions\.yaml:2: this holds itself", _fault(prompts))


def test_a_stretch_without_steps_is_refused_with_its_line(prompts: Path) -> None:
    file = prompts / "stretches" / "lower_leg.yaml"
    stretch = _replace(file, "- id: R1-sitting\n", "- id: R1-sitting\n")
    _replace(file, '\n  steps:\n    - say: "Sit back', '\n  stages:\n    - say: "Sit back')

    fault = _fault(prompts)

    assert f"lower_leg.yaml:{stretch}: 1.steps: Field required" in fault


def test_a_file_that_is_no_yaml_is_refused_with_its_line(prompts: Path) -> None:
    (prompts / "regions.yaml").write_text("- code: US\n   name: [\n", encoding="utf-8")

    assert re.search(r"regions\.yaml:\d+: .*check the indentation", _fault(prompts))


def test_a_missing_file_is_named(prompts: Path) -> None:
    (prompts / "facts.yaml").unlink()

    assert "facts.yaml: not there" in _fault(prompts)


def test_an_empty_file_is_named(prompts: Path) -> None:
    (prompts / "facts.yaml").write_text("# nothing\n", encoding="utf-8")

    assert "facts.yaml:1: the file is empty" in _fault(prompts)


def test_a_file_in_another_encoding_is_named(prompts: Path) -> None:
    (prompts / "facts.yaml").write_bytes("S1: Krämpfe".encode("latin-1"))

    assert "facts.yaml" in _fault(prompts)


def test_a_key_that_stands_twice_is_refused_with_its_line(prompts: Path) -> None:
    file = prompts / "body_parts.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "calf: calves\n", encoding="utf-8")

    assert re.search(r"body_parts\.yaml:\d+: 'calf' stands twice", _fault(prompts))


def test_the_program_tells_it_in_one_line(prompts: Path, tmp_path: Path) -> None:
    """The package is copied beside the broken prompts, the way a checkout holds both."""
    import subprocess
    import sys

    root = tmp_path / "checkout"
    shutil.copytree(data_file("voiceskill"), root / "voiceskill")
    (root / "prompts").mkdir()
    (prompts / "facts.yaml").unlink()
    prompts.rename(root / "prompts" / "en")

    done = subprocess.run(
        [sys.executable, "-m", "voiceskill", "chat", "--json"],
        input="hello\n",
        capture_output=True,
        text=True,
        timeout=60,
        cwd=root,
        check=False,
    )

    assert done.returncode == 2
    assert done.stdout == ""
    assert "facts.yaml" in one_clear_line(done)
