"""The microphone and the loudspeaker through PortAudio, on a virtual sound card."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from tests.audio.child import finished, run_program, started_program
from tests.audio.tones import audible, pitch_hz, tone
from tests.virtual_card import LOUDSPEAKER, MICROPHONE, VirtualCard
from voiceskill.audio.wav import read_wav, write_wav

pytestmark = pytest.mark.sound

HEAR = """
import sys
from pathlib import Path
import numpy as np
from voiceskill.audio.device_microphone import DeviceMicrophone
from voiceskill.audio.sound import Sound
from voiceskill.audio.wav import write_wav

microphone = DeviceMicrophone()
microphone.start()
frames = [microphone.read(2.0)]
print("listening", flush=True)
while microphone.position_s < 2.5:
    frames.append(microphone.read(2.0))
microphone.close()
microphone.close()
write_wav(Path(sys.argv[1]), Sound(np.frombuffer(b"".join(frames), np.int16), 16_000))
print(microphone.overflows)
"""

ONLY_STEREO_AT_44100 = """
import sounddevice

class StubbornStream(sounddevice.RawInputStream):
    def __init__(self, **settings):
        if (settings["samplerate"], settings["channels"]) != (44_100, 2):
            raise sounddevice.PortAudioError("Invalid sample rate", -9997)
        super().__init__(**settings)

sounddevice.RawInputStream = StubbornStream
"""

SPEAK_AND_CUT = """
import json, sys, time
from pathlib import Path
from voiceskill.audio.device_loudspeaker import DeviceLoudspeaker
from voiceskill.audio.wav import read_wav

speaker = DeviceLoudspeaker()
speaker.gain_db = -6.0
speaker.play(read_wav(Path(sys.argv[1])))
speaker.play(read_wav(Path(sys.argv[1])))
assert speaker.playing
assert not speaker.wait(timeout_s=0.4)
heard_s = speaker.cut()
after_s = time.monotonic() - speaker.first_sample_at
silent = speaker.wait(timeout_s=5)
print(json.dumps([heard_s, after_s, silent, speaker.playing, speaker.position]))
speaker.close()
speaker.close()
"""

SPEAK_TO_THE_END = """
import sys
from pathlib import Path
from voiceskill.audio.device_loudspeaker import DeviceLoudspeaker
from voiceskill.audio.wav import read_wav

speaker = DeviceLoudspeaker()
for path in sys.argv[1:]:
    speaker.play(read_wav(Path(path)))
print(speaker.wait(timeout_s=20), round(speaker.position, 3))
speaker.close()
"""

LOSE_BOTH = """
import sys, time
from voiceskill.audio.device_loudspeaker import DeviceLoudspeaker
from voiceskill.audio.device_microphone import DeviceMicrophone
from voiceskill.audio.wav import read_wav
from voiceskill.errors import AudioError
from pathlib import Path

speaker, microphone = DeviceLoudspeaker(), DeviceMicrophone()
microphone.start()
speaker.play(read_wav(Path(sys.argv[1])))
for _ in range(10):
    assert microphone.read(5.0) is not None
print("both work", flush=True)
for use in (lambda: microphone.read(0.1), lambda: speaker.wait(0.1)):
    try:
        while True:
            use()
    except AudioError as error:
        print(error, flush=True)
