"""Writes what happens in a spoken conversation, with the machine's time, for measuring."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from voiceskill.errors import BadInputError
from voiceskill.happenings import Happening, Trouble


class Trace:
    """A file of one JSON line an event. Words are in it, sound is not. Not thread-safe."""

    def __init__(self, path: Path, tell: Callable[[Happening], None]) -> None:
        """Begin the file anew; ``tell`` gets when it cannot be written any more, from within
        ``write``. Raises BadInputError when it cannot be written at all."""
        self._path = path
        self._tell = tell
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
        the input. After the first that cannot be written, none is."""
        if self._file.closed:
            return
        fields = {"clock": round(time.monotonic(), 4), **happening.as_json()}
        try:
            self._file.write(json.dumps(fields, ensure_ascii=False) + "\n")
            self._file.flush()
        except OSError as fault:
            with suppress(OSError):  # what could not be written is tried once more
                self._file.close()
            why = fault.strerror or fault
            self._tell(Trouble(happening.at, f"The trace {self._path} ends here: {why}."))
