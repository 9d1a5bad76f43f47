"""What the loudspeaker plays, handed to the echo canceller in step with the microphone."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.audio.child import finished, started_program
from tests.audio.tones import pitch_hz, tone
from tests.virtual_card import LOUDSPEAKER, VirtualCard
from voiceskill.audio.reference import LEAST_LATE_SAMPLES, LONGEST_S, Reference
from voiceskill.audio.sound import SAMPLE_RATE, Sound

FRAME = 512

Samples = NDArray[np.int16]


def _played(
    samples: Samples,
    *,
    rate: int = SAMPLE_RATE,
    put: int = FRAME,
    take: int = FRAME,
    late: int | None = None,
) -> tuple[Samples, Reference]:
    """All that comes out while a loudspeaker takes blocks of ``put`` and a microphone brings blocks
    of ``take`` in the same time."""
    reference = Reference()
    reference.late = late
    taken = []
    for index in range(len(samples) // put):
        reference.put(samples[index * put : (index + 1) * put].tobytes(), rate)
        taken.append(reference.take(take))
    return np.concatenate(taken), reference


def _counting(seconds: float) -> Samples:
    """Samples that tell their own place, none of them zero."""
    return (np.arange(round(seconds * SAMPLE_RATE)) % 30_000 + 1).astype(np.int16)


def _unbroken(taken: Samples) -> bool:
    """Whether sample follows on sample from the first that is not silence."""
    heard = taken[np.flatnonzero(taken)[0] :].astype(np.int64)
    return set(np.diff(heard).tolist()) <= {1, 1 - 30_000}


def test_what_is_played_comes_out_unbroken() -> None:
    taken, reference = _played(_counting(20.0))

    assert _unbroken(taken)
    assert np.flatnonzero(taken)[0] < SAMPLE_RATE / 10
    assert (reference.dropped, reference.moved) == (0, 0)


def test_a_stream_of_another_rate_is_heard_at_16_khz() -> None:
    sound = tone(2.0, 440.0, 48_000)

    taken, _ = _played(sound.samples, rate=48_000, put=3 * FRAME)

    assert abs(pitch_hz(Sound(taken[SAMPLE_RATE // 2 :], SAMPLE_RATE)) - 440.0) < 2.0


def test_there_is_silence_where_nothing_was_played() -> None:
    assert not Reference().take(FRAME).any()


def test_a_reader_that_was_busy_misses_nothing() -> None:
    """Recognising takes a second; meanwhile the microphone's sound piles up just as high."""
    blocks = _counting(12.0)[: 320 * FRAME].reshape(-1, FRAME)
    reference = Reference()
    taken = []
    for index, block in enumerate(blocks, start=1):
        reference.put(block.tobytes(), SAMPLE_RATE)
        if index <= 40:
            taken.append(reference.take(FRAME))
        elif index % 40 == 0:
            taken += [reference.take(FRAME) for _ in range(40)]

    assert _unbroken(np.concatenate(taken))
    assert len(taken) == len(blocks)


def test_what_nobody_fetches_is_forgotten_and_counted() -> None:
    reference = Reference()
    second = bytes(2 * SAMPLE_RATE)

    for _ in range(round(LONGEST_S) + 5):
        reference.put(second, SAMPLE_RATE)

    assert reference.dropped == 5 * SAMPLE_RATE


def test_a_faster_loudspeaker_is_set_right_in_silence_and_it_is_told_by_how_much() -> None:
    """One part in 256 faster: after fifteen seconds there is 60 ms too much."""
    seconds = 60
    random = np.random.default_rng(2)
    samples = random.integers(-9_000, 9_000, seconds * SAMPLE_RATE).astype(np.int16)
    for start in range(0, len(samples), 4 * SAMPLE_RATE):
        samples[start : start + SAMPLE_RATE] = 0

    taken, reference = _played(samples, put=FRAME + 2)

    assert reference.moved > 0
    assert reference.dropped == 0
    nearly_all = (seconds - 1) * 3 / 4 * SAMPLE_RATE
    assert np.count_nonzero(taken) > nearly_all - 4 * SAMPLE_RATE


def test_a_slower_loudspeaker_is_set_right_before_it_runs_dry() -> None:
    samples = np.ones(60 * SAMPLE_RATE, np.int16)
    for start in range(0, len(samples), 4 * SAMPLE_RATE):
        samples[start : start + SAMPLE_RATE] = 0

    taken, reference = _played(samples, put=FRAME - 1)

    assert reference.moved < 0
    runs = np.diff(np.flatnonzero(np.diff(taken.astype(np.int64))))
    loud = runs[1::2] if taken[np.flatnonzero(np.diff(taken))[0]] else runs[::2]
    assert {int(run) for run in loud[1:-1]} == {3 * SAMPLE_RATE}


@pytest.mark.parametrize(("late", "moved"), [(LEAST_LATE_SAMPLES - 20, 0), (200, -40)])
def test_the_echo_is_not_made_to_come_before_its_cause(late: int, moved: int) -> None:
    """Once it was: no filter found it there, and the assistant broke off every sentence."""
    samples = np.zeros(19 * SAMPLE_RATE, np.int16)

    _, reference = _played(samples, put=FRAME - 2, late=late)

    assert reference.moved == moved


PLAY = """
import json, sys, time
from tests.audio.tones import pitch_hz, tone, audible
from voiceskill.audio.device_loudspeaker import DeviceLoudspeaker
from voiceskill.audio.reference import Reference
from voiceskill.audio.sound import Sound
import numpy as np
reference = Reference()
loudspeaker = DeviceLoudspeaker(sys.argv[1], reference)
loudspeaker.play(tone(1.0))
taken = []
end = time.monotonic() + 2.0
while time.monotonic() < end:
    taken.append(reference.take(512))
    time.sleep(0.032)
loudspeaker.close()
sound = audible(Sound(np.concatenate(taken), 16_000))
print(json.dumps({"seconds": sound.seconds, "pitch": pitch_hz(sound)}))
"""


@pytest.mark.sound
def test_a_loudspeaker_hands_on_what_it_plays(card: VirtualCard) -> None:
    with started_program(PLAY, card.env, LOUDSPEAKER) as child:
        heard = json.loads(finished(child, quiet=False))  # it may stutter on a busy machine

    # The reader of this test has a clock of its own, so some of it may be missing.
    assert 0.6 < heard["seconds"] < 1.5
    assert abs(heard["pitch"] - 440.0) < 10.0
