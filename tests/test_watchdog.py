"""What the supervisor is told: a socket of the test stands in for systemd's."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from voiceskill import watchdog
from voiceskill.clock import Reading, read_clocks, slept_s
from voiceskill.watchdog import Watchdog


class Supervisor:
    """Listens as systemd does."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address)
        self._socket.setblocking(False)

    @property
    def told(self) -> list[str]:
        """What has come since the last look."""
        states = []
        while True:
            try:
                states.append(self._socket.recv(100).decode())
            except BlockingIOError:
                return states

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(params=["path", "abstract"])
def supervisor(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Supervisor]:
    path = str(tmp_path / "notify")
    name, address = {"path": (path, path), "abstract": (f"@{path}", f"\0{path}")}[request.param]
    monkeypatch.setenv("NOTIFY_SOCKET", name)
    listening = Supervisor(address)
    yield listening
    listening.close()


def test_the_supervisor_hears_of_start_life_and_end(supervisor: Supervisor) -> None:
    signs = Watchdog()
    signs.ready()
    signs.beat()
    signs.stopping()
    assert supervisor.told == ["READY=1", "WATCHDOG=1", "STOPPING=1"]


def test_a_beat_with_every_frame_is_told_now_and_then(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    signs = Watchdog()
    for _ in range(100):
        signs.beat()
    assert supervisor.told == ["WATCHDOG=1"]
    monkeypatch.setattr(watchdog, "BEAT_EVERY_S", 0.0)
    signs = Watchdog()
    signs.beat()
    signs.beat()
    assert supervisor.told == ["WATCHDOG=1", "WATCHDOG=1"]


@pytest.mark.parametrize("address", [None, "/nowhere/at/all"])
def test_without_a_supervisor_nothing_happens(
    address: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if address is None:
        monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    else:
        monkeypatch.setenv("NOTIFY_SOCKET", address)
    signs = Watchdog()
    signs.ready()
    signs.beat()
    signs.stopping()


def test_a_machine_that_slept_is_noticed() -> None:
    assert slept_s(Reading(100.0, 500.0), Reading(101.0, 4_101.0)) == 3_600.0


@pytest.mark.parametrize(
    "after",
    [Reading(101.0, 501.0), Reading(700.0, 1_100.0), Reading(101.0, 504.0), Reading(101.0, 100.0)],
    ids=["a second", "ten busy minutes", "a short sleep", "somebody set the clock back"],
)
def test_a_machine_that_was_awake_did_not_sleep(after: Reading) -> None:
    assert slept_s(Reading(100.0, 500.0), after) == 0.0


def test_the_real_clocks_go_together() -> None:
    before = read_clocks()
    after = read_clocks()
    assert after.awake_s >= before.awake_s
    assert slept_s(before, after) == 0.0
