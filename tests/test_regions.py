"""The country can be set once, is suggested by the system at most, and stays in the file."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from voiceskill.errors import BadInputError
from voiceskill.regions import region_hint, set_region, show_region
from voiceskill.settings import Settings, load_settings, settings_file


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("VOICESKILL_REGION", raising=False)
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


def _console() -> Console:
    return Console(file=StringIO(), width=200)


def _text(console: Console) -> str:
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_a_country_that_is_set_is_used_from_then_on() -> None:
    console = _console()
    set_region(Settings(), "au", console)
    assert "zero zero zero" in _text(console)
    assert load_settings().region == "AU"


def test_the_rest_of_the_file_is_kept() -> None:
    settings_file().parent.mkdir(parents=True, exist_ok=True)
    settings_file().write_text('rate = 130\nregion = "US"\n# mine\n', encoding="utf-8")
    set_region(Settings(), "GB", _console())
    assert settings_file().read_text(encoding="utf-8") == 'region = "GB"\nrate = 130\n# mine\n'


def test_an_unknown_country_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadInputError, match=r"'XX' is not known; use one of AU, CA"):
        set_region(Settings(), "XX", _console())
    assert not settings_file().exists()


@pytest.mark.parametrize(
    ("language", "suggested"), [("en_GB.UTF-8", "United Kingdom"), ("en_NZ", "New Zealand")]
)
def test_the_system_suggests_and_does_not_decide(
    language: str, suggested: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", language)
    assert f"Your system suggests {suggested}." in region_hint(Settings())
    assert load_settings().region is None


def test_without_a_country_all_known_ones_are_shown() -> None:
    console = _console()
    show_region(Settings(), console)
    assert "No country is set" in _text(console)
    assert "suggests" not in _text(console)
    assert "NZ  New Zealand: one one one" in _text(console)
