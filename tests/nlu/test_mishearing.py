"""A recogniser wrote "my cat is cramping": what was said is found by its sound, where the company
says so. Guards against two faults: a cramp not understood, and an emergency made out of nothing."""

from __future__ import annotations

import csv
import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.nlu.score import english
from voiceskill.content.labels import BodyPart, Intent, Symptom, Urgency
from voiceskill.content.loader import default_content
from voiceskill.data_files import data_file
from voiceskill.errors import ContentError
from voiceskill.nlu.content import NluContent, load_nlu_content
from voiceskill.nlu.listener import Listener
from voiceskill.nlu.normalise import normalise
from voiceskill.nlu.sound_slots import FILE_NAME, load_sound_slots

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("VOICESKILL_TEST_DATA", ROOT / "../shared/data"))
CONFUSIONS = DATA / "asr_confusions.tsv"


@pytest.fixture(scope="module")
def content() -> NluContent:
    return load_nlu_content(data_file("prompts/en/nlu"))


@pytest.fixture(scope="module")
def listener(content: NluContent) -> Listener:
    levels = {label: sign.level for label, sign in default_content("en").symptoms.items()}
    return Listener(content, levels)


def meant(listener: Listener, heard: str) -> str:
    return " ".join(piece.heard.text for piece in listener.listen(heard))


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("my cat is cramping", "my calf is cramping"),
        ("my cab keeps cramping up", "my calf keeps cramping up"),
        ("my caves are in a knot", "my calves are in a knot"),
        ("my thai has seized up", "my thigh has seized up"),
        ("my growing hurts", "my groin hurts"),
        ("my boulder is in spasm", "my shoulder is in spasm"),
        ("my island keeps twitching", "my eyelid keeps twitching"),
        ("back of my nick", "back of my neck"),
        ("a cramp in my foe", "a cramp in my foot"),
        ("left cough", "left calf"),
        ("stretch my quart", "stretch my quad"),
    ],
)
def test_a_body_part_is_known_by_its_sound(listener: Listener, heard: str, said: str) -> None:
    assert meant(listener, heard) == said


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("i've got a crap in my foot", "i've got a cramp in my foot"),
        ("leg clams", "leg cramps"),
        ("my calf is camping up", "my calf is cramping up"),
        ("a muscle spazzum", "a muscle spasm"),
        ("charlie house", "charley horse"),
        ("hand string", "hamstring"),
        ("how do i do a calf starch", "how do i do a calf stretch"),
        ("pence and needles", "pins and needles"),
        ("i'm on die alice is", "i'm on dialysis"),
        ("magnesia for cramps", "magnesium for cramps"),
        ("my leg is stolen", "my leg is swollen"),
        ("lowder", "louder"),
        ("go pack", "go back"),
    ],
)
def test_words_of_the_domain_are_known_by_their_sound(
    listener: Listener, heard: str, said: str
) -> None:
    assert meant(listener, heard) == said


@pytest.mark.parametrize(
    "text",
    [
        "my cat is sick",
        "text my mother",
        "my car won't start",
        "i'm camping in the woods",
        "turn on the electric lights",
        "play spanish music",
        "the shop is closed",
        "my dog has a cramp",
        "my mum has a cramp",
        "my shoes are tight",
        "my boss is cramping my style",
        "my heart is jumping",
        "set an alarm for four",
    ],
)
def test_words_that_fit_where_they_stand_stay_what_they_are(listener: Listener, text: str) -> None:
    assert meant(listener, text) == normalise(text)


@pytest.mark.parametrize("text", ["no", "not sure", "know", "nine", "for", "to", "yes", "yet"])
def test_answers_and_numbers_are_never_made_of_other_words(listener: Listener, text: str) -> None:
    assert meant(listener, text) == text


def test_a_mended_word_is_not_as_sure() -> None:
    heard, said = english().understand("my cat is cramping"), english().understand("calf cramp")
    assert heard.body_part is said.body_part is BodyPart.CALF
    assert heard.confidence < said.confidence


@pytest.mark.parametrize(
    "text", ["my job is locked", "my chess is tight", "my jest is tight", "my cast aches"]
)
def test_no_likeness_of_sound_makes_an_emergency(text: str) -> None:
    assert english().understand(text).urgency is not Urgency.EMERGENCY


def test_sentences_end_where_they_did_although_words_were_mended() -> None:
    # "No." once denied what the next sentence said, when a word of that was mended.
    understood = english().understand("No. My cat is cramping. My foot is dumb.")
    assert Symptom.NUMBNESS_NEW in understood.symptoms or Symptom.NUMBNESS in understood.symptoms


WORDS = (
    "my left leg foot cat tie crap cough is are and in a has gone hurts cramping twitching stolen "
    "dumb weak numb chess pain can't breathe face dripping no not don't nine four shop text die "
    "alice charlie house muscle spanish red read hot heart calf stretch"
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(sorted(WORDS.split())), max_size=12).map(" ".join))
def test_mending_keeps_signs_numbers_and_negations(listener: Listener, text: str) -> None:
    for piece in listener.listen(text):
        if piece.as_heard is None:
            continue
        assert piece.as_heard.present <= piece.present
        for word in ("no", "not", "don't", "can't", "nine", "four"):
            assert piece.heard.words.count(word) == piece.as_heard.heard.words.count(word)


@pytest.mark.skipif(not CONFUSIONS.exists(), reason=f"no mishearings in {DATA}")
def test_most_plausible_mishearings_are_understood() -> None:
    with CONFUSIONS.open(encoding="utf-8") as lines:
        pairs = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    understood: dict[bool, list[bool]] = {True: [], False: []}
    for heard, said in pairs:
        got, right = english().understand(heard), english().understand(said)
        same = (got.intent, got.body_part) == (right.intent, right.body_part)
        understood[is_tuning(heard)].append(same and got.symptoms >= right.symptoms)
    assert sum(understood[True]) >= 0.9 * len(understood[True])
    assert sum(understood[False]) >= 0.75 * len(understood[False])


def is_tuning(text: str) -> bool:
    return int(hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 0


def test_a_shout_for_another_is_none() -> None:
    assert english().understand("text my mother").intent is Intent.NONE


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("near: [twitch]", "near: [itch]", "'itch' is no cue"),
        ("meant: [muscle]", "meant: [Muscle]", "'Muscle' is never heard so"),
    ],
)
def test_a_slip_in_the_slots_is_told(
    content: NluContent, tmp_path: Path, old: str, new: str, problem: str
) -> None:
    text = (content.folder / FILE_NAME).read_text(encoding="utf-8")
    (tmp_path / FILE_NAME).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError, match=problem) as fault:
        load_sound_slots(tmp_path, content.cues)
    assert FILE_NAME in str(fault.value)
