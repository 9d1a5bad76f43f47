"""A virtual sound card for the tests that need one, and a tone to tell sounds by."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.audio.tones import tone
from tests.virtual_card import VirtualCard, running_card
from voiceskill.audio.wav import write_wav


@pytest.fixture(scope="session")
def card() -> Iterator[VirtualCard]:
    """One running card for all tests that do not break it."""
    yield from running_card()


@pytest.fixture
def breakable_card() -> Iterator[VirtualCard]:
    """A card of the test's own, to be taken away in the middle."""
    yield from running_card()


@pytest.fixture
def tone_wav(tmp_path: Path) -> Path:
    """One second of a tone, 16 kHz."""
    path = tmp_path / "tone.wav"
    write_wav(path, tone(1.0))
    return path
