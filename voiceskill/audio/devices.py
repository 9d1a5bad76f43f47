"""What sound devices this machine has, and whether its microphone hears anything."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np

from voiceskill.audio.device_microphone import DeviceMicrophone
from voiceskill.audio.portaudio import require_portaudio
from voiceskill.errors import AudioError

__all__ = [
    "DeviceInfo",
    "default_pair",
    "has_loudspeaker",
    "has_microphone",
    "list_devices",
    "measure_level",
    "require_portaudio",
]

DIGITAL_SILENCE_DBFS = -100.0
"""Reported for a microphone that delivers nothing but zeros; the quietest 16-bit sound is -90."""

SETTLE_S = 0.2
"""Cut from the start of a measurement: many microphones begin with a click."""


@dataclass(frozen=True)
class DeviceInfo:
    """One sound device."""

    index: int
    """Its number, by which it can be chosen; a part of the name does it too."""
    name: str
    system: str
    """The sound system that it belongs to: ALSA, Core Audio."""
    inputs: int
    """Channels that can be recorded, 0 for a loudspeaker."""
    outputs: int
    """Channels that can be played, 0 for a microphone."""
    rate: int
    """Its own sample rate, Hz."""
    default_microphone: bool
    default_loudspeaker: bool

    def __str__(self) -> str:
        """One line for the eye: what it is, and what it is used for."""
        uses = [
            *(["the microphone"] if self.default_microphone else []),
            *(["the loudspeaker"] if self.default_loudspeaker else []),
        ]
        used = f" <- {' and '.join(uses)} unless you choose another" if uses else ""
        return (
            f"{self.index}: {self.name} ({self.system}, {self.inputs} in, {self.outputs} out, "
            f"{self.rate} Hz){used}"
        )


def list_devices() -> list[DeviceInfo]:
    """All sound devices, by index; empty on a machine without a sound card. Raises AudioError."""
    sounddevice = require_portaudio()
    systems = sounddevice.query_hostapis()
    microphone, loudspeaker = sounddevice.default.device
    return [
        DeviceInfo(
            index=device["index"],
            name=device["name"],
            system=systems[device["hostapi"]]["name"],
            inputs=device["max_input_channels"],
            outputs=device["max_output_channels"],
            rate=int(device["default_samplerate"]),
            default_microphone=device["index"] == microphone,
            default_loudspeaker=device["index"] == loudspeaker,
        )
        for device in sounddevice.query_devices()
    ]


def default_pair() -> tuple[DeviceInfo | None, DeviceInfo | None]:
    """The microphone and the loudspeaker that are used when none is named. Raises AudioError."""
    devices = list_devices()
    microphone = next((device for device in devices if device.default_microphone), None)
    loudspeaker = next((device for device in devices if device.default_loudspeaker), None)
    return microphone, loudspeaker


def has_microphone() -> bool:
    """Whether there is a microphone to listen to; False also where PortAudio is missing."""
    try:
        return default_pair()[0] is not None
    except AudioError:
        return False


def has_loudspeaker() -> bool:
    """Whether there is a loudspeaker to speak through; False also where PortAudio is missing."""
    try:
        return default_pair()[1] is not None
    except AudioError:
        return False


def measure_level(seconds: float, device: int | str | None = None) -> float:
    """Listen for ``seconds`` and return the mean level, dB below full scale (a quiet room is
    around -60; DIGITAL_SILENCE_DBFS means a microphone that is none). Raises AudioError."""
    microphone = DeviceMicrophone(device)
    frames: list[bytes] = []
    try:
        microphone.start()
        deadline = time.monotonic() + 2 * (SETTLE_S + seconds) + 2.0
        while microphone.position_s < SETTLE_S + seconds and time.monotonic() < deadline:
            frame = microphone.read(timeout_s=0.5)
            if frame is not None and microphone.position_s > SETTLE_S:
                frames.append(frame)
    finally:
        microphone.close()
    samples = np.frombuffer(b"".join(frames), np.int16).astype(np.float64) / 32_768
    power = float(np.mean(samples**2)) if len(samples) else 0.0
    return 10 * math.log10(power) if power > 0 else DIGITAL_SILENCE_DBFS
