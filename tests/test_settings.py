"""Settings: command line over environment over file, and one clear line for a mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from voiceskill import settings
from voiceskill.errors import BadInputError
from voiceskill.settings import load_settings


@pytest.fixture(autouse=True)
def own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("REGION", "RATE", "ENGINE"):
        monkeypatch.delenv(f"VOICESKILL_{name}", raising=False)
    file = tmp_path / "settings.toml"
    monkeypatch.setattr(settings, "settings_file", lambda: file)
    return file


def test_without_anything_set_the_emergency_number_is_not_guessed() -> None:
    assert load_settings().region is None


def test_the_command_line_wins_over_environment_and_file(
    own_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_file.write_text('region = "US"\nrate = 120\n')
    monkeypatch.setenv("VOICESKILL_REGION", "GB")

    found = load_settings(region="nz")

    assert (found.region, found.rate) == ("NZ", 120)
    assert load_settings().region == "GB"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ('rate = "quick"', "rate"),
        ("rate = 5000", "rate"),
        ('engine = "magic"', "engine"),
        ("colour = 1", "colour"),
    ],
)
def test_a_wrong_setting_is_named_with_the_place_to_mend_it(
    own_file: Path, line: str, names: str
) -> None:
    own_file.write_text(line)

    with pytest.raises(BadInputError, match=names) as caught:
        load_settings()

    assert str(own_file) in str(caught.value)


def test_a_file_that_is_no_toml_is_named(own_file: Path) -> None:
    own_file.write_text("region = = GB")

    with pytest.raises(BadInputError, match=r"settings\.toml"):
        load_settings()
