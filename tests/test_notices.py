"""The time to being told was one median over all kinds of faults: an engine that hangs, told after
five seconds, was hidden by lost cards, told after half of one."""

from __future__ import annotations

import pytest

from benchmarks.notices import TOLD, Notices


def _notices(*events: dict[str, object]) -> Notices:
    coming = iter(events)
    return Notices(lambda limit_s: next(coming, None))


def _trouble(came_s: float, message: str) -> dict[str, object]:
    return {"event": "trouble", "came_s": came_s, "message": message}


def test_an_engine_that_hangs_is_named_when_it_is_no_longer_just_slow() -> None:
    notices = _notices(
        {"event": "mischief", "came_s": 12.0},
        _trouble(13.5, "The speech engine whisper is slow."),
        _trouble(17.5, "The speech engine whisper does not answer. It is started anew."),
    )

    notices.wait("engine stuck", since=10.0, acts_with="mischief")

    told = {row.name: row.value for row in notices.rows("soak")}
    assert told["soak, engine stuck, to being told, longest of 1"] == 1.5
    assert told["soak, engine stuck, to being named, longest of 1"] == 5.5


def test_other_trouble_tells_of_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.notices.LIMIT_S", 0.05)
    notices = _notices(_trouble(10.1, "The assistant was held up for 4 s."))

    with pytest.raises(TimeoutError):
        notices.wait("server killed", since=10.0)


def test_a_slow_kind_of_fault_is_not_hidden_by_quick_ones() -> None:
    gone = "The microphone is gone: its device or the sound server stopped."
    notices = _notices(_trouble(10.2, gone), _trouble(20.2, gone), _trouble(39.0, gone))

    notices.wait("server killed", since=10.0)
    notices.wait("server killed", since=20.0)
    notices.wait("server hung", since=30.0)

    longest = {row.name: row.value for row in notices.rows("soak") if row.bar}
    assert longest["soak, server killed, to being told, longest of 2"] == pytest.approx(0.2)
    assert longest["soak, server hung, to being told, longest of 1"] == pytest.approx(9.0)
    assert len(longest) == len(TOLD)
