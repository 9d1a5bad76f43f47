"""The model of warning signs finds what no template knows, and leaves what templates know."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from tests.nlu.score import EMERGENCY, english
from tools import train_signs
from tools.training import NLU
from voiceskill.content.labels import Symptom, Urgency
from voiceskill.errors import ContentError
from voiceskill.nlu import model_file
from voiceskill.nlu.nlu import SIGNS_NAME
from voiceskill.nlu.sign_model import Bars, SignModel

SHIPPED = NLU / SIGNS_NAME
SWELLING, FEVER = Symptom.SWELLING, Symptom.FEVER


@lru_cache(maxsize=1)
def examples() -> list[train_signs.Example]:
    return train_signs.read_examples()


def small_model() -> SignModel:
    return SignModel(
        ["puffy", "boiling"],
        np.array([[100, -50], [-100, 50]], dtype=np.int8),
        np.array([0.01, 0.02], dtype=np.float32),
        np.array([-0.5, -1.0], dtype=np.float32),
        {SWELLING: Bars(-0.6, 0.2), FEVER: Bars(-1.2, -0.3)},
    )


@pytest.mark.slow
def test_the_model_was_made_from_these_examples() -> None:
    assert model_file.made_from(SHIPPED) == train_signs.fingerprint(examples()), "run: make prompts"


@pytest.mark.slow
def test_training_gives_the_same_file_again(tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is needed only to train")
    bars = dict.fromkeys(Symptom, Bars(0.0, 0.0))
    for name in ("one.npz", "two.npz"):
        train_signs.train(examples()[::20], bars).save(tmp_path / name, "examples")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_the_model_is_small_and_knows_all_signs() -> None:
    assert SHIPPED.stat().st_size < 500_000
    assert set(SignModel.load(SHIPPED).margins([])) == set(Symptom)


def test_a_model_is_read_as_it_was_written(tmp_path: Path) -> None:
    small_model().save(tmp_path / "signs.npz", "these examples")
    read = SignModel.load(tmp_path / "signs.npz")
    assert read.margins([["puffy"]]) == pytest.approx({SWELLING: 0.5, FEVER: -2.0})
    assert read.present([["puffy"]], frozenset()) == {SWELLING}
    assert model_file.made_from(tmp_path / "signs.npz") == "these examples"


def test_a_sign_that_a_template_found_needs_less() -> None:
    assert small_model().present([[]], frozenset()) == set()
    assert small_model().present([[]], frozenset({SWELLING})) == {SWELLING}
    assert small_model().present([["boiling"]], frozenset({SWELLING})) == {FEVER}


@pytest.mark.parametrize("content", [None, b"", b"no model", b"PK\x03\x04 cut off"])
def test_a_model_that_cannot_be_read_is_one_clear_fault(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "signs.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ContentError, match=r"signs\.npz.*make prompts"):
        SignModel.load(path)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("it's like a grand piano has been dropped on my chest", Symptom.CHEST_PAIN),
        ("one corner of his smile has slid down his chin", Symptom.FACE_DROOP),
        ("her words all run into one long mumble since dinner", Symptom.SLURRED_SPEECH),
        ("i keeled right over in the queue and woke up on the lino", Symptom.FAINTING),
        ("he's thrashing about on the carpet with froth at his lips", Symptom.SEIZURE),
        ("there was bright blood in the sink when i coughed", Symptom.COUGHING_BLOOD),
    ],
)
def test_signs_are_found_in_words_that_nobody_wrote_down(text: str, sign: Symptom) -> None:
    meaning = english().understand(text)
    assert sign in meaning.symptoms
    assert meaning.urgency is Urgency.EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "no chest pain no trouble breathing and no numbness",
        "it isn't swollen and it isn't hot either",
        "what if i fainted in the bath",
        "my grandmother had a stroke ten years ago",
        "my phone has passed out on me again",
        "that goal took my breath away",
        "he collapsed in giggles",
    ],
)
def test_what_is_denied_imagined_past_or_a_figure_of_speech_raises_nothing(text: str) -> None:
    assert not english().understand(text).symptoms & EMERGENCY


@pytest.mark.parametrize("danger", ["i can't breathe", "my face has dropped on one side"])
def test_a_danger_sign_is_not_drowned_in_talk(danger: str) -> None:
    talk = "well i was only out in the garden with the dog and the neighbour came over for a chat"
    for text in (f"{talk} {danger}", f"{danger} {talk}", f"{talk} {talk} and {danger}"):
        assert english().understand(text).urgency is Urgency.EMERGENCY
