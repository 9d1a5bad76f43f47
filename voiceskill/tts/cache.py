"""A voice that keeps its renderings on disk, so that a prompt is spoken at once next time."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import struct
import tempfile
import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
import platformdirs

from voiceskill.audio.sound import Sound
from voiceskill.errors import VoiceError
from voiceskill.tts.voice import Voice

FORMAT = 1
# Part of every key: raise it when the file format or the trimming changes.

MAX_BYTES = 500_000_000
# Every prompt at three rates: 135 MB each.

MEMORY_SOUNDS = 64
# About 10 MB: what was said last is often asked to be repeated.

ABANDONED_S = 3600.0
# A half-written file this old belongs to a process that was killed.

_HEADER = struct.Struct("<4sII")
# Magic, samples a second, checksum of both and the samples, which follow as little-endian int16.

_MAGIC = b"vsk1"

_log = logging.getLogger(__name__)


class Prepared(NamedTuple):
    """What ``prepare`` has done."""

    rendered: int
    """Texts that were rendered and kept."""

    already: int
    """Texts that were there before."""


class CachedVoice:
    """A ``Voice`` in front of another. Its sounds are shared, so their samples are read-only.
    Made for several threads if the other voice is: what is kept waits for nothing."""

    def __init__(self, voice: Voice, folder: Path | None = None) -> None:
        """``folder`` None is the user's cache folder. Closing this closes ``voice``."""
        self.name = voice.name
        self._voice = voice
        self._folder = folder or platformdirs.user_cache_path("voiceskill") / "speech"
        self._memory: OrderedDict[str, Sound] = OrderedDict()
        self._remembering = threading.Lock()
        self._write_fault: str | None = None
        self._grown = False

    def render(self, text: str, rate_wpm: int) -> Sound:
        """The text as sound, from memory, disk or the voice; raises what the voice raises.

        A cache that cannot be read or written only costs time.
        """
        key = self._key(text, rate_wpm)
        kept = self._recall(key)
        if kept is not None:
            return kept
        sound = self._voice.render(text, rate_wpm)
        sound.samples.flags.writeable = False
        self._remember(key, sound)
        self._store(key, sound)
        return sound

    def cached(self, text: str, rate_wpm: int) -> bool:
        """True when the text would be spoken without rendering."""
        return self._recall(self._key(text, rate_wpm)) is not None

    def prepare(
        self,
        texts: Iterable[str],
        rate_wpm: int,
        progress: Callable[[int, int], None] | None = None,
    ) -> Prepared:
        """Render what is not on disk yet, then drop what was not used for longest.

        ``progress`` gets the number of texts done and of all texts. Raises what the voice
        raises, and VoiceError when the folder cannot be written, as nothing would be gained.
        """
        wanted = list(dict.fromkeys(texts))
        rendered = 0
        for done, text in enumerate(wanted):
            if progress is not None:
                progress(done, len(wanted))
            key = self._key(text, rate_wpm)
            if self._load(key) is None:
                self._store(key, self._voice.render(text, rate_wpm))
                rendered += 1
            if self._write_fault is not None:
                raise VoiceError(
                    f"Speech cannot be kept in {self._folder}: {self._write_fault}. "
                    "Make room there, or name another folder."
                )
        if progress is not None:
            progress(len(wanted), len(wanted))
        self._prune()
        return Prepared(rendered, len(wanted) - rendered)

    def close(self) -> None:
        """Close the voice behind and keep the folder within its size; safe to call twice."""
        self._voice.close()
        if self._grown:
            self._prune()

    def _key(self, text: str, rate_wpm: int) -> str:
        identity = json.dumps([FORMAT, self.name, rate_wpm, text])
        return hashlib.sha256(identity.encode()).hexdigest()

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.speech"

    def _recall(self, key: str) -> Sound | None:
        sound = self._memory.get(key) or self._load(key)
        if sound is not None:
            self._remember(key, sound)
        return sound

    def _remember(self, key: str, sound: Sound) -> None:
        with self._remembering:
            self._memory[key] = sound
            self._memory.move_to_end(key)
            if len(self._memory) > MEMORY_SOUNDS:
                self._memory.popitem(last=False)

    def _load(self, key: str) -> Sound | None:
        """The sound on disk, or None when it is missing, unreadable or damaged."""
        path = self._path(key)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        if len(data) <= _HEADER.size or len(data) % 2 != _HEADER.size % 2:
            return None
        magic, rate, checksum = _HEADER.unpack_from(data)
        if magic != _MAGIC or _checksum(data[_HEADER.size :], rate) != checksum:
            return None
        # The time of change is the time of use, for _prune: times of access are often not kept.
        with suppress(OSError):
            os.utime(path)
        return Sound(np.frombuffer(data, dtype="<i2", offset=_HEADER.size), rate)

    def _store(self, key: str, sound: Sound) -> None:
        """Keep the sound on disk; the first failure is logged and ends the writing."""
        if self._write_fault is not None:
            return
        samples = sound.samples.astype("<i2", copy=False).tobytes()
        part: Path | None = None
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                dir=self._folder, suffix=".part", delete=False
            ) as file:
                part = Path(file.name)
                file.write(_HEADER.pack(_MAGIC, sound.rate, _checksum(samples, sound.rate)))
                file.write(samples)
            part.replace(self._path(key))
            self._grown = True
        except BaseException as fault:
            if part is not None:
                with suppress(OSError):
                    part.unlink(missing_ok=True)
            if not isinstance(fault, OSError):
                raise
            self._write_fault = fault.strerror or str(fault)
            _log.warning(
                "Speech is not kept for next time: %s cannot be written (%s)",
                self._folder,
                self._write_fault,
            )

    def _prune(self) -> None:
        """Remove the least recently used renderings beyond MAX_BYTES, and abandoned parts."""
        kept: list[tuple[float, int, Path]] = []
        with suppress(OSError):
            for path in self._folder.iterdir():
                status = path.stat()
                if path.suffix == ".speech":
                    kept.append((status.st_mtime, status.st_size, path))
                elif path.suffix == ".part" and time.time() - status.st_mtime > ABANDONED_S:
                    path.unlink()
        total = 0
        for _, size, path in sorted(kept, reverse=True):
            total += size
            if total > MAX_BYTES:
                with suppress(OSError):
                    path.unlink()
        self._grown = False


def _checksum(samples: bytes, rate: int) -> int:
    return zlib.crc32(samples, rate)
