"""A machine without a sound card, or without PortAudio: one clear line, never a traceback."""

from __future__ import annotations

import ctypes.util
import os
from pathlib import Path

import pytest

from tests.audio.child import run_program

TRY_ALL = """
from voiceskill.audio.device_loudspeaker import DeviceLoudspeaker
from voiceskill.audio.device_microphone import DeviceMicrophone
from voiceskill.audio.devices import has_loudspeaker, has_microphone, list_devices, measure_level
from voiceskill.errors import AudioError

print(has_microphone(), has_loudspeaker())
microphone = DeviceMicrophone()
for use in (list_devices, microphone.start, DeviceLoudspeaker, lambda: measure_level(0.1)):
    try:
        print(use())
    except AudioError as error:
        print(error)
microphone.close()
"""


def test_without_a_sound_card_every_use_is_refused_in_one_line(tmp_path: Path) -> None:
    if ctypes.util.find_library("portaudio") is None:
        pytest.skip("PortAudio is not installed (make sound-library)")
    if any(Path("/proc/asound").glob("card*/pcm*")):
        pytest.skip("this machine has a sound card")
    env = {**os.environ, "PULSE_SERVER": f"unix:{tmp_path}/nowhere"}

    there, listed, microphone, loudspeaker, level = run_program(TRY_ALL, env).splitlines()

    assert there == "False False"
    assert listed == "[]"
    assert microphone.startswith("No microphone was found.")
    assert loudspeaker.startswith("No loudspeaker was found.")
    assert level == microphone


def test_without_portaudio_every_use_says_what_to_install() -> None:
    hidden = "import ctypes.util\nctypes.util.find_library = lambda name: None\n"

    there, *refusals = run_program(hidden + TRY_ALL, os.environ).splitlines()

    assert there == "False False"
    assert len(refusals) == 4
    assert all("sudo apt install libportaudio2" in line for line in refusals)


def test_without_the_package_sounddevice_every_use_says_what_to_install() -> None:
    hidden = "import sys\nsys.modules['sounddevice'] = None\n"

    _, *refusals = run_program(hidden + TRY_ALL, os.environ).splitlines()

    assert len(refusals) == 4
    assert all("pip install 'voiceskill[audio]'" in line for line in refusals)


def test_nothing_but_the_devices_loads_portaudio() -> None:
    program = """
import sys
import voiceskill.audio.devices
import voiceskill.audio.device_loudspeaker
import voiceskill.audio.file_loudspeaker
print("sounddevice" in sys.modules)
"""
    assert run_program(program, os.environ) == "False\n"
