"""A sound card that exists only in memory: what a program plays can be recorded, what a test says
is heard by its microphone.

A private PulseAudio server with two sinks that lead nowhere, which PortAudio sees through ALSA's
pulse plugin. PortAudio reads the environment when it is loaded, so a test runs the program in a
child process with ``env=card.env``. Several cards can run side by side.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from pathlib import Path
from types import TracebackType

import pytest

MICROPHONE = "test_microphone"
LOUDSPEAKER = "test_loudspeaker"

_EAR = "test_room"
"""The sink whose monitor is the microphone: what is played into it is heard."""

_MICROPHONE_MODULE = f"module-remap-source master={_EAR}.monitor source_name={MICROPHONE}"

_PROGRAMS = ("pulseaudio", "pactl", "pacat", "paplay", "parecord")

_START_S = 10.0
"""Longest wait for the server; it takes 0.2 s on an idle machine."""

_STOP_S = 3.0
"""Longest wait for a child to end by itself before it is killed."""

_KEEP_ALIVE_MS = 20
"""A sink without a stream renders blocks of two seconds, and the microphone stalls as long. A
silent stream with this latency keeps the blocks short."""


_ROOM_VOLUME = 3_500
"""Of 65,536, by the third power: 80 dB below full scale for a noise as loud as can be."""


def unavailable() -> str | None:
    """Why there can be no virtual sound card on this machine, or None when there can."""
    missing = [program for program in _PROGRAMS if shutil.which(program) is None]
    if missing:
        return f"no virtual sound card: {', '.join(missing)} not installed (make virtual-card)"
    if not any(Path("/usr/lib").glob("*/alsa-lib/libasound_module_pcm_pulse.so")):
        return "no virtual sound card: libasound2-plugins not installed (make virtual-card)"
    if find_library("portaudio") is None:
        return "no virtual sound card: libportaudio2 not installed (make virtual-card)"
    return None


def running_card(rate: int = 16_000, *, in_a_room: bool = False) -> Iterator[VirtualCard]:
    """The body of a pytest fixture: one running card; the test is skipped where there can be none.

    ``@pytest.fixture(scope="session") def card(): yield from running_card()``
    """
    reason = unavailable()
    if reason is not None:
        pytest.skip(reason)
    with VirtualCard(rate, in_a_room=in_a_room) as card:
        yield card


class VirtualCard:
    """One virtual sound card; a context manager that leaves nothing behind."""

    def __init__(self, rate: int = 16_000, *, in_a_room: bool = False) -> None:
        """``in_a_room``: the microphone hears a faint noise, as every open one does."""
        self.rate = rate
        """Hz, of both devices; sound of this rate passes bit by bit."""
        self._in_a_room = in_a_room
        # Not a test's own folder: the path of a socket may have 107 characters at most.
        self._folder = Path(tempfile.mkdtemp(prefix="card-"))
        self._socket = self._folder / "native"
        self._server: subprocess.Popen[bytes] | None = None
        self._children: list[subprocess.Popen[bytes]] = []
        (self._folder / "asound.conf").write_text(self._alsa_settings(), encoding="utf-8")
        (self._folder / "client.conf").write_text("autospawn = no\nenable-shm = no\n")
        self.env: dict[str, str] = {
            **os.environ,
            "ALSA_CONFIG_PATH": str(self._folder / "asound.conf"),
            "PULSE_CLIENTCONFIG": str(self._folder / "client.conf"),
            "PULSE_COOKIE": str(self._folder / "cookie"),
            "PULSE_RUNTIME_PATH": str(self._folder),
            "PULSE_SERVER": f"unix:{self._socket}",
            "PULSE_STATE_PATH": str(self._folder),
            "XDG_RUNTIME_DIR": str(self._folder),
        }
        """The environment in which a program finds this card and no other."""

    def __enter__(self) -> VirtualCard:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the server and wait until its microphone hears. Raises RuntimeError."""
        try:
            self._start_server()
            for sink in (_EAR, LOUDSPEAKER):
                self._keep_alive(sink)
            self._wait_until_it_hears()
        except BaseException:
            self.stop()
            raise

    def say(self, wav: Path, *, wait: bool = True) -> subprocess.Popen[bytes]:
        """Play a WAV file into the microphone; with ``wait`` return when it has been heard."""
        player = self._spawn("paplay", f"--device={_EAR}", "--latency-msec=20", str(wav))
        if wait:
            player.wait(timeout=120)
        return player

    @contextmanager
    def record(self, wav: Path) -> Iterator[None]:
        """Record what the loudspeaker plays into a mono 16-bit WAV file of the card's rate."""
        recorder = self._spawn(
            "parecord",
            f"--device={LOUDSPEAKER}.monitor",
            f"--rate={self.rate}",
            "--channels=1",
            "--format=s16le",
            "--file-format=wav",
            "--latency-msec=20",
            str(wav),
        )
        try:
            self._wait_for(lambda: wav.exists() and wav.stat().st_size > 100, "recording")
            yield
        finally:
            _end(recorder)

    def echo(self) -> None:
        """From now on the microphone hears what the loudspeaker plays.

        Both on one sink, hence on one clock: two sinks drift apart by 70 millionths, since each
        counts rounded times, and a loopback between them runs dry after some minutes and tears.
        """
        self.unplug(LOUDSPEAKER)
        self._control(
            "load-module",
            "module-remap-sink",
            f"sink_name={LOUDSPEAKER}",
            f"master={_EAR}",
            "remix=no",
        )
        self._choose_defaults()

    def kill_server(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Take the sound card away; SIGSTOP leaves it there, hung."""
        if self._server is None:
            raise RuntimeError("the virtual sound card is not running")
        self._server.send_signal(how)
        if how is not signal.SIGSTOP:
            self._server.wait(timeout=_STOP_S)

    def resume_server(self) -> None:
        """Let a server that hangs go on."""
        if self._server is None:
            raise RuntimeError("the virtual sound card is not running")
        self._server.send_signal(signal.SIGCONT)

    def restart_server(self) -> None:
        """A new server in place of one that was killed; returns when its microphone hears."""
        for child in self._children:
            _end(child)
        self._children = []
        self.start()

    def suspend(self, *, suspended: bool) -> None:
        """Have the microphone fall asleep: it is there and can be opened, but delivers nothing."""
        self._control("suspend-source", MICROPHONE, str(int(suspended)))

    def unplug(self, device: str) -> None:
        """Pull MICROPHONE or LOUDSPEAKER out. While the other is there the server moves streams to
        its sink or monitor; without both who uses them loses them."""
        listed = subprocess.run(
            ["pactl", "list", "short", "modules"],
            env=self.env,
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        ).stdout
        sink = _EAR if device == MICROPHONE else LOUDSPEAKER
        number = next(
            line.split()[0] for line in listed.splitlines() if f"sink_name={sink} " in line
        )
        self._control("unload-module", number)

    def plug_in(self, device: str, rate: int | None = None) -> None:
        """Put it back, with another index and perhaps another rate in Hz."""
        sink = _EAR if device == MICROPHONE else LOUDSPEAKER
        self._control("load-module", *_sink(sink, rate or self.rate).split())
        if device == MICROPHONE:
            self._control("load-module", *_MICROPHONE_MODULE.split())
        self._keep_alive(sink)
        self._choose_defaults()

    def stop(self) -> None:
        """End every process of this card and remove its files; safe to call twice."""
        server = [self._server] if self._server is not None else []
        for process in [*self._children, *server]:
            _end(process)
        self._children, self._server = [], None
        shutil.rmtree(self._folder, ignore_errors=True)

    def _alsa_settings(self) -> str:
        devices = "".join(
            f'pcm.{name} {{ type pulse device "{name}" hint {{ show on description "{name}" }} }}\n'
            for name in (MICROPHONE, LOUDSPEAKER)
        )
        return (
            "</usr/share/alsa/alsa.conf>\n"
            "pcm.!default { type pulse }\nctl.!default { type pulse }\n" + devices
        )

    def _start_server(self) -> None:
        modules = [
            f"module-native-protocol-unix socket={self._socket} auth-anonymous=1",
            *(_sink(sink, self.rate) for sink in (_EAR, LOUDSPEAKER)),
            _MICROPHONE_MODULE,
        ]
        log = self._folder / "server.log"
        self._server = self._spawn(
            "pulseaudio",
            "-n",
            "--daemonize=no",
            "--system=false",
            "--exit-idle-time=-1",
            "--disable-shm=yes",
            "--use-pid-file=no",
            "--realtime=no",
            "--high-priority=no",
            "--log-level=error",
            f"--log-target=file:{log}",
            *(word for module in modules for word in ("-L", module)),
        )
        self._children.remove(self._server)
        self._wait_for(lambda: self._control("info", check=False) == 0, "server")
        self._choose_defaults()

    def _choose_defaults(self) -> None:
        """The two devices, where they are plugged in."""
        self._control("set-default-sink", LOUDSPEAKER, check=False)
        self._control("set-default-source", MICROPHONE, check=False)

    def _keep_alive(self, sink: str) -> None:
        noisy = self._in_a_room and sink == _EAR
        with open("/dev/urandom" if noisy else "/dev/zero", "rb") as sound:
            self._spawn(
                "pacat",
                "--raw",
                "--format=s16le",
                f"--rate={self.rate}",
                "--channels=1",
                f"--device={sink}",
                f"--latency-msec={_KEEP_ALIVE_MS}",
                f"--volume={_ROOM_VOLUME}",
                stdin=sound.fileno(),
            )

    def _wait_until_it_hears(self) -> None:
        """Until the microphone has delivered its first second, which comes late and in one lump."""
        taster = subprocess.Popen(
            ["parecord", "--raw", f"--device={MICROPHONE}", "--latency-msec=20"],
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._children.append(taster)
        assert taster.stdout is not None
        with taster.stdout:
            taster.stdout.read(self.rate * 2)
        _end(taster)

    def _control(self, *words: str, check: bool = True) -> int:
        done = subprocess.run(
            ["pactl", *words], env=self.env, capture_output=True, timeout=10, check=check
        )
        return done.returncode

    def _spawn(self, *command: str, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        # Even a test run that is killed outright takes its children along, where the system can.
        leash = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
        process = subprocess.Popen(
            [*leash, *command],
            env=self.env,
            stdin=stdin,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the tests; they then stop the card in order
        )
        self._children.append(process)
        return process

    def _wait_for(self, ready: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + _START_S
        while not ready():
            dead = self._server is None or self._server.poll() is not None
            if dead or time.monotonic() > deadline:
                log = self._folder / "server.log"
                said = log.read_text(errors="replace") if log.exists() else ""
                raise RuntimeError(f"the virtual sound card has no {what}: {said}")
            time.sleep(0.02)


def _sink(name: str, rate: int) -> str:
    """The module that makes a sink which leads nowhere."""
    return f"module-null-sink sink_name={name} rate={rate} channels=1"


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a child that this card started; one that hangs or is stopped is killed."""
    if process.poll() is not None:
        return
    process.terminate()
    process.send_signal(signal.SIGCONT)  # one that was stopped would not hear it
    try:
        process.wait(timeout=_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=_STOP_S)
