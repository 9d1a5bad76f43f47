"""The trained model: it is fresh, small, read as it was written, and takes a hint of the state."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.nlu.score import english
from tools import train_intents
from tools.training import NLU
from voiceskill.content.labels import Intent
from voiceskill.errors import ContentError
from voiceskill.nlu import model_file
from voiceskill.nlu.heard import Heard
from voiceskill.nlu.linear_model import LinearModel
from voiceskill.nlu.nlu import MODEL_NAME
from voiceskill.nlu.stages import ModelStage

SHIPPED = NLU / MODEL_NAME


@pytest.mark.slow
def test_the_model_was_made_from_these_examples() -> None:
    made_from = train_intents.fingerprint(train_intents.read_examples())
    assert model_file.made_from(SHIPPED) == made_from, "run: make prompts"


@pytest.mark.slow
def test_training_gives_the_same_file_again(tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is needed only to train")
    examples = train_intents.read_examples()[::8]
    for name in ("one.npz", "two.npz"):
        train_intents.train(examples).save(tmp_path / name, "examples")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_the_model_is_small_and_knows_all_intents() -> None:
    assert SHIPPED.stat().st_size < 500_000
    assert set(LinearModel.load(SHIPPED).intents) == set(Intent)


def small_model() -> LinearModel:
    return LinearModel(
        ["yes", "no"],
        [Intent.YES, Intent.NO],
        np.array([[100, -50], [-100, 50]], dtype=np.int8),
        np.array([0.01, 0.02], dtype=np.float32),
        np.array([0.0, 0.25], dtype=np.float32),
        2.0,
    )


def test_a_model_is_read_as_it_was_written(tmp_path: Path) -> None:
    small_model().save(tmp_path / "model.npz", "these examples")
    read = LinearModel.load(tmp_path / "model.npz")
    assert read.intents == (Intent.YES, Intent.NO)
    assert read.margins([["yes"]]).tolist() == pytest.approx([1.0, -0.75])
    assert np.exp(read.log_probabilities([["yes"]])).sum() == pytest.approx(1)
    assert model_file.made_from(tmp_path / "model.npz") == "these examples"


def test_what_the_model_has_never_seen_leaves_its_bias() -> None:
    assert small_model().margins([["perhaps"], []]).tolist() == pytest.approx([0, 0.25])


@pytest.mark.parametrize("content", [None, b"", b"no model", b"PK\x03\x04 cut off"])
def test_a_model_that_cannot_be_read_is_one_clear_fault(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "model.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ContentError, match=r"model\.npz.*make prompts"):
        LinearModel.load(path)


def test_what_is_expected_is_likelier() -> None:
    stage = ModelStage(small_model())
    unclear = Heard("hmm", (), {})
    assert stage.intent(unclear, frozenset())[0] is Intent.NO
    assert stage.intent(unclear, frozenset({Intent.YES}))[0] is Intent.YES


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("what causes cramps", Intent.ASK_CAUSES),
        ("my calf is cramping", Intent.CRAMP_NOW),
        ("call an ambulance", Intent.EMERGENCY),
    ],
)
def test_what_is_not_expected_is_not_shut_out(text: str, intent: Intent) -> None:
    assert english().understand(text, frozenset({Intent.YES, Intent.NO})).intent is intent


def test_nothing_expected_is_as_if_the_state_were_not_told() -> None:
    for text in ("next", "is ice any good", "the left one"):
        assert english().understand(text, frozenset()) == english().understand(text)
