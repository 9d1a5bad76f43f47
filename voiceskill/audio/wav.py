"""Sound files: any WAV in, 16-bit mono WAV out, and sound from one sample rate to another."""

from __future__ import annotations

import errno
import os
import secrets
import wave
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from voiceskill.audio.sound import Sound
from voiceskill.errors import BadInputError, VoiceSkillError

FULL_SCALE = 32_768
"""What 1.0 is in a 16-bit sample."""

LOWEST_RATE_HZ = 1_000
HIGHEST_RATE_HZ = 768_000
"""Beyond these no recorder records: the header is damaged, and resampling would take for ever."""

_BLOCK_SAMPLES = 65_536
"""Read at once, so that an hour of studio sound is never in memory as floats."""

_FAULTS_OF_THE_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
"""A name that cannot be written is bad input; these are nobody's typing mistake."""


def read_wav(path: Path) -> Sound:
    """The sound of a file, mixed down to mono, at the file's own rate.

    Integer or float samples, any number of channels. A file that was cut off is read as far as
    it goes. Raises BadInputError when there is no sound to be had from it.
    """
    try:
        if path.exists() and not path.is_file():
            raise BadInputError(f"{path} is not a file. Give a WAV file.")
        # Opened here, because soundfile does not tell what is not there from what is not sound.
        with open(path, "rb") as raw:
            if os.fstat(raw.fileno()).st_size == 0:
                raise BadInputError(f"{path} is empty. Record it again.")
            with soundfile.SoundFile(raw) as file:
                rate = file.samplerate
                samples = _mono_samples(file)
    except FileNotFoundError as error:
        raise BadInputError(f"{path}: no such sound file. Check the name.") from error
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror}.") from error
    except (soundfile.SoundFileError, TypeError) as error:  # TypeError: a name that ends in .raw
        raise BadInputError(f"{path} is not a sound file. Give a WAV file.") from error
    if not LOWEST_RATE_HZ <= rate <= HIGHEST_RATE_HZ:
        raise BadInputError(f"{path} claims a sample rate of {rate} Hz: its header is damaged.")
    if len(samples) == 0:
        raise BadInputError(f"{path} contains no sound, only a header. Record it again.")
    return Sound(samples, rate)


def check_writable(path: Path) -> None:
    """Raise BadInputError when no file can be written there, before there is anything to write."""
    try:
        is_other = path.exists() and not path.is_file()
        folder = path.resolve().parent
    except (OSError, RuntimeError) as error:  # a name too long; links that go in circles
        raise BadInputError(f"{path} cannot be written: {error}.") from error
    if is_other:
        raise BadInputError(f"{path} is not a file. Give the name of a WAV file to write.")
    if not folder.is_dir():
        raise BadInputError(f"{path} cannot be written: there is no folder {folder}.")
    if not os.access(folder, os.W_OK):
        raise BadInputError(f"{path} cannot be written: the folder {folder} is read-only.")


def write_wav(path: Path, sound: Sound) -> None:
    """Write a 16-bit mono WAV file; until all of it is written nothing has its name.

    Raises BadInputError for a name that cannot be written, VoiceSkillError when the disk is full.
    """
    check_writable(path)
    target = path.resolve()  # behind a link, the file it leads to is replaced and not the link
    part = target.with_name(f".{target.name[:200]}.{secrets.token_hex(4)}.part")
    try:
        try:
            # Not soundfile: it loses the error of a full disk.
            with open(part, "xb") as raw, wave.open(raw, "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(sound.rate)
                file.setnframes(len(sound.samples))
                file.writeframesraw(sound.samples.astype("<i2", copy=False).tobytes())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        if error.errno in _FAULTS_OF_THE_DISK:
            raise VoiceSkillError(
                f"{path} was not written: {error.strerror}. Make room on the disk."
            ) from error
        raise BadInputError(f"{path} cannot be written: {error.strerror}.") from error


def resample(sound: Sound, rate: int) -> Sound:
    """The same sound at ``rate`` Hz."""
    if rate == sound.rate:
        return sound
    return Sound(soxr.resample(sound.samples, sound.rate, rate), rate)


def _mono_samples(file: soundfile.SoundFile) -> NDArray[np.int16]:
    """All samples that can be read, int16; floats beyond full scale are clipped, NaN is silence."""
    blocks: list[NDArray[np.int16]] = []
    while True:
        try:
            # Through floats, because soundfile reads a float file as integers without scaling;
            # for 16-bit sound the way there and back is exact.
            block = file.read(_BLOCK_SAMPLES, dtype="float32", always_2d=True)
        except soundfile.SoundFileError:
            break  # damaged from here on
        if len(block) == 0:
            break
        mono = np.nan_to_num(block.mean(axis=1), nan=0.0) * FULL_SCALE
        blocks.append(np.clip(np.rint(mono), -FULL_SCALE, FULL_SCALE - 1).astype(np.int16))
    return np.concatenate(blocks) if blocks else np.zeros(0, np.int16)
