"""Files that stand in for the microphone and the loudspeaker."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.audio.tones import pitch_hz, tone
from voiceskill.audio.file_loudspeaker import FileLoudspeaker
from voiceskill.audio.file_microphone import FileMicrophone
from voiceskill.audio.loudspeaker import Loudspeaker
from voiceskill.audio.microphone import Microphone
from voiceskill.audio.sound import FRAME_BYTES, FRAME_S, FRAME_SAMPLES, Sound
from voiceskill.audio.wav import read_wav
from voiceskill.errors import BadInputError


def all_frames(microphone: Microphone) -> list[bytes]:
    microphone.start()
    frames = []
    while not microphone.ended:
        frame = microphone.read(timeout_s=0)
        assert frame is not None
        frames.append(frame)
    return frames


def test_a_file_is_heard_to_its_last_sample_in_whole_frames() -> None:
    sound = tone(1.01)  # 31.6 frames

    frames = all_frames(microphone := FileMicrophone(sound))

    heard = np.frombuffer(b"".join(frames), np.int16)
    assert {len(frame) for frame in frames} == {FRAME_BYTES}
    assert np.array_equal(heard[: len(sound.samples)], sound.samples)
    assert not heard[len(sound.samples) :].any()
    assert microphone.position_s == pytest.approx(len(frames) * FRAME_S)
    assert microphone.read(timeout_s=0) is None


def test_a_file_of_whole_frames_has_no_frame_too_many() -> None:
    sound = Sound(np.ones(3 * FRAME_SAMPLES, np.int16), 16_000)
    assert len(all_frames(FileMicrophone(sound))) == 3


def test_a_file_of_another_rate_is_heard_at_the_right_pitch() -> None:
    frames = all_frames(FileMicrophone(tone(1.0, rate=44_100)))
    heard = Sound(np.frombuffer(b"".join(frames), np.int16), 16_000)
    assert pitch_hz(heard) == pytest.approx(440, abs=2)


def test_a_closed_file_has_ended() -> None:
    microphone = FileMicrophone(tone(1.0))
    microphone.read(timeout_s=0)
    microphone.close()
    assert microphone.ended
    assert microphone.read(timeout_s=0) is None


def test_what_is_said_and_the_silence_between_end_up_in_one_file(tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    loudspeaker = FileLoudspeaker(path, rate=16_000)
    speaker: Loudspeaker = loudspeaker

    speaker.play(tone(0.5))
    loudspeaker.silence(0.25)
    speaker.play(tone(0.5, pitch_hz=880, rate=22_050))
    assert speaker.wait(timeout_s=0)
    assert not speaker.playing
    assert speaker.position == pytest.approx(0.5)
    assert speaker.cut() == pytest.approx(0.5)
    assert loudspeaker.elapsed_s == pytest.approx(1.25)
    assert not path.exists()
    speaker.close()
    speaker.close()

    samples = read_wav(path).samples
    assert np.array_equal(samples[:8000], tone(0.5).samples)
    assert not samples[8000:12_000].any()
    assert pitch_hz(Sound(samples[12_000:], 16_000)) == pytest.approx(880, abs=4)


@pytest.mark.parametrize(("gain_db", "factor"), [(-6.0, 0.5012), (3.0, 1.4125)])
def test_louder_and_quieter_change_what_is_written(
    tmp_path: Path, gain_db: float, factor: float
) -> None:
    speaker = FileLoudspeaker(tmp_path / "out.wav", rate=16_000)
    speaker.gain_db = gain_db
    speaker.play(Sound(np.full(100, 10_000, np.int16), 16_000))
    speaker.close()
    assert set(read_wav(tmp_path / "out.wav").samples) == {round(10_000 * factor)}


def test_far_too_loud_is_clipped_and_does_not_turn_over(tmp_path: Path) -> None:
    speaker = FileLoudspeaker(tmp_path / "out.wav", rate=16_000)
    speaker.gain_db = 20.0
    speaker.play(Sound(np.array([10_000, -10_000], np.int16), 16_000))
    speaker.close()
    assert read_wav(tmp_path / "out.wav").samples.tolist() == [32_767, -32_768]


def test_a_file_that_could_not_be_written_is_refused_before_anything_is_said(
    tmp_path: Path,
) -> None:
    with pytest.raises(BadInputError, match="no folder"):
        FileLoudspeaker(tmp_path / "nowhere" / "out.wav", rate=16_000)
