"""The voice had ended by itself before "stop" was understood, and the benchmark counted a silence
that began with the word: the shortest of all times."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from benchmarks import duplex_bench
from benchmarks.turn_rig import Rig, Times


def _rig(last_sound: float | None) -> Rig:
    """No real one: whether its voice still sounds when it understands is a matter of chance."""
    return cast(
        Rig,
        SimpleNamespace(
            times=Times(),
            live=SimpleNamespace(seen=[]),
            loudspeaker=SimpleNamespace(last_sound=lambda after, before: last_sound),
            drain=list,
            say=lambda text, take: 10.0,
            understood=lambda intent: 10.5,
        ),
    )


@pytest.mark.parametrize(("last_sound", "seconds"), [(10.25, [0.25]), (None, [])])
def test_only_a_voice_that_sounded_is_timed_and_every_turn_is_tried(
    monkeypatch: pytest.MonkeyPatch, last_sound: float | None, seconds: list[float]
) -> None:
    monkeypatch.setattr(duplex_bench, "INTO_SPEECH_S", 0.0)
    rig = _rig(last_sound)
    duplex_bench._stop(rig, take=0)
    assert rig.times.silence.tried == 1
    assert rig.times.silence.seconds == seconds
