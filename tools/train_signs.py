"""Trains the model that finds warning signs beside the templates: prompts/en/examples in,
prompts/en/nlu/signs.npz out. The same examples and templates give the same file.
Run by ``make prompts``."""

# ruff: noqa: T201  (a script: printing is its purpose)
from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tools.training import (
    NLU,
    SEED,
    STRENGTH,
    Numbers,
    english_listener,
    frequent,
    in_bytes,
    known_columns,
    lines,
    machine,
    weightiest,
)
from voiceskill.content.labels import Symptom, Urgency
from voiceskill.content.loader import default_content
from voiceskill.nlu.nlu import SIGNS_NAME
from voiceskill.nlu.sign_features import features
from voiceskill.nlu.sign_model import Bars, SignModel

SIGNS = tuple(Symptom)
LEAST_EXAMPLES = (3, 5, 3)
"""A feature (word, letters, spotted) must be in so many examples: rarer ones tell nothing."""
GROUP_SIZES = (25, 60, 20)
"""About how many features an utterance has of each group: each group weighs the same in all."""
KEPT_FEATURES = 12_000
"""Those of the largest weights: more add megabytes but no accuracy."""
UNREAD = (("hand_e", "hand_k"), ("hand_f", "hand_l"))
"""Hands that the templates were written without sight of (but for some twenty lines of e and f), in
pairs left out together: only on these do templates miss about as much as on people's talk, and so
only these tell how far to trust the model."""
MOST_FALSE_ALARMS = 0.003
"""Utterances without an emergency sign that the model may take for one: these hands were asked for
many that sound like it, of other talk it is a small part of this."""
CLEAR_NO = -0.8
"""A warning sign that a template found is taken away below this margin, near the machine's own line
for a plain no. A higher one would be right oftener, but it drops bare words ("numbness")."""
NEVER = -9.0
"""Below any margin. Emergency signs that a template found stay: their words may be so rare that the
model has not read them."""
BARS = np.round(np.arange(-1.5, 1.0, 0.05), 2)
"""Numbers that are tried as bars."""
LEAST_LINES = 3
"""A sign said in fewer lines is left to the templates."""
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Example:
    """An utterance with its labels and what the model sees of it."""

    hand: str
    signs: frozenset[Symptom]
    found: frozenset[Symptom]
    """What the templates find."""
    groups: tuple[set[str], ...]


def fingerprint(examples: Iterable[Example]) -> str:
    """A hash of all that the model is made from: labels, features, the numbers above."""
    numbers = (LEAST_EXAMPLES, GROUP_SIZES, KEPT_FEATURES, STRENGTH, SEED)
    bars = (UNREAD, MOST_FALSE_ALARMS, CLEAR_NO, NEVER)
    total = hashlib.sha256(repr((numbers, bars)).encode())
    for example in examples:
        total.update(repr((example.hand, sorted(example.signs), sorted(example.found))).encode())
        for names in example.groups:
            total.update("\n".join(sorted(names)).encode())
    return total.hexdigest()


def read_examples() -> list[Example]:
    """All examples of all hands, and the questions beside the answers, which tell no sign."""
    listener = english_listener()
    pieces = ((line, next(listener.listen(line.text), None)) for line in lines())
    return [
        Example(line.hand, line.signs, piece.present, features(piece.heard, piece.covers))
        for line, piece in pieces
        if piece
    ]


def train(examples: Sequence[Example], bars: dict[Symptom, Bars]) -> SignModel:
    """The model of these examples."""
    common = frequent([example.groups for example in examples], LEAST_EXAMPLES)
    names = weightiest(common, _fit(examples, common)[0], KEPT_FEATURES)
    fitted, bias = _fit(examples, names)
    weights, scales = in_bytes(fitted)
    return SignModel(names, weights, scales, bias.astype(np.float32), bars)


