"""What help was sought for within the last day: parts of the body and times, nothing else.

The same cramp asked about twice in a day is a reason to see somebody. In memory only, unless the
person chose to have it kept in a file (setting ``remember``).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from pathlib import Path

from platformdirs import user_data_path

from voiceskill.content.labels import BodyPart

DAY_S = 86_400.0
"""The clinical rule is about a day; what is older is forgotten, in the file as well."""

_LOG = logging.getLogger(__name__)


def call_log_file() -> Path:
    """Where it is kept when the person wants it; it need not exist."""
    return user_data_path("voiceskill", appauthor=False) / "asked.json"


class CallLog:
    """Remembers for a day which parts of the body help was sought for."""

    def __init__(self, file: Path | None = None) -> None:
        """Without ``file`` it lasts as long as the program. A file that cannot be read is empty."""
        self._file = file
        self._last: dict[BodyPart, float] = _read(file) if file else {}

    def within_a_day(self, now: float) -> frozenset[BodyPart]:
        """The parts of the last day; ``now`` in seconds since 1970."""
        self._forget(now)
        return frozenset(self._last)

    def note(self, parts: Iterable[BodyPart], now: float) -> None:
        """Remember that help was sought for ``parts`` just now."""
        self._forget(now)
        self._last.update(dict.fromkeys(parts, now))
        if self._file:
            self._write(self._file)

    def _forget(self, now: float) -> None:
        # Times ahead of the clock are of a clock that was wrong.
        self._last = {part: at for part, at in self._last.items() if 0 <= now - at < DAY_S}

    def _write(self, file: Path) -> None:
        try:
            if not self._last:
                file.unlink(missing_ok=True)
                return
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps({part.value: at for part, at in self._last.items()}))
        except OSError as fault:
            _LOG.warning("%s: %s; what was asked is not remembered", file, fault.strerror)


def _read(file: Path) -> dict[BodyPart, float]:
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        return {BodyPart(part): float(at) for part, at in stored.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as fault:
        _LOG.warning("%s: %s; it is written anew", file, fault)
        return {}
