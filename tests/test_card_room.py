"""How a room waits for its card, with a card that fails as it is told; the real one is lost and
found in tests/audio/test_sound_card_recovery.py."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from voiceskill import card_room, watchdog
from voiceskill.audio import echo
from voiceskill.audio.reference import Reference
from voiceskill.audio.sound import Sound
from voiceskill.audio.sound_card import SoundCard
from voiceskill.card_room import CardRoom
from voiceskill.clock import Reading
from voiceskill.errors import AudioError, SleptError
from voiceskill.watchdog import Watchdog

NOTICE = Sound(np.zeros(160, np.int16), 16_000)
LOST = AudioError("The microphone is gone.")


class Loudspeaker:
    """Plays where it is open."""

    def __init__(self, *, is_open: bool = True) -> None:
        self.is_open = is_open
        self.played: list[Sound] = []

    def play(self, sound: Sound) -> None:
        if not self.is_open:
            raise AudioError("The loudspeaker is closed.")
        self.played.append(sound)

    def wait(self, timeout_s: float) -> bool:
        return True


class Card:
    """Comes back after some attempts, each of which tells something."""

    def __init__(
        self, *told: str, speaks: bool = False, reference: Reference | None = None
    ) -> None:
        self.reference = reference
        self.microphone = object()
        self.loudspeaker = Loudspeaker()
        self.attempts = 0
        self.named_only: list[bool] = []
        self._told = list(told)
        self._speaks = speaks

    def recover(self, tell: Callable[[str], None], *, named_only: bool) -> bool:
        self.attempts += 1
        self.named_only.append(named_only)
        if self._told:
            tell(self._told.pop(0))
            if not self.loudspeaker.played:
                self.loudspeaker = Loudspeaker(is_open=self._speaks)
            return False
        self.microphone = object()
        return True


class Clock:
    """Moves only while somebody sleeps."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def _room(card: Card) -> CardRoom:
    return CardRoom(cast(SoundCard, card), NOTICE, Watchdog())


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same waits, shorter."""
    monkeypatch.setattr(card_room, "BACK_OFF_S", (0.01, 0.02))


def test_each_state_is_told_once_until_both_sides_are_there() -> None:
    card, told = Card("no server", "no server", "no microphone", "no server"), list[str]()
    room = _room(card)
    lost = room.microphone

    room.recover(LOST, told.append)

    assert card.attempts == 5
    assert told == ["no server", "no microphone"]
    assert room.microphone is card.microphone is not lost
    assert room.loudspeaker is card.loudspeaker


def test_a_named_device_that_was_loose_for_seconds_is_not_given_up_for_the_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(card_room, "time", Clock())
    monkeypatch.setattr(card_room, "BACK_OFF_S", (1.0, 2.0, 5.0))
    card = Card("no such microphone", "no such microphone", "no such microphone")
    _room(card).recover(LOST, lambda what: None)
    assert card.named_only == [True, True, True, False]


def test_a_loudspeaker_without_a_microphone_says_so_once() -> None:
    card = Card("no microphone", "no microphone", "no microphone", speaks=True)
    _room(card).recover(LOST, lambda what: None)
    assert card.loudspeaker.played == [NOTICE]


@pytest.mark.skipif(not echo.available(), reason="the extra aec is not installed")
def test_after_a_recovery_the_echo_canceller_learns_anew() -> None:
    card = Card("no server", reference=Reference())
    room = _room(card)
    before = room.duplex
    assert before is room.microphone is not None
    room.recover(LOST, lambda what: None)
    assert room.microphone is room.duplex is not before


def test_a_card_that_stays_away_ends_the_program_with_the_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(card_room, "RECOVERY_LIMIT_S", 0.1)
    with pytest.raises(AudioError) as raised:
        _room(Card(*["no server"] * 1_000)).recover(LOST, lambda what: None)
    assert raised.value is LOST


def test_the_supervisor_sees_that_a_room_waits_and_does_not_hang(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "BEAT_EVERY_S", 0.0)
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(str(tmp_path / "notify"))
        supervisor.settimeout(5)
        _room(Card("no server", "no server")).recover(LOST, lambda what: None)
        assert [supervisor.recv(100) for _ in range(3)] == [b"WATCHDOG=1"] * 3


def test_the_heart_beats_between_an_attempt_and_the_notice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each may take long; both at once would look like a program that hangs."""
    steps: list[str] = []

    class Noted(Watchdog):
        def beat(self) -> None:
            steps.append("beat")

    class NotedCard(Card):
        def recover(self, *arguments: Any, **options: Any) -> bool:
            is_back = super().recover(*arguments, **options)
            steps.append("attempt")
            return is_back

    monkeypatch.setattr(Loudspeaker, "play", lambda self, sound: steps.append("notice"))
    card = NotedCard("no microphone", speaks=True)
    CardRoom(cast(SoundCard, card), NOTICE, Noted()).recover(LOST, lambda what: None)

    assert steps[:4] == ["beat", "attempt", "beat", "notice"]


def test_after_a_sleep_of_the_machine_sound_is_opened_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    readings = [Reading(10.0, 10.0), Reading(11.0, 11.0), Reading(12.0, 912.0)]
    monkeypatch.setattr(card_room, "read_clocks", lambda: readings[0])
    room = _room(Card())
    readings.pop(0)
    room.beat()
    readings.pop(0)
    with pytest.raises(SleptError, match="asleep for 900 s") as raised:
        room.beat()
    told: list[Any] = []
    room.recover(raised.value, told.append)
    room.beat()
    assert told == []
