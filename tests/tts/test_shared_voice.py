"""One voice, the real one, for what is rendered ahead and for what has to be said now."""

from __future__ import annotations

import time
from functools import partial

import psutil
import pytest

from tests.tts.renderers import renderers
from voiceskill.background import in_background
from voiceskill.errors import VoiceError
from voiceskill.tts import pyttsx3_voice, shared_voice
from voiceskill.tts.pyttsx3_voice import Pyttsx3Voice
from voiceskill.tts.shared_voice import SharedVoice

WPM = 160


def test_each_thread_gets_its_own_sentence(voice: Pyttsx3Voice) -> None:
    sentences = ["Breathe out slowly. " * count for count in range(1, 7)]
    alone_s = [voice.render(sentence, WPM).seconds for sentence in sentences]
    render = SharedVoice(voice).render

    begun = [in_background(partial(render, sentence, WPM), "test") for sentence in sentences]

    assert [sound.result(60).seconds for sound in begun] == pytest.approx(alone_s, rel=0.05)


def test_a_voice_that_hangs_holds_up_no_end_and_closes_when_it_comes_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pyttsx3_voice, "RENDER_LIMIT_S", 1.0)
    monkeypatch.setattr(shared_voice, "CLOSE_LIMIT_S", 0.05)
    own = Pyttsx3Voice()
    own.start()
    before = [child for child in renderers() if child.pid != own._running().pid]
    shared = SharedVoice(own)
    psutil.Process(own._running().pid).suspend()
    begun = in_background(lambda: shared.render("Hold it there.", WPM), "test")
    while not shared._in_use.locked():
        time.sleep(0.001)

    shared.close()
    was_busy = not begun.done()

    assert was_busy
    assert begun.result(60).seconds > 0.5
    with pytest.raises(VoiceError, match="closed"):
        shared.render("Let go.", WPM)
    assert renderers() == before