microphone.close()
speaker.close()
"""


def test_the_microphone_hears_what_is_said_bit_by_bit(
    card: VirtualCard, tone_wav: Path, tmp_path: Path
) -> None:
    with started_program(HEAR, card.env, tmp_path / "heard.wav") as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "listening\n"
        card.say(tone_wav)
        assert finished(child) == "0\n"

    heard = read_wav(tmp_path / "heard.wav").samples
    said = tone(1.0).samples
    start = np.flatnonzero(heard)[0] - 1  # the tone begins with a zero
    assert np.abs(heard[start : start + len(said)] - said.astype(int)).max() <= 1


def test_a_microphone_that_knows_only_its_own_rate_and_stereo_is_heard_all_the_same(
    card: VirtualCard, tone_wav: Path, tmp_path: Path
) -> None:
    program = ONLY_STEREO_AT_44100 + HEAR
    with started_program(program, card.env, tmp_path / "heard.wav") as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "listening\n"
        card.say(tone_wav)
        assert finished(child) == "0\n"

    heard = audible(read_wav(tmp_path / "heard.wav"))
    assert heard.seconds == pytest.approx(1.0, abs=0.02)
    assert pitch_hz(heard) == pytest.approx(440, abs=2)


def test_what_is_not_read_is_flushed_and_still_counted(card: VirtualCard) -> None:
    program = """
import time
from voiceskill.audio.device_microphone import DeviceMicrophone
microphone = DeviceMicrophone()
microphone.start()
microphone.read(5.0)
begun = time.monotonic() - microphone.position_s
time.sleep(1.0)
microphone.flush()
print(microphone.read(0.0), abs(time.monotonic() - begun - microphone.position_s) < 0.3)
print(len(microphone.read(5.0)))
microphone.close()
"""
    assert run_program(program, card.env) == "None True\n1024\n"


def test_a_place_in_the_sound_keeps_its_time_while_nobody_reads(card: VirtualCard) -> None:
    """Latencies are counted from when a word sounded, not from when somebody came to read it."""
    program = """
import time
from voiceskill.audio.device_microphone import DeviceMicrophone
microphone = DeviceMicrophone()
microphone.start()
microphone.read(5.0)
begun = microphone.clock_at(0.0)
time.sleep(1.0)
print(round(abs(microphone.clock_at(0.0) - begun), 1))
microphone.close()
time.sleep(1.0)
microphone.start()
microphone.read(5.0)
print(0.0 < time.monotonic() - microphone.clock_at(microphone.position_s) < 0.5)
microphone.close()
"""
    assert run_program(program, card.env) == "0.0\nTrue\n"


def test_two_sounds_are_played_one_after_the_other_and_heard_to_their_ends(
    card: VirtualCard, tone_wav: Path, tmp_path: Path
) -> None:
    write_wav(tmp_path / "high.wav", tone(1.0, pitch_hz=880, rate=22_050))
    with card.record(tmp_path / "played.wav"):
        assert (
            run_program(SPEAK_TO_THE_END, card.env, tone_wav, tmp_path / "high.wav") == "True 1.0\n"
        )

    played = audible(read_wav(tmp_path / "played.wav"))
    assert played.seconds == pytest.approx(2.0, abs=0.01)
    first, second = np.split(played.samples[:32_000], [16_000])
    assert pitch_hz(type(played)(first, 16_000)) == pytest.approx(440, abs=2)
    assert pitch_hz(type(played)(second, 16_000)) == pytest.approx(880, abs=2)


def test_cut_silences_at_once_and_tells_how_much_was_heard(
    card: VirtualCard, tmp_path: Path
) -> None:
    write_wav(tmp_path / "long.wav", tone(5.0))
    with card.record(tmp_path / "played.wav"):
        said = run_program(SPEAK_AND_CUT, card.env, tmp_path / "long.wav")
    heard_s, after_s, silent, playing, position_s = json.loads(said)

    played = audible(read_wav(tmp_path / "played.wav"))
    assert played.seconds < after_s + 0.15
    assert played.seconds == pytest.approx(heard_s, abs=0.03)
    assert position_s == pytest.approx(heard_s, abs=0.03)
    assert (silent, playing) == (True, False)
    assert np.abs(played.samples).max() == pytest.approx(8_020, rel=0.02)  # 6 dB quieter
    assert np.abs(np.diff(played.samples.astype(int))).max() < 2_000  # faded, not chopped off


def test_a_card_of_another_rate_beside_the_first_is_listed_and_neither_hears_the_other(
    card: VirtualCard, tone_wav: Path, tmp_path: Path
) -> None:
    program = """
