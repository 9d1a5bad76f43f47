"""The cache of renderings in front of the real voice: what it keeps, and what it survives."""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path

import numpy as np
import pytest

from voiceskill.audio.sound import Sound
from voiceskill.errors import BadInputError, VoiceError
from voiceskill.tts import cache
from voiceskill.tts.cache import CachedVoice
from voiceskill.tts.pyttsx3_voice import Pyttsx3Voice
from voiceskill.tts.voice import Voice

SENTENCE = "Put your left foot flat on the floor and lean slowly forward."
WPM = 160


class CountingVoice:
    """The real voice, counting what it is asked for."""

    def __init__(self, voice: Voice, name: str = "counting") -> None:
        self.name = name
        self.rendered: list[str] = []
        self._voice = voice

    def render(self, text: str, rate_wpm: int) -> Sound:
        self.rendered.append(text)
        return self._voice.render(text, rate_wpm)

    def close(self) -> None:
        pass


@pytest.fixture
def counting(voice: Pyttsx3Voice) -> CountingVoice:
    return CountingVoice(voice)


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.exists() else []


def test_the_second_time_comes_from_memory(counting: CountingVoice, tmp_path: Path) -> None:
    kept = CachedVoice(counting, tmp_path)
    assert kept.render(SENTENCE, WPM) is kept.render(SENTENCE, WPM)
    assert counting.rendered == [SENTENCE]


def test_the_next_start_comes_from_disk_sample_by_sample(
    counting: CountingVoice, tmp_path: Path
) -> None:
    first = CachedVoice(counting, tmp_path).render(SENTENCE, WPM)
    again = CachedVoice(counting, tmp_path).render(SENTENCE, WPM)
    assert counting.rendered == [SENTENCE]
    assert again.rate == first.rate
    assert again.samples.dtype == np.int16
    assert np.array_equal(again.samples, first.samples)


def test_text_rate_and_voice_are_kept_apart(voice: Pyttsx3Voice, tmp_path: Path) -> None:
    asked = [("one", "Yes.", WPM), ("one", "No.", WPM), ("one", "Yes.", 200), ("two", "Yes.", WPM)]
    for name, text, rate in asked:
        counting = CountingVoice(voice, name)
        CachedVoice(counting, tmp_path).render(text, rate)
        assert counting.rendered == [text]
    assert len(files(tmp_path)) == len(asked)


def test_cached_tells_what_needs_no_rendering(counting: CountingVoice, tmp_path: Path) -> None:
    kept = CachedVoice(counting, tmp_path)
    assert not kept.cached(SENTENCE, WPM)
    kept.render(SENTENCE, WPM)
    assert kept.cached(SENTENCE, WPM)
    assert not kept.cached(SENTENCE, WPM + 1)
    assert CachedVoice(counting, tmp_path).cached(SENTENCE, WPM)


def test_kept_samples_cannot_be_changed_by_a_listener(
    counting: CountingVoice, tmp_path: Path
) -> None:
    for _ in range(2):
        sound = CachedVoice(counting, tmp_path).render(SENTENCE, WPM)
        with pytest.raises(ValueError, match="read-only"):
            sound.samples[0] = 1


def damage_nothing_left(path: Path) -> None:
    path.write_bytes(b"")


def damage_cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


def damage_cut_in_a_sample(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def damage_header_only(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:12])


def damage_one_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[5000] ^= 1
    path.write_bytes(data)


def damage_rate(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4] ^= 1
    path.write_bytes(data)


def damage_something_else(path: Path) -> None:
    path.write_bytes(b"RIFF" + path.read_bytes()[4:])


@pytest.mark.parametrize(
    "damage",
    [
        damage_nothing_left,
        damage_cut_short,
        damage_cut_in_a_sample,
        damage_header_only,
        damage_one_bit,
        damage_rate,
        damage_something_else,
    ],
)
def test_a_damaged_file_is_rendered_again_and_replaced(
    counting: CountingVoice, tmp_path: Path, damage: object
) -> None:
    CachedVoice(counting, tmp_path).render(SENTENCE, WPM)
    (path,) = files(tmp_path)
    assert callable(damage)
    damage(path)
    assert not CachedVoice(counting, tmp_path).cached(SENTENCE, WPM)
    assert CachedVoice(counting, tmp_path).render(SENTENCE, WPM).seconds > 2
    assert counting.rendered == [SENTENCE, SENTENCE]
    assert CachedVoice(counting, tmp_path).cached(SENTENCE, WPM)
    assert files(tmp_path) == [path]


