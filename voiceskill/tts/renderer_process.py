"""One run of the renderer child: started, asked, and ended together with its temporary folder."""

from __future__ import annotations

import atexit
import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, cast

START_LIMIT_S = 20.0
# 0.2 s on a laptop; a Raspberry Pi that reads Python from a cold card needs several seconds.

CLOSE_LIMIT_S = 1.0
# A healthy child leaves at once when its input closes; a stopped one is killed after this.

KILL_LIMIT_S = 1.0
# What was killed is gone within milliseconds, unless it waits for a disk that does not answer.


class RendererError(Exception):
    """The child hung, died or could not do it; the message is the reason, one line."""


class RendererProcess:
    """A running renderer with one voice. Not thread-safe."""

    def __init__(self, voice: str | None) -> None:
        """Start the child and wait until it is ready.

        ``voice`` None is the engine's own default. Raises RendererError when it cannot start,
        OSError when there is no room for temporary files.
        """
        self._folder = tempfile.TemporaryDirectory(prefix="voiceskill-", ignore_cleanup_errors=True)
        self._path = Path(self._folder.name) / "sentence.wav"
        # A file, not a pipe: nobody reads it until the child has died.
        self._log = tempfile.TemporaryFile()  # noqa: SIM115
        self._answers = b""
        self._child = subprocess.Popen(
            [sys.executable, "-m", "voiceskill.tts.renderer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            bufsize=0,
            # -m imports from the working folder first: keep it away from the user's files.
            cwd="/",
            # Ctrl-C in the terminal must not reach it while its Python is still starting.
            start_new_session=True,
        )
        self._requests = cast(IO[bytes], self._child.stdin)
        self._output = cast(IO[bytes], self._child.stdout)
        self._selector = selectors.DefaultSelector()
        atexit.register(self.close)
        try:
            self._selector.register(self._output, selectors.EVENT_READ)
            ready = self._ask({"voice": voice, "folder": self._folder.name}, START_LIMIT_S)
        except BaseException:
            self.close()
            raise
        self.voice: str | None = ready["voice"]
        """The engine's id of the voice that speaks; None when the wanted one does not exist."""
        self.voices: list[str] = ready["voices"]
        """The ids of all voices of the engine."""

    @property
    def pid(self) -> int:
        """Process id of the child."""
        return self._child.pid

    def render(self, text: str, rate_wpm: int, limit_s: float) -> Path:
        """The text as a sound file, valid until the next call; raises RendererError.

        After a fault the process must be closed: a late answer would be taken for the next one.
        """
        path = str(self._path)
        self._ask({"text": text, "rate": rate_wpm, "path": path}, limit_s)
        return self._path

    def close(self) -> None:
        """End the child and remove its folder; safe to call twice."""
        atexit.unregister(self.close)
        self._requests.close()
        try:
            self._child.wait(CLOSE_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(KILL_LIMIT_S)
        finally:
            self._folder.cleanup()
        self._selector.close()
        self._output.close()
        self._log.close()

    def _ask(self, request: dict[str, Any], limit_s: float) -> dict[str, Any]:
        try:
            self._requests.write(json.dumps(request).encode() + b"\n")
        except BrokenPipeError:
            raise RendererError(self._last_words()) from None
        answer: dict[str, Any] = json.loads(self._next_line(limit_s))
        if "error" in answer:
            raise RendererError(" ".join(answer["error"].split()))
        return answer

    def _next_line(self, limit_s: float) -> bytes:
        deadline = time.monotonic() + limit_s
        while b"\n" not in self._answers:
            if not self._selector.select(max(0.0, deadline - time.monotonic())):
                raise RendererError(f"it gave no answer within {limit_s:.1f} s")
            block = os.read(self._output.fileno(), 65536)
            if not block:
                raise RendererError(self._last_words())
            self._answers += block
        line, _, self._answers = self._answers.partition(b"\n")
        return line

    def _last_words(self) -> str:
        """Why the child died: the last line that it or the engine complained with."""
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").split("\n")
        said = next((line.strip() for line in reversed(lines) if line.strip()), "without a word")
        return f"its process ended: {said}"
