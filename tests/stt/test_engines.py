"""Which engine is opened, and what is said when it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from voiceskill.errors import BadInputError, ModelError
from voiceskill.stt import engines
from voiceskill.stt.engines import open_recognizer


@pytest.fixture(autouse=True)
def no_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which no vosk model was fetched."""
    monkeypatch.setenv("VOICESKILL_MODELS", str(tmp_path / "models"))


def test_whisper_hears_where_no_vosk_model_is_installed() -> None:
    recognizer = open_recognizer(None, None)
    try:
        assert recognizer.name == "whisper"
    finally:
        recognizer.close()


def test_an_unknown_engine_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadInputError, match="'sphinx'; use vosk or whisper"):
        open_recognizer("sphinx", None)


def test_vosk_without_a_model_tells_how_to_get_one() -> None:
    with pytest.raises(ModelError, match="voiceskill models fetch"):
        open_recognizer("vosk", None)


@pytest.mark.parametrize("engine", [None, "vosk"])
def test_a_model_folder_that_is_not_there_is_one_clear_line(
    engine: str | None, tmp_path: Path
) -> None:
    with pytest.raises(ModelError) as fault:
        open_recognizer(engine, tmp_path / "nothing")
    assert "\n" not in str(fault.value)


def test_whisper_is_had_though_the_settings_name_a_vosk_model(tmp_path: Path) -> None:
    recognizer = open_recognizer("whisper", tmp_path)
    recognizer.close()

    assert recognizer.name == "whisper"


def test_without_vosk_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_has_vosk", lambda: False)
    with pytest.raises(ModelError, match=r"pip install 'voiceskill\[vosk\]'"):
        open_recognizer("vosk", None)
