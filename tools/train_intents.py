"""Trains the model that gives utterances their intent: prompts/en/examples in,
prompts/en/nlu/model.npz out. The same examples and templates give the same file.
Run by ``make prompts``."""

# ruff: noqa: T201  (a script: printing is its purpose)
from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tools.training import (
    NLU,
    SEED,
    STRENGTH,
    Groups,
    english_listener,
    frequent,
    in_bytes,
    known_columns,
    lines,
    machine,
    weightiest,
)
from voiceskill.content.labels import Intent
from voiceskill.nlu.features import features
from voiceskill.nlu.linear_model import LinearModel
from voiceskill.nlu.nlu import MODEL_NAME

LEAST_EXAMPLES = (3, 5, 3, 3)
"""A feature (words, letters, spotted, pairs) must be in so many examples: rarer tell nothing."""
KEPT_FEATURES = 20_000
"""Those of the largest weights: more add megabytes but no accuracy."""
FOR_NONE = 0.5
"""Added to the score of ``none``. Examples are mostly for us, talk in a room is not: with it 95 %
of the talk that is not for us stays ``none`` (hands e and f left out), for 2 % less of the rest.
What is dangerous in it is reported whatever the intent."""
FOLDS = 3
"""Of hands left out to learn how sure the model may be: enough for one number, and quick."""


@dataclass(frozen=True)
class Example:
    """An utterance with its label and what the model sees of it."""

    intent: str
    hand: str
    groups: Groups


def fingerprint(examples: Iterable[Example]) -> str:
    """A hash of all that the model is made from: labels, features, the numbers above."""
    total = hashlib.sha256(repr((LEAST_EXAMPLES, KEPT_FEATURES, STRENGTH, FOR_NONE, SEED)).encode())
    for example in examples:
        total.update(repr((example.intent, example.hand)).encode())
        for names in example.groups:
            total.update("\n".join(sorted(names)).encode())
    return total.hexdigest()


def read_examples() -> list[Example]:
    """All examples of all hands, and the questions that the answers say they answer."""
    listener = english_listener()
    pieces = ((line, next(listener.listen(line.text), None)) for line in lines())
    return [Example(line.intent, line.hand, features(p.heard)) for line, p in pieces if p]


def train(examples: Sequence[Example], sharpness: float = 1.0) -> LinearModel:
    """The model of these examples."""
    common = frequent([example.groups for example in examples], LEAST_EXAMPLES)
    names = weightiest(common, _fit(examples, common).coef_.T, KEPT_FEATURES)
    fitted = _fit(examples, names)
    intents = [Intent(label) for label in fitted.classes_]
    weights, scales = in_bytes(fitted.coef_.T)
    bias = fitted.intercept_ + FOR_NONE * np.array([intent is Intent.NONE for intent in intents])
    return LinearModel(names, intents, weights, scales, bias.astype(np.float32), sharpness)


def fit_sharpness(models: Iterable[tuple[LinearModel, Sequence[Example]]]) -> float:
    """The factor that makes probabilities true, from models and examples they have not seen."""
    margins, wanted = [], []
    for model, unseen in models:
        rows = {intent.value: row for row, intent in enumerate(model.intents)}
        margins += [model.margins(example.groups) for example in unseen]
        wanted += [rows[example.intent] for example in unseen]
    scores, right = np.array(margins, dtype=np.float64), np.array(wanted)
    scores -= scores.max(axis=1, keepdims=True)

    def surprise(sharpness: float) -> float:
        logs = scores * sharpness
        logs -= np.log(np.exp(logs).sum(axis=1, keepdims=True))
        return float(-logs[np.arange(len(right)), right].mean())

    return min((tenths / 10 for tenths in range(5, 200)), key=surprise)


def without_some_hands(examples: Sequence[Example]) -> Iterable[tuple[LinearModel, list[Example]]]:
    """For each fold of hands a model of all others, with the examples of those hands."""
    hands = sorted({example.hand for example in examples})
    for fold in range(FOLDS):
        left_out = set(hands[fold::FOLDS])
        model = train([example for example in examples if example.hand not in left_out])
        yield model, [example for example in examples if example.hand in left_out]


def _fit(examples: Sequence[Example], names: list[str]) -> Any:
    return machine().fit(_matrix(examples, names), [example.intent for example in examples])


def _matrix(examples: Sequence[Example], names: list[str]) -> Any:
    """Each example's features, every group a vector of length one, as ``LinearModel`` has it."""
    from scipy.sparse import csr_matrix

    columns_of = {name: column for column, name in enumerate(names)}
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for row, example in enumerate(examples):
        for group in example.groups:
            known = known_columns(group, columns_of)
            rows += [row] * len(known)
            columns += known
            values += [len(known) ** -0.5 for _ in known]
    return csr_matrix((values, (rows, columns)), shape=(len(examples), len(names)))


def main() -> None:
    """Train on all hands; how sure the model may be is learnt from hands left out."""
    examples = read_examples()
    print(f"{len(examples)} examples")
    sharpness = fit_sharpness(without_some_hands(examples))
    path = NLU / MODEL_NAME
    train(examples, sharpness).save(path, fingerprint(examples))
    print(f"{path}: {path.stat().st_size / 1000:.0f} kB, sharpness {sharpness}")


if __name__ == "__main__":
    main()
