"""The one door to PortAudio: loading it, keeping it quiet, letting go of a stream."""

from __future__ import annotations

import atexit
import ctypes
import logging
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotDone
from contextlib import ExitStack, contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any, TypeVar

from voiceskill.background import in_background
from voiceskill.errors import AudioError

OPEN_S = 8.0
"""A sleeping device takes seconds to open; a sound server that hangs would take for ever."""

CLOSE_S = 2.0
"""Closing takes milliseconds, or for ever where the server hangs: the stream is left behind."""

HUNG = "The sound server does not answer. Restart it, or the computer."

STDERR = 2

_stderr_taken = threading.Lock()

_left_behind: list[Future[Any]] = []
"""Calls into PortAudio that have not come back."""

Result = TypeVar("Result")

logger = logging.getLogger(__name__)


def require_portaudio() -> ModuleType:
    """The module sounddevice, loaded when it is first needed.

    Raises AudioError when it or the PortAudio library is not installed or cannot start.
    """
    # JACK, where it is installed, would be started by merely asking for it.
    os.environ.setdefault("JACK_NO_START_SERVER", "1")
    try:
        _hush_alsa()
        sounddevice = _in_limited_time(lambda: import_module("sounddevice"), OPEN_S)
    except ImportError as error:
        raise AudioError(
            "No sound: the Python package sounddevice is missing. "
            "Type: pip install 'voiceskill[audio]'"
        ) from error
    except OSError as error:
        raise AudioError(
            "No sound: the library PortAudio is missing. Type: sudo apt install libportaudio2"
        ) from error
    except AudioError:
        raise
    except Exception as error:  # sounddevice's own error, which exists only once it is loaded
        raise AudioError(f"No sound: PortAudio cannot start ({error}).") from error
    return sounddevice


def restart_portaudio() -> None:
    """Look anew for the devices that there are, for PortAudio looks only once; all streams must be
    closed. Raises AudioError when there is no PortAudio, or its server hangs."""
    sounddevice: Any = require_portaudio()
    _left_behind[:] = [call for call in _left_behind if not call.done()]
    if _left_behind:
        # PortAudio is not made for two threads: what waits for the server must come back first.
        raise AudioError(HUNG)

    def restart() -> None:
        while sounddevice._initialized:
            sounddevice._terminate()
        # Not its own _initialize: that one meddles with standard error too, without a lock.
        sounddevice._check(sounddevice._lib.Pa_Initialize(), "Error initializing PortAudio")
        sounddevice._initialized += 1

    try:
        _in_limited_time(restart, OPEN_S)
    except sounddevice.PortAudioError as error:
        raise AudioError(f"No sound: PortAudio cannot start ({error}).") from error


def open_stream(make: Callable[[], Any]) -> Any:
    """The stream that ``make`` makes, started.

    Raises PortAudio's own error when it cannot be, AudioError when its server hangs.
    """

    def started() -> Any:
        stream = make()
        try:
            stream.start()
        except BaseException:
            stream.close(ignore_errors=True)
            raise
        return stream

    return _in_limited_time(started, OPEN_S)


def close_stream(stream: Any) -> None:
    """Abort and close a PortAudio stream, within ``CLOSE_S`` seconds whatever its server does."""

    def close() -> None:
        stream.abort(ignore_errors=True)
        stream.close(ignore_errors=True)

    try:
        _in_limited_time(close, CLOSE_S)
    except AudioError as error:
        logger.warning("A sound stream was left behind. %s", error)


def _in_limited_time(call: Callable[[], Result], limit_s: float) -> Result:
    """What ``call``, which waits for the sound server, returns or raises; its C libraries quiet.

    Raises AudioError when it takes longer than ``limit_s`` seconds; its thread is left behind.
    """
    with _quiet_libraries():
        done = in_background(call, "sound-server")
        try:
            return done.result(limit_s)
        except NotDone:  # the built-in TimeoutError only from Python 3.11 on
            # PortAudio's own clean-up at exit would wait for the same server.
            if "sounddevice" in sys.modules:
                atexit.unregister(sys.modules["sounddevice"]._exit_handler)
            _left_behind.append(done)
            raise AudioError(HUNG) from None


@contextmanager
def _quiet_libraries() -> Iterator[None]:
    """Turn what C libraries print to standard error into debug logs.

    PortAudio and JACK complain in many lines about what a machine simply does not have.
    """
    with _stderr_taken, ExitStack() as stack:
        try:
            noise = stack.enter_context(tempfile.TemporaryFile())
            kept = os.dup(STDERR)
        except OSError:  # no standard error to keep quiet, or nowhere to keep what it says
            yield
            return
        os.dup2(noise.fileno(), STDERR)
        try:
            yield
        finally:
            os.dup2(kept, STDERR)
            os.close(kept)
            noise.seek(0)
            for line in noise.read().decode(errors="replace").splitlines():
                logger.debug("sound library: %s", line)


def _hush_alsa() -> None:
    """ALSA reports every stutter on standard error, in the middle of a conversation too."""
    try:
        alsa = ctypes.CDLL("libasound.so.2")
        # Its handler may be any C function that does nothing. One in Python could be called by a
        # thread of PortAudio when the interpreter is no more.
        alsa.snd_lib_error_set_handler(ctypes.CDLL(None).labs)
    except (OSError, AttributeError):
        return  # not Linux, or without ALSA
