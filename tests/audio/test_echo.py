"""The own voice taken out of what the microphone hears, in simulated rooms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.audio.echo_rooms import (
    OTHER_CLOCK_PPM,
    ROOMS,
    EchoRoom,
    clean,
    echo_of,
    heard,
    less_db,
    own_voice,
    spoken_in,
    voiced_rms,
)
from voiceskill.audio import echo
from voiceskill.audio.echo import EchoCanceller
from voiceskill.audio.sound import SAMPLE_RATE
from voiceskill.audio.wav import read_wav
from voiceskill.errors import AudioError

LIVING_ROOM, KITCHEN, BATHROOM = ROOMS

Samples = NDArray[np.int16]


@pytest.fixture(scope="module")
def own(canceller: None) -> Samples:
    return own_voice(24.0)


def _after(seconds: float, samples: list[Samples] | NDArray[Any]) -> NDArray[Any]:
    joined = np.concatenate(samples) if isinstance(samples, list) else samples
    return joined[round(seconds * SAMPLE_RATE) : len(joined) // 512 * 512]


@pytest.mark.parametrize("room", [LIVING_ROOM, BATHROOM], ids=lambda room: room.name)
def test_the_own_voice_is_taken_out(own: Samples, room: EchoRoom) -> None:
    microphone = heard(echo_of(own, room))

    done = clean(microphone, own)

    assert less_db(_after(8, microphone), _after(8, done.residual)) > 20
    assert less_db(_after(8, microphone), _after(8, done.linear)) > 20
    assert done.over.canceller.alignment.delay_s == pytest.approx(0.124, abs=0.002)


def test_two_clocks_are_told_apart_and_brought_together(own: Samples) -> None:
    """A filter that takes both clocks for one gets rid of 2 dB."""
    microphone = heard(echo_of(own, KITCHEN, OTHER_CLOCK_PPM))

    done = clean(microphone, own)

    assert done.over.canceller.alignment.drift_ppm == pytest.approx(OTHER_CLOCK_PPM, abs=10.0)
    assert less_db(_after(18, microphone), _after(18, done.linear)) > 20


def test_what_a_person_says_over_it_stays_whole(own: Samples, test_data: Path) -> None:
    sentences = sorted((test_data / "speech/english").glob("*.wav"))[:6]
    said = np.concatenate([read_wav(path).samples for path in sentences])[: 12 * SAMPLE_RATE]
    sound = echo_of(own, KITCHEN)
    person = np.zeros_like(sound)
    at = 10 * SAMPLE_RATE
    person[at : at + len(said)] = spoken_in(KITCHEN, said, voiced_rms(sound) / 2)

    done = clean(heard(sound, person), own)

    left = _after(10, done.linear) - _after(10, person)
    assert less_db(_after(10, person), left) > 6
    assert less_db(_after(10, sound), left) > 12


def test_with_headphones_everything_passes_as_it_is(own: Samples, test_data: Path) -> None:
    sentences = sorted((test_data / "speech/english").glob("*.wav"))[:6]
    said = np.concatenate([read_wav(path).samples for path in sentences])[: 12 * SAMPLE_RATE]
    microphone = heard(spoken_in(KITCHEN, said, 2_000.0))
    whole = len(microphone) // 512 * 512

    done = clean(microphone, own[: len(microphone)])

    assert np.array_equal(np.concatenate(done.linear), microphone[:whole])


def test_when_headphones_are_plugged_in_nothing_is_added(own: Samples) -> None:
    sound = echo_of(own, LIVING_ROOM)
    sound[10 * SAMPLE_RATE :] = 0.0
    microphone = heard(sound)

    done = clean(microphone, own)

    assert less_db(_after(10.5, microphone), _after(10.5, done.linear)) > -3.1


def test_the_filter_follows_when_the_sound_server_falls_behind(own: Samples) -> None:
    """80 ms more buffered from one moment on: the path is the same, only later."""
    sound = echo_of(own, LIVING_ROOM)
    at, more = 10 * SAMPLE_RATE, round(0.08 * SAMPLE_RATE)
    later = np.concatenate([sound[:at], np.zeros(more, np.float32), sound[at:-more]])
    microphone = heard(later)

    done = clean(microphone, own)

    assert less_db(_after(13, microphone), _after(13, done.linear)) > 20


def test_a_reference_that_is_brought_forward_disturbs_nothing(own: Samples) -> None:
    """The queue between two clocks leaves 30 ms of silence out, and says so."""
    by = 480
    pause = np.zeros(SAMPLE_RATE, np.int16)
    at = 10 * SAMPLE_RATE
    played = np.concatenate([own[:at], pause, own[at:-SAMPLE_RATE]])
    microphone = heard(echo_of(played, LIVING_ROOM))
    forward = np.concatenate([played[: at + by], played[at + 2 * by :], played[:by]])
    canceller, linear = EchoCanceller(), []
    for start in range(0, len(played) // 512 * 512, 512):
        moved = by if start > at + by else 0
        span = slice(start, start + 512)
        linear.append(canceller.process(microphone[span], forward[span], moved).linear)

    second = slice(12 * SAMPLE_RATE, 13 * SAMPLE_RATE)
    assert less_db(microphone[second], np.concatenate(linear)[second]) > 15


def test_a_voice_that_gets_quieter_leaves_no_more(own: Samples) -> None:
    quieter = own.copy()
    quieter[10 * SAMPLE_RATE :] //= 4
    microphone = heard(echo_of(quieter, LIVING_ROOM))

    done = clean(microphone, quieter)

    assert less_db(_after(10.2, microphone), _after(10.2, done.linear)) > 15


def test_nothing_is_done_while_nothing_is_played(canceller: None) -> None:
    microphone = heard(np.zeros(SAMPLE_RATE, np.float32))

    done = clean(microphone, np.zeros_like(microphone))

    assert np.array_equal(np.concatenate(done.residual), microphone[: 31 * 512])


@pytest.mark.parametrize(
    "content",
    ["raise ImportError('undefined symbol')", "raise OSError('wrong ELF class')", ""],
    ids=["import error", "another error", "empty package"],
)
def test_a_broken_package_is_as_good_as_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str
) -> None:
    """The assistant then speaks and listens in turns."""
    name = f"canceller_{len(content)}"
    (tmp_path / f"{name}.py").write_text(content)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(echo, "PACKAGE", name)

    assert not echo.available()
    with pytest.raises(AudioError, match=r"broken.*pip install --force-reinstall"):
        EchoCanceller()


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(echo, "PACKAGE", "no_such_canceller")

    assert not echo.available()
    with pytest.raises(AudioError, match=r"not installed.*pip install 'voiceskill\[aec\]'"):
        EchoCanceller()
