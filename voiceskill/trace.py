"""Writes what happens in a spoken conversation, with the machine's time, for measuring."""

from __future__ import annotations

import json
import time
from pathlib import Path
from types import TracebackType

from voiceskill.errors import BadInputError
from voiceskill.happenings import Happening


class Trace:
    """A file of one JSON line an event. Words are in it, sound is not."""

    def __init__(self, path: Path) -> None:
        """Begin the file anew. Raises BadInputError when it cannot be written."""
        self._path = path
        try:
            self._file = path.open("w", encoding="utf-8")
        except OSError as fault:
            raise BadInputError(
                f"{path}: {fault.strerror}; name a file in a folder that can be written"
            ) from None

    def __enter__(self) -> Trace:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def write(self, happening: Happening) -> None:
        """Add an event: ``clock`` is when it happened in monotonic seconds, ``at`` in seconds of
        the input."""
        fields = {"clock": round(time.monotonic(), 4), **happening.as_json()}
        self._file.write(json.dumps(fields, ensure_ascii=False) + "\n")
        self._file.flush()
