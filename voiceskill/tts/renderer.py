"""The child program that owns pyttsx3: JSON lines in, JSON lines out, sound in files.

Run by ``renderer_process`` as ``python -m voiceskill.tts.renderer``. In a process of its own
because espeak ends the process when its data is missing, and pyttsx3 can hang for ever.
Imports nothing heavy: it must be ready in a blink.

First line in: ``{"voice": str | null, "folder": str}``, answered with ``{"voice": str | null,
"voices": [str]}`` (``voice`` null when there is no such voice) or ``{"error": str}``.
Then ``{"text", "rate", "path"}``, answered with ``{"path"}`` or ``{"error"}``.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import queue
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

SETTLE_S = 0.1
# A rate set right before speaking is lost two times in three; 0.05 to 0.1 s later never.

FINISH_LIMIT_S = 600.0
# Only so that nothing waits for ever: the parent's own limit, by length of text, is far shorter.

TRIES = 3
# Rarely pyttsx3 takes the end of the last sentence for a reason to break off the next.

EMPTY_FILE_BYTES = 44
# The header of a WAV file without sound.

WARM_UP = "ready"
# Any word will do: pyttsx3 comes back from its first utterance before the sound is there.


class Renderer:
    """pyttsx3, started and warmed up. Only for the main thread."""

    def __init__(self, folder: Path) -> None:
        preload_espeak()
        import pyttsx3

        self._engine = pyttsx3.init()
        self._rate: int | None = None
        self._finished = threading.Event()
        self._broken_off = False
        self._engine.connect("finished-utterance", self._on_finished)
        warm_up = folder / "warm-up.wav"
        self._save(WARM_UP, str(warm_up))
        time.sleep(SETTLE_S)
        warm_up.unlink()
        self._voices = list(self._engine.getProperty("voices"))

    @property
    def voices(self) -> list[str]:
        """Short ids of all voices, sorted: ``en-us`` for espeak's ``gmw/en-us``."""
        return sorted(_short(voice.id) for voice in self._voices)

    def choose(self, wanted: str | None) -> str | None:
        """Speak with the voice of this id, name or language; None when there is none.

        espeak's ``+variant`` may follow. The engine itself keeps the old voice in silence.
        """
        if wanted is None:
            return str(self._engine.getProperty("voice"))
        base, plus, variant = wanted.partition("+")
        base = base.lower()
        by_id = [v.id for v in self._voices if base in (v.id.lower(), _short(v.id).lower())]
        by_nature = [v.id for v in self._voices if base in _names_and_languages(v)]
        for voice_id in by_id + by_nature:
            candidate = voice_id + plus + variant
            self._engine.setProperty("voice", candidate)
            spoken = str(self._engine.getProperty("voice"))
            if spoken.lower() == candidate.lower():
                return spoken
        return None

    def render(self, text: str, rate: int, path: str) -> None:
        """Write the text as sound to ``path``, at ``rate`` words a minute."""
        if rate != self._rate:
            self._engine.setProperty("rate", rate)
            time.sleep(SETTLE_S)
            self._rate = rate
        self._save(text, path)

    def _save(self, text: str, path: str) -> None:
        for _ in range(TRIES):
            self._broken_off = False
            self._finished.clear()
            self._engine.save_to_file(text, path)
            self._engine.runAndWait()
            if not self._finished.wait(FINISH_LIMIT_S):
                raise RuntimeError("the engine never finished the sentence")
            if not self._broken_off and os.path.getsize(path) > EMPTY_FILE_BYTES:
                return
            time.sleep(SETTLE_S)
        if self._broken_off:
            raise RuntimeError("the engine broke the sentence off")

    def _on_finished(self, name: str | None, completed: bool) -> None:  # noqa: ARG002
        self._broken_off = self._broken_off or not completed
        self._finished.set()


def preload_espeak() -> None:
    """Let pyttsx3 find the espeak-ng of the package espeakng-loader, where that is installed.

    A data folder named by the environment is respected; without the package the system's
    own library is looked for.
    """
    try:
        import espeakng_loader
    except ImportError:
        return
    data = Path(espeakng_loader.get_data_path())
    os.environ.setdefault("ESPEAK_DATA_PATH", str(data.parent))
    ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)


def _short(voice_id: str) -> str:
    return voice_id.rpartition("/")[2]


def _names_and_languages(voice: Any) -> list[str]:
    return [str(word).lower() for word in (voice.name, *(voice.languages or ()))]


def _receive(requests: queue.SimpleQueue[dict[str, Any]]) -> None:
    """Pass on requests until the parent closes the pipe or dies; then end the whole process.

    In a thread of its own, so that a hung engine cannot outlive the parent either.
    """
    folder: Path | None = None
    path: Path | None = None
    for line in sys.stdin.buffer:
        request = json.loads(line)
        folder = Path(request["folder"]) if "folder" in request else folder
        path = Path(request["path"]) if "path" in request else path
        requests.put(request)
    # The parent clears up too, unless it was killed.
    with contextlib.suppress(OSError):
        if path is not None:
            path.unlink(missing_ok=True)
        if folder is not None:
            folder.rmdir()
    os._exit(0)


def main() -> None:
    """Serve requests until standard input closes."""
    # Ctrl-C is for the parent, which closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # pyttsx3 prints to standard output, which carries the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    def answer(**fields: Any) -> None:
        answers.write(json.dumps(fields) + "\n")

    def leave(fault: sys.UnraisableHookArgs) -> None:
        answer(error=str(fault.exc_value))
        os._exit(1)

    # A failure in espeak's own thread (no room for the file) would leave pyttsx3 waiting for ever.
    sys.unraisablehook = leave
    requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    receiver = threading.Thread(target=_receive, args=(requests,), daemon=True)
    receiver.start()
    first = requests.get()
    try:
        renderer = Renderer(Path(first["folder"]))
        answer(voice=renderer.choose(first["voice"]), voices=renderer.voices)
    except Exception as fault:
        answer(error=f"{type(fault).__name__}: {fault}")
        # Python aborts when it ends while a thread reads standard input: let the parent end it.
        receiver.join()
        return
    while True:
        request = requests.get()
        try:
            renderer.render(request["text"], request["rate"], request["path"])
            answer(path=request["path"])
        except Exception as fault:
            answer(error=f"{type(fault).__name__}: {fault}")


if __name__ == "__main__":
    main()
