"""The person kicked the table: whatever happens to the sound card, both devices come back."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.audio.child import finished, run_program, started_program
from tests.audio.tones import audible, pitch_hz, tone
from tests.virtual_card import LOUDSPEAKER, MICROPHONE, VirtualCard, running_card
from voiceskill.audio.wav import read_wav, write_wav

pytestmark = pytest.mark.sound

USE = """
import sys, threading, time
from pathlib import Path
import numpy as np
from voiceskill.audio.sound import Sound
from voiceskill.audio.sound_card import SoundCard
from voiceskill.audio.wav import read_wav, write_wav
from voiceskill.errors import AudioError

tone, heard, *names = sys.argv[1:]
microphone, loudspeaker = names or (None, None)
card = SoundCard(microphone, loudspeaker, with_reference=False)
card.microphone.start()
card.loudspeaker.play(Sound(np.zeros(16_000 * 60, np.int16), 16_000))
for _ in range(20):
    assert card.microphone.read(5.0)
print("both work", flush=True)
try:
    while card.loudspeaker.playing:
        card.microphone.read(0.05)
except AudioError as fault:
    print("lost:", fault, flush=True)
position_s, lost_at = card.microphone.position_s, time.monotonic()
while not card.recover(lambda what: print("told:", what, flush=True)):
    assert time.monotonic() < lost_at + 25
    time.sleep(0.3)
card.microphone.flush()
gone_s = time.monotonic() - lost_at
assert abs(card.microphone.position_s - position_s - gone_s) < 1.0, "its clock stood still"
print("back", flush=True)
card.loudspeaker.play(read_wav(Path(tone)))
frames = [card.microphone.read(5.0) for _ in range(90)]
assert card.loudspeaker.wait(5.0)
write_wav(Path(heard), Sound(np.frombuffer(b"".join(frames), np.int16), 16_000))
card.close()
print(sum(t.name == "sound-server" for t in threading.enumerate()))
"""

HEAR_ON = """
import sys
from pathlib import Path
import numpy as np
from voiceskill.audio.sound import Sound
from voiceskill.audio.sound_card import SoundCard
from voiceskill.audio.wav import write_wav
from voiceskill.errors import AudioError

card = SoundCard(None, None, with_reference=False)
card.microphone.start()
frames = [card.microphone.read(5.0)]
print("hears", flush=True)
while card.microphone.position_s < 5.0:
    try:
        frames.append(card.microphone.read(1.0) or b"")
    except AudioError:
        card.recover(print)
write_wav(Path(sys.argv[1]), Sound(np.frombuffer(b"".join(frames), np.int16), 16_000))
card.close()
"""

NAMES_GO = """
import os, sys
from pathlib import Path
from voiceskill.audio.sound_card import SoundCard

card = SoundCard(*sys.argv[1:], with_reference=False)
settings = Path(os.environ["ALSA_CONFIG_PATH"])
kept = [line for line in settings.read_text().splitlines() if " hint " not in line]
settings.write_text("\\n".join(kept) + "\\n")
print(card.recover(print, named_only=True))
print(card.recover(print), len(card.microphone.read(5.0)))
card.close()
"""

NAME_COMES_BACK = """
import os, sys
from pathlib import Path
import numpy as np
from voiceskill import card_room
from voiceskill.audio import lookout
from voiceskill.audio.sound import Sound
from voiceskill.audio.sound_card import SoundCard
from voiceskill.errors import AudioError
from voiceskill.watchdog import Watchdog

card_room.NAMED_ONLY_S = lookout.LOOK_EVERY_S = 0.0  # the same, sooner
name = sys.argv[1]
card = SoundCard(name, None, with_reference=False)
room = card_room.CardRoom(card, Sound(np.zeros(160, np.int16), 16_000), Watchdog())
settings = Path(os.environ["ALSA_CONFIG_PATH"])
kept = settings.read_text()
settings.write_text("\\n".join(line for line in kept.splitlines() if name not in line) + "\\n")
room.recover(AudioError("lost"), print)
for _ in range(100):  # longer than a look takes: it is looked for in vain
    assert room.microphone.read(5.0)
    room.check()
settings.write_text(kept)
while room.microphone.device != name:
    try:
        assert room.microphone.read(5.0), "the default is not heard meanwhile"
        room.check()
    except AudioError as fault:
        print(fault)
        room.recover(fault, print)
print(len(room.microphone.read(5.0)))
room.close()
"""


SLEEPS_ON = """
from voiceskill.audio.sound_card import SoundCard

card = SoundCard(None, None, with_reference=False)
while not card.recover(lambda what: print("told:", what, flush=True)):
    pass
print("back", len(card.microphone.read(0.0)))
card.close()
"""

HEAR_NOTHING = """
import sys
from voiceskill.audio.device_microphone import DeviceMicrophone

microphone = DeviceMicrophone()
microphone.start()
while microphone.dead_s < 1.0:
    microphone.read(1.0)
print("dead", flush=True)
while microphone.dead_s:
    microphone.read(1.0)
print("alive", flush=True)
microphone.close()
"""


@pytest.fixture
def card() -> Iterator[VirtualCard]:
    """A card of the test's own, to be taken away in the middle."""
    yield from running_card()