from voiceskill.audio.devices import *
for device in list_devices():
    print(device)
print([device.name for device in default_pair()], has_microphone(), has_loudspeaker())
print(measure_level(0.5))
"""
    with VirtualCard(rate=48_000) as other:
        player = card.say(tone_wav, wait=False)
        *listed, defaults, level = run_program(program, other.env).splitlines()
        with other.record(tmp_path / "played.wav"):
            assert run_program(SPEAK_TO_THE_END, other.env, tone_wav) == "True 1.0\n"
        player.wait(timeout=20)

    assert f"0: {MICROPHONE} (ALSA, 32 in, 32 out, 44100 Hz)" in listed
    assert f"1: {LOUDSPEAKER} (ALSA, 32 in, 32 out, 44100 Hz)" in listed
    assert listed[-1].endswith(" <- the microphone and the loudspeaker unless you choose another")
    assert defaults == "['default', 'default'] True True"
    assert float(level) == -100.0
    played = audible(read_wav(tmp_path / "played.wav"))
    assert pitch_hz(played) == pytest.approx(440, abs=2)


def test_the_level_of_a_tone_is_measured_and_the_echo_path_carries_it(
    breakable_card: VirtualCard, tmp_path: Path
) -> None:
    write_wav(tmp_path / "long.wav", tone(4.0))
    program = """
import sys
from pathlib import Path
from voiceskill.audio.device_loudspeaker import DeviceLoudspeaker
from voiceskill.audio.devices import measure_level
from voiceskill.audio.wav import read_wav
speaker = DeviceLoudspeaker()
speaker.play(read_wav(Path(sys.argv[1])))
speaker.wait(0.5)
print(measure_level(0.5, "default"))
speaker.close()
"""
    breakable_card.echo()
    level = float(run_program(program, breakable_card.env, tmp_path / "long.wav"))
    assert level == pytest.approx(-9.2, abs=1.0)  # a sine at half of full scale


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_sound_server_that_dies_or_hangs_is_told_in_one_line_each_and_the_program_ends(
    breakable_card: VirtualCard, tmp_path: Path, how: signal.Signals
) -> None:
    write_wav(tmp_path / "long.wav", tone(60.0))
    with started_program(LOSE_BOTH, breakable_card.env, tmp_path / "long.wav") as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "both work\n"
        breakable_card.kill_server(how)
        gone_at = time.monotonic()
        lines = [child.stdout.readline(), child.stdout.readline()]
        noticed_s = time.monotonic() - gone_at
        assert finished(child, quiet=False) == ""

    assert "The microphone is gone" in lines[0]
    assert "The loudspeaker is gone" in lines[1]
    assert noticed_s < 5.0


def test_a_device_that_does_not_exist_is_told_in_one_line(card: VirtualCard) -> None:
    program = """
from voiceskill.audio.device_loudspeaker import DeviceLoudspeaker
from voiceskill.audio.device_microphone import DeviceMicrophone
from voiceskill.errors import AudioError
for opened in (lambda: DeviceMicrophone("kazoo").start(), lambda: DeviceLoudspeaker(99)):
    try:
        opened()
    except AudioError as error:
        print(error)
"""
    assert run_program(program, card.env).splitlines() == [
        "There is no microphone 'kazoo'. `voiceskill devices` lists what there is.",
        "There is no loudspeaker 99. `voiceskill devices` lists what there is.",
    ]


def test_a_card_leaves_no_process_and_no_file_behind() -> None:
    with VirtualCard() as card:
        folder = Path(card.env["XDG_RUNTIME_DIR"])
        assert folder.is_dir()
    assert not folder.exists()
    assert not [
        process
        for process in Path("/proc").glob("[0-9]*/cmdline")
        if str(folder).encode() in _content(process)
    ]


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it ended while we looked
        return os.fsencode("")
