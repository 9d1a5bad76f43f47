"""docs/safety.md tells what the prompts say now."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from voiceskill.content.labels import Symptom
from voiceskill.content.loader import default_content

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def write_safety() -> ModuleType:
    spec = importlib.util.spec_from_file_location("write_safety", ROOT / "tools/write_safety.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date(write_safety: ModuleType) -> None:
    written = (ROOT / "docs" / "safety.md").read_text(encoding="utf-8")

    assert written == write_safety.page(default_content()), "run: python tools/write_safety.py"


def test_the_page_holds_every_sign_with_its_level_and_guard(write_safety: ModuleType) -> None:
    page = write_safety.page(default_content())

    for label in Symptom:
        assert f"(`{label.value}`)" in page
    for symptom in default_content().symptoms.values():
        if symptom.reason:
            assert symptom.reason.say in page


def test_the_guards_that_it_names_are_there(write_safety: ModuleType) -> None:
    assert all((ROOT / guard).is_file() for guard in write_safety.GUARDS)
