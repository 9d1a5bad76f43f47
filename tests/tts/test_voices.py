"""The factory of voices."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from voiceskill.errors import BadInputError
from voiceskill.tts.cache import CachedVoice
from voiceskill.tts.voices import open_voice


def test_a_voice_without_cache_keeps_nothing(tmp_path: Path) -> None:
    voice = open_voice("en-us", cache=False, folder=tmp_path)
    assert voice.render("Yes.", 160).seconds > 0.3
    voice.close()
    assert not any(tmp_path.iterdir())


def test_a_voice_with_cache_keeps_what_it_said(tmp_path: Path) -> None:
    voice = open_voice(None, cache=True, folder=tmp_path)
    assert isinstance(voice, CachedVoice)
    assert voice.render("Yes.", 160).seconds > 0.3
    voice.close()
    assert len(list(tmp_path.iterdir())) == 1


def test_an_unknown_voice_is_told_before_anything_is_said(tmp_path: Path) -> None:
    before = psutil.Process().children()
    with pytest.raises(BadInputError, match="no voice 'nobody'"):
        open_voice("nobody", cache=True, folder=tmp_path)
    assert psutil.Process().children() == before