def test_a_folder_that_cannot_be_written_costs_one_warning_and_no_sentence(
    counting: CountingVoice, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    in_the_way = tmp_path / "a-file"
    in_the_way.write_text("not a folder")
    kept = CachedVoice(counting, in_the_way / "speech")
    with caplog.at_level(logging.WARNING):
        for text in ("Breathe in.", "Breathe out.", "Well done."):
            assert kept.render(text, WPM).seconds > 0.3
    assert len(caplog.records) == 1
    assert str(in_the_way) in caplog.text
    assert in_the_way.read_text() == "not a folder"


def test_a_full_disk_costs_one_warning_and_leaves_nothing_half_written(
    counting: CountingVoice, tiny_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kept = CachedVoice(counting, tiny_disk)
    with caplog.at_level(logging.WARNING):
        for text in (SENTENCE, "Hold it there and breathe out as slowly as you can."):
            assert kept.render(text, WPM).seconds > 2
    assert len(caplog.records) == 1
    assert "No space left" in caplog.text
    assert files(tiny_disk) == []


def test_prepare_renders_each_missing_text_once_and_tells_how_far_it_is(
    counting: CountingVoice, tmp_path: Path
) -> None:
    CachedVoice(counting, tmp_path).render("Yes.", WPM)
    steps: list[tuple[int, int]] = []
    kept = CachedVoice(counting, tmp_path)
    texts = ["Yes.", "No.", "Stop.", "No."]
    assert kept.prepare(texts, WPM, lambda done, total: steps.append((done, total))) == (2, 1)
    assert counting.rendered == ["Yes.", "No.", "Stop."]
    assert steps == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert kept.prepare(texts, WPM) == (0, 3)


def test_prepare_tells_when_nothing_can_be_kept(counting: CountingVoice, tmp_path: Path) -> None:
    in_the_way = tmp_path / "a-file"
    in_the_way.write_text("not a folder")
    with pytest.raises(VoiceError, match="a-file"):
        CachedVoice(counting, in_the_way).prepare(["Yes.", "No."], WPM)
    assert counting.rendered == ["Yes."]


def test_prepare_drops_what_was_not_used_for_longest(
    counting: CountingVoice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = CachedVoice(counting, tmp_path)
    kept.prepare(["Breathe in.", "Breathe out.", "Hold it."], WPM)
    week = 7 * 24 * 3600.0
    for path in files(tmp_path):
        os.utime(path, (time.time() - week, time.time() - week))
    assert CachedVoice(counting, tmp_path).render("Breathe out.", WPM).seconds > 0.3
    sizes = [path.stat().st_size for path in files(tmp_path)]
    monkeypatch.setattr(cache, "MAX_BYTES", max(sizes) * 2 + 1000)
    fresh = CachedVoice(counting, tmp_path)
    fresh.prepare(["Let go."], WPM)
    assert fresh.cached("Breathe out.", WPM)
    assert fresh.cached("Let go.", WPM)
    assert len(files(tmp_path)) == 2


def test_close_keeps_the_folder_within_its_size(
    counting: CountingVoice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = CachedVoice(counting, tmp_path)
    kept.render(SENTENCE, WPM)
    monkeypatch.setattr(cache, "MAX_BYTES", 1000)
    kept.close()
    kept.close()
    assert files(tmp_path) == []


def test_what_a_killed_process_left_is_cleared_away(
    counting: CountingVoice, tmp_path: Path
) -> None:
    old, fresh = tmp_path / "old.part", tmp_path / "fresh.part"
    for path in (old, fresh):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    CachedVoice(counting, tmp_path).prepare([], WPM)
    # The fresh one may belong to a process that is writing just now.
    assert files(tmp_path) == [fresh]


def test_memory_keeps_only_the_latest(
    counting: CountingVoice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "MEMORY_SOUNDS", 2)
    kept = CachedVoice(counting, tmp_path)
    first = kept.render("One.", WPM)
    kept.render("Two.", WPM)
    assert kept.render("One.", WPM) is first
    kept.render("Three.", WPM)
    assert kept.render("One.", WPM) is first
    kept.render("Two.", WPM)
    kept.render("Three.", WPM)
    assert kept.render("One.", WPM) is not first
    assert len(counting.rendered) == 3


def test_the_users_cache_folder_is_the_default(
    counting: CountingVoice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    CachedVoice(counting).render("Yes.", WPM)
    assert len(files(tmp_path / "voiceskill" / "speech")) == 1


def test_what_cannot_be_said_is_refused_and_not_kept(
    counting: CountingVoice, tmp_path: Path
) -> None:
    kept = CachedVoice(counting, tmp_path)
    for text in ("", "\ud800"):
        with pytest.raises(BadInputError):
            kept.render(text, WPM)
    assert files(tmp_path) == []