def _line(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def _until(child: subprocess.Popen[str], line: str) -> list[str]:
    """What the program prints before it prints this."""
    lines: list[str] = []
    while (printed := _line(child)) != line:
        assert printed, lines
        lines.append(printed)
    return lines


def _both_work(
    card: VirtualCard, tone_wav: Path, folder: Path, child: subprocess.Popen[str]
) -> None:
    """After "back" the loudspeaker plays a tone, and the microphone hears another."""
    write_wav(folder / "high.wav", tone(1.0, pitch_hz=880))
    with card.record(folder / "played.wav"):
        card.say(folder / "high.wav")
        assert finished(child, quiet=False) == "0\n", "a thread was left behind"
    assert pitch_hz(audible(read_wav(folder / "played.wav"))) == pytest.approx(440, abs=4)
    assert pitch_hz(audible(read_wav(folder / "heard.wav"))) == pytest.approx(880, abs=4)


def test_a_server_that_dies_and_is_started_again(
    card: VirtualCard, tone_wav: Path, tmp_path: Path
) -> None:
    with started_program(USE, card.env, tone_wav, tmp_path / "heard.wav") as child:
        assert _line(child) == "both work"
        card.kill_server()
        killed_at = time.monotonic()
        assert _line(child).startswith("lost: The ")
        assert time.monotonic() - killed_at < 2.0
        assert _line(child).startswith("told: No loudspeaker was found.")
        card.restart_server()
        _until(child, "back")
        _both_work(card, tone_wav, tmp_path, child)


def test_a_server_that_hangs_and_goes_on(card: VirtualCard, tone_wav: Path, tmp_path: Path) -> None:
    with started_program(USE, card.env, tone_wav, tmp_path / "heard.wav") as child:
        assert _line(child) == "both work"
        card.kill_server(signal.SIGSTOP)
        stopped_at = time.monotonic()
        assert _line(child).startswith("lost: The ")
        assert time.monotonic() - stopped_at < 2.5
        assert (
            _line(child) == "told: The sound server does not answer. Restart it, or the computer."
        )
        card.resume_server()
        _until(child, "back")
        _both_work(card, tone_wav, tmp_path, child)


def test_a_headset_that_comes_back_with_other_indexes_and_another_rate(
    card: VirtualCard, tone_wav: Path, tmp_path: Path
) -> None:
    names = (MICROPHONE, LOUDSPEAKER)
    with started_program(USE, card.env, tone_wav, tmp_path / "heard.wav", *names) as child:
        assert _line(child) == "both work"
        for device in names:
            card.unplug(device)
        assert _line(child).startswith("lost: The ")
        for device in names:
            card.plug_in(device, rate=48_000)
        _until(child, "back")
        _both_work(card, tone_wav, tmp_path, child)


def test_a_microphone_that_was_pulled_out_hears_again(card: VirtualCard, tmp_path: Path) -> None:
    """PulseAudio itself moves the stream away and back: no loss is ever seen."""
    write_wav(tmp_path / "high.wav", tone(1.0, pitch_hz=880))
    with started_program(HEAR_ON, card.env, tmp_path / "heard.wav") as child:
        assert _line(child) == "hears"
        card.unplug(MICROPHONE)
        card.plug_in(MICROPHONE, rate=48_000)
        card.say(tmp_path / "high.wav")
        finished(child, quiet=False)
    assert pitch_hz(audible(read_wav(tmp_path / "heard.wav"))) == pytest.approx(880, abs=4)


def test_named_devices_that_are_gone_are_replaced_by_the_default_and_that_is_told(
    card: VirtualCard,
) -> None:
    said = run_program(NAMES_GO, card.env, MICROPHONE, LOUDSPEAKER)
    assert said.splitlines() == [
        "There is no loudspeaker 'test_loudspeaker'. `voiceskill devices` lists what there is.",
        "False",
        "The loudspeaker 'test_loudspeaker' is gone. The system's default speaks instead.",
        "The microphone 'test_microphone' is gone. The system's default listens instead.",
        "True 1024",
    ]


def test_a_named_device_that_comes_back_later_is_taken_back(card: VirtualCard) -> None:
    said = run_program(NAME_COMES_BACK, card.env, MICROPHONE)
    assert said.splitlines() == [
        "The microphone 'test_microphone' is gone. The system's default listens instead.",
        "The microphone 'test_microphone' is there again. Sound is opened anew.",
        "1024",
    ]


def test_a_device_that_can_be_opened_but_sleeps_on_is_not_there(card: VirtualCard) -> None:
    card.suspend(suspended=True)
    with started_program(SLEEPS_ON, card.env) as child:
        assert _line(child).startswith("told: The microphone is gone")
        card.suspend(suspended=False)
        assert finished(child).splitlines()[-1] == "back 1024"


def test_a_microphone_that_was_pulled_out_brings_no_sound_at_all(
    card: VirtualCard, tone_wav: Path
) -> None:
    """As it is seen where the sound server keeps its stream alive; in this card every quiet is so
    deep."""
    with started_program(HEAR_NOTHING, card.env) as child:
        assert _line(child) == "dead"
        card.say(tone_wav)
        assert finished(child) == "alive\n"
