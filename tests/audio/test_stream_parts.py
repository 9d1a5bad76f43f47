"""What stands between PortAudio's thread and ours."""

from __future__ import annotations

import threading
import time

import pytest

from voiceskill.audio import heartbeat
from voiceskill.audio.block_queue import BlockQueue
from voiceskill.audio.heartbeat import Heartbeat


def test_blocks_come_out_in_their_order() -> None:
    queue = BlockQueue(3)
    for block in (b"a", b"b", b"c"):
        queue.put(block)
    assert [queue.get(0), queue.get(0), queue.get(0), queue.get(0)] == [b"a", b"b", b"c", None]
    assert queue.dropped == 0


def test_a_reader_that_is_too_slow_loses_the_oldest_and_it_is_counted() -> None:
    queue = BlockQueue(2)
    for block in (b"a", b"b", b"c", b"d"):
        queue.put(block)
    assert queue.dropped == 2
    assert [queue.get(0), queue.get(0)] == [b"c", b"d"]


def test_clearing_tells_how_much_was_thrown_away() -> None:
    queue = BlockQueue(5)
    queue.put(b"a")
    queue.put(b"b")
    assert queue.clear() == 2
    assert queue.get(0) is None


def test_a_waiting_reader_is_woken_by_a_block() -> None:
    queue = BlockQueue(1)
    writer = threading.Timer(0.05, queue.put, [b"late"])
    writer.start()
    assert queue.get(timeout_s=20) == b"late"
    writer.join()


def test_a_stream_that_ends_is_lost_at_once() -> None:
    heart = Heartbeat()
    heart.beat()
    assert not heart.lost()
    heart.end()
    assert heart.lost()


def test_a_stream_without_callbacks_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "NO_BEAT_S", 0.05)
    heart = Heartbeat()
    heart.beat()
    time.sleep(0.06)
    assert heart.lost()


def test_a_process_that_was_stopped_itself_does_not_think_its_stream_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After Ctrl-Z and fg the last callback is long ago, and the next one comes at once."""
    monkeypatch.setattr(heartbeat, "NO_BEAT_S", 0.05)
    monkeypatch.setattr(heartbeat, "SECOND_LOOK_S", 20.0)
    heart = Heartbeat()
    heart.beat()
    time.sleep(0.06)
    stream = threading.Timer(0.05, heart.beat)
    stream.start()
    assert not heart.lost()
    stream.join()
