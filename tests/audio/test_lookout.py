"""Looking for a lost device beside a conversation; one that comes back is found in
test_sound_card_recovery.py."""

from __future__ import annotations

import time

import psutil
import pytest

from voiceskill.audio import lookout
from voiceskill.audio.lookout import Lookout


def test_no_process_is_left_of_a_look_that_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookout, "LOOK_EVERY_S", 0.0)
    before = set(psutil.Process().children())
    looking = Lookout("microphone", "no such microphone")
    assert not looking.found()
    assert set(psutil.Process().children()) != before
    looking.close()
    assert set(psutil.Process().children()) == before
    looking.close()


def test_a_look_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookout, "LOOK_EVERY_S", 0.0)
    before = set(psutil.Process().children())
    looking = Lookout("microphone", "no such microphone")
    assert not looking.found()
    (look,) = set(psutil.Process().children()) - before
    look.suspend()
    monkeypatch.setattr(looking, "_give_up_at", 0.0)

    until = time.monotonic() + 10.0
    while looking._look and time.monotonic() < until:
        assert not looking.found()
        time.sleep(0.01)

    assert set(psutil.Process().children()) == before


def test_a_look_that_cannot_begin_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """No mock of the system's refusal: there is no such program."""
    monkeypatch.setattr(lookout, "LOOK_EVERY_S", 0.0)
    monkeypatch.setattr(lookout.sys, "executable", "/no/such/python")
    assert not Lookout("microphone", "any").found()
