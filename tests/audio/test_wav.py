"""Whatever file a person gives: sound comes out of it, or one line that says why not."""

from __future__ import annotations

import resource
import stat
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.audio.tones import AMPLITUDE, pitch_hz, tone
from voiceskill.audio.sound import Sound
from voiceskill.audio.wav import read_wav, resample, write_wav
from voiceskill.errors import BadInputError, VoiceSkillError


def test_sixteen_bit_sound_is_read_bit_by_bit(tmp_path: Path) -> None:
    every_value = np.arange(-32_768, 32_768).astype(np.int16)
    soundfile.write(tmp_path / "all.wav", every_value, 22_050)

    sound = read_wav(tmp_path / "all.wav")

    assert sound.rate == 22_050
    assert np.array_equal(sound.samples, every_value)


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
@pytest.mark.parametrize("rate", [8_000, 44_100, 96_000])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_every_kind_of_wav_is_the_same_sound(
    tmp_path: Path, subtype: str, rate: int, channels: int
) -> None:
    given = tone(0.3, rate=rate)
    track = given.samples.astype(np.float64) / 32_768
    soundfile.write(tmp_path / "x.wav", np.stack([track] * channels, axis=1), rate, subtype)

    sound = read_wav(tmp_path / "x.wav")

    assert sound.rate == rate
    assert sound.samples.dtype == np.int16
    coarsest_step = 256 if subtype == "PCM_U8" else 1
    assert np.abs(sound.samples - given.samples.astype(int)).max() <= coarsest_step


def test_stereo_is_mixed_down(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "x.wav", np.array([[1000, 3000]] * 100, np.int16), 16_000)
    assert set(read_wav(tmp_path / "x.wav").samples) == {2000}


def test_floats_beyond_full_scale_are_clipped_and_no_numbers_are_silent(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "x.wav", np.array([2.0, -2.0, np.nan, 0.5]), 16_000, "FLOAT")
    assert read_wav(tmp_path / "x.wav").samples.tolist() == [32_767, -32_768, 0, 16_384]


def test_a_file_cut_off_in_the_middle_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    write_wav(path, tone(1.0))
    path.write_bytes(path.read_bytes()[:16_045])  # header, 8,000 samples and half of one

    assert np.array_equal(read_wav(path).samples, tone(1.0).samples[:8000])


def header_with_rate(rate: int) -> bytes:
    """A WAV of 100 samples that claims this sample rate."""
    fields = [b"RIFF", (236).to_bytes(4, "little"), b"WAVEfmt ", (16).to_bytes(4, "little")]
    fields += [(1).to_bytes(2, "little"), (1).to_bytes(2, "little"), rate.to_bytes(4, "little")]
    fields += [(2 * rate % 2**32).to_bytes(4, "little"), (2).to_bytes(2, "little")]
    fields += [(16).to_bytes(2, "little"), b"data", (200).to_bytes(4, "little"), bytes(200)]
    return b"".join(fields)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "is empty"),
        (b"RIFF", "is not a sound file"),
        (header_with_rate(16_000)[:30], "is not a sound file"),
        (header_with_rate(16_000)[:44], "contains no sound"),
        (b"this is a text about cramps\n" * 20, "is not a sound file"),
        (b"RIFF\xff\xff\xff\xffWAVE" + bytes(500), "is not a sound file"),
        (header_with_rate(1), "header is damaged"),
        (header_with_rate(4_000_000), "header is damaged"),
    ],
)
@pytest.mark.parametrize("name", ["x.wav", "x"])
def test_what_is_no_sound_is_refused_in_one_line(
    tmp_path: Path, content: bytes, complaint: str, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(BadInputError) as refusal:
        read_wav(path)

    assert complaint in str(refusal.value)
    assert str(path) in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_sound_without_a_header_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.raw").write_bytes(tone(0.1).samples.tobytes())
    with pytest.raises(BadInputError, match="not a sound file"):
        read_wav(tmp_path / "x.raw")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(at=st.integers(0, 47), value=st.binary(min_size=1, max_size=4))
def test_a_damaged_header_gives_sound_or_one_line(tmp_path: Path, at: int, value: bytes) -> None:
    whole = header_with_rate(16_000)
    path = tmp_path / "x.wav"
    path.write_bytes(whole[:at] + value + whole[at + len(value) :])

    with suppress(BadInputError):
        assert len(read_wav(path).samples) > 0


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("missing.wav", "no such sound file"),
        (".", "not a file"),
        ("x" * 300 + ".wav", "cannot be read"),
    ],
)
def test_a_name_that_leads_to_no_file_is_refused(tmp_path: Path, name: str, complaint: str) -> None:
    with pytest.raises(BadInputError, match=complaint):
        read_wav(tmp_path / name)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"

    write_wav(path, tone(0.5, rate=22_050))

    assert np.array_equal(read_wav(path).samples, tone(0.5, rate=22_050).samples)
    assert soundfile.info(path).subtype == "PCM_16"
    assert [file.name for file in tmp_path.iterdir()] == ["x.wav"]


def test_a_disk_that_is_full_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    path.write_bytes(b"what was there")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(VoiceSkillError, match="Make room") as fault:
            write_wav(path, tone(1.0))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert fault.value.exit_status == 1
    assert path.read_bytes() == b"what was there"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["nowhere/x.wav", ".", "file.txt/x.wav", "x" * 300 + ".wav"])
def test_a_name_that_cannot_be_written_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.txt").touch()
    with pytest.raises(BadInputError):
        write_wav(tmp_path / name, tone(0.1))
    assert [file.name for file in tmp_path.iterdir()] == ["file.txt"]


def test_a_device_is_not_replaced_by_a_file() -> None:
    """Renaming onto /dev/null as root would break the machine."""
    with pytest.raises(BadInputError, match="not a file"):
        write_wav(Path("/dev/null"), tone(0.1))
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_link_goes_on_leading_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "link.wav").symlink_to(tmp_path / "x.wav")
    write_wav(tmp_path / "link.wav", tone(0.1))
    assert (tmp_path / "link.wav").is_symlink()
    assert read_wav(tmp_path / "x.wav").seconds == pytest.approx(0.1)


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000, 96_000])
def test_resampling_keeps_pitch_length_and_loudness(rate: int) -> None:
    sound = resample(tone(1.0, rate=rate), 16_000)

    assert sound.rate == 16_000
    assert sound.seconds == pytest.approx(1.0, abs=0.001)
    assert pitch_hz(sound) == pytest.approx(440, abs=2)
    assert np.abs(sound.samples[1000:-1000]).max() == pytest.approx(AMPLITUDE, rel=0.01)


def test_resampling_to_the_same_rate_changes_nothing() -> None:
    sound = tone(0.1)
    assert resample(sound, 16_000) is sound


def test_resampling_no_sound_gives_no_sound() -> None:
    assert len(resample(Sound(np.zeros(0, np.int16), 22_050), 16_000).samples) == 0