def fit_bars(examples: Sequence[Example]) -> dict[Symptom, Bars]:
    """The bars that are best on hands which neither the model nor the templates have read."""
    margins, unread = [], []
    for left_out in UNREAD:
        unseen = [example for example in examples if example.hand in left_out]
        seen = [example for example in examples if example.hand not in left_out]
        names = frequent([example.groups for example in seen], LEAST_EXAMPLES)
        weights, bias = _fit(seen, names)
        rows = {name: row for row, name in enumerate(names)}
        for example in unseen:
            known = [rows[name] for group in example.groups for name in group if name in rows]
            margins.append(weights[known].sum(axis=0) + bias)
        unread += unseen
    wanted = np.array([[sign in example.signs for sign in SIGNS] for example in unread])
    found = np.array([[sign in example.found for sign in SIGNS] for example in unread])
    levels = {label: sign.level for label, sign in default_content("en").symptoms.items()}
    bars: dict[Symptom, Bars] = {}
    for level in dict.fromkeys(levels.values()):
        columns = [column for column, sign in enumerate(SIGNS) if levels[sign] is level]
        told = (np.array(margins)[:, columns], wanted[:, columns], found[:, columns])
        if level is Urgency.EMERGENCY:
            best = Bars(found=NEVER, missed=_few_false_alarms(*told))
        elif level:
            best = Bars(found=CLEAR_NO, missed=_fewest_mistakes(*told)[1])
        else:
            best = Bars(*_fewest_mistakes(*told))
        print(f"{level.value if level else 'context'}: {best}")
        bars |= {SIGNS[column]: best for column in columns}
    return {sign: bars[sign] for sign in SIGNS}


def _few_false_alarms(margins: Numbers, wanted: Flags, found: Flags) -> float:
    """The lowest bar, for the sake of recall, that few harmless utterances pass."""
    harmless = margins[~(wanted | found).any(axis=1)].max(axis=1)
    return float(min(bar for bar in BARS if (harmless > bar).mean() <= MOST_FALSE_ALARMS))


def _fewest_mistakes(margins: Numbers, wanted: Flags, found: Flags) -> tuple[float, float]:
    """The best bars where a template found the sign, and where none did."""

    def mistakes(told: Flags, bar: float) -> int:
        return int(np.count_nonzero(told & (wanted != (margins > bar))))

    with_template, without = (
        float(min(BARS, key=lambda bar: mistakes(told, bar))) for told in (found, ~found)
    )
    return with_template, without


def _fit(examples: Sequence[Example], names: list[str]) -> tuple[Numbers, Numbers]:
    """Weights of features by signs, and the bias of each sign."""
    matrix, sizes = _matrix(examples, names)
    weights, bias = np.zeros((len(names), len(SIGNS))), np.full(len(SIGNS), -1.0)
    for column, sign in enumerate(SIGNS):
        wanted = [sign in example.signs for example in examples]
        if sum(wanted) >= LEAST_LINES:
            fitted = machine().fit(matrix, wanted)
            weights[:, column] = fitted.coef_[0] * sizes
            bias[column] = fitted.intercept_[0]
    return weights, bias


def _matrix(examples: Sequence[Example], names: list[str]) -> tuple[Any, Numbers]:
    """Which features each example has, as large as their group makes them, and these sizes."""
    from scipy.sparse import csr_matrix

    columns_of = {name: column for column, name in enumerate(names)}
    sizes = np.zeros(len(names))
    rows: list[int] = []
    columns: list[int] = []
    for row, example in enumerate(examples):
        for group, size in zip(example.groups, GROUP_SIZES, strict=True):
            known = known_columns(group, columns_of)
            sizes[known] = size**-0.5
            rows += [row] * len(known)
            columns += known
    shape = (len(examples), len(names))
    return csr_matrix((sizes[columns], (rows, columns)), shape=shape), sizes


def main() -> None:
    """Train on all hands; the bars are learnt from hands left out."""
    examples = read_examples()
    print(f"{len(examples)} examples")
    path = NLU / SIGNS_NAME
    train(examples, fit_bars(examples)).save(path, fingerprint(examples))
    print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
