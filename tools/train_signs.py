"""Trains the model that finds warning signs beside the templates: prompts/en/examples in,
prompts/en/nlu/signs.npz out. The same examples and templates give the same file.
Run by ``make prompts``."""

# ruff: noqa: T201  (a script: printing is its purpose)
from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from voiceskill.content.labels import Symptom, Urgency
from voiceskill.content.loader import default_content
from voiceskill.data_files import data_file
from voiceskill.nlu.content import load_nlu_content
from voiceskill.nlu.listener import Listener
from voiceskill.nlu.nlu import SIGNS_NAME
from voiceskill.nlu.sign_features import features
from voiceskill.nlu.sign_model import Bars, SignModel

EXAMPLES = data_file("prompts/en/examples")
NLU = data_file("prompts/en/nlu")
SIGNS = tuple(Symptom)
LEAST_EXAMPLES = (3, 5, 3)
"""A feature (word, letters, spotted) must be in so many examples: rarer ones tell nothing."""
GROUP_SIZES = (25, 60, 20)
"""About how many features an utterance has of each group: each group weighs the same in all."""
KEPT_FEATURES = 12_000
"""Those of the largest weights: more add megabytes but no accuracy."""
STRENGTH = 0.5
"""The support vector machine's C: 0.1 to 1 were tried on hands that were left out."""
WHOLE_SCALE = 127
"""The largest weight of a sign, as it is kept in one byte."""
SEED = 20
"""Of the machine's shuffling: any will do, as long as it is always the same."""
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
Numbers = npt.NDArray[np.float64]
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
    levels = {label: sign.level for label, sign in default_content("en").symptoms.items()}
    listener = Listener(load_nlu_content(NLU), levels)
    found = []
    for hand, text, signs in _lines():
        piece = next(listener.listen(text), None)
        if piece:
            groups = features(piece.heard, piece.covers)
            found.append(Example(hand, signs, piece.present, groups))
    return found


def _lines() -> Iterator[tuple[str, str, frozenset[Symptom]]]:
    for path in sorted(EXAMPLES.glob("*.jsonl")):
        # What was heard of a hand's lines is left out with that hand.
        hand = path.stem.replace("heard_", "hand_")
        for line in path.read_text(encoding="utf-8").splitlines():
            item: dict[str, Any] = json.loads(line)
            yield hand, item["text"], frozenset(map(Symptom, item.get("symptoms", ())))
    for answer in default_content("en").answers:
        for question in answer.ask:
            yield "answers", question, frozenset()


def train(examples: Sequence[Example], bars: dict[Symptom, Bars]) -> SignModel:
    """The model of these examples."""
    frequent = _frequent(examples)
    weights, _ = _fit(examples, frequent)
    names = _weightiest(frequent, weights)
    weights, bias = _fit(examples, names)
    scales = np.abs(weights).max(axis=0) / WHOLE_SCALE
    scales[scales == 0] = 1
    return SignModel(
        names,
        np.rint(weights / scales).astype(np.int8),
        scales.astype(np.float32),
        bias.astype(np.float32),
        bars,
    )


def fit_bars(examples: Sequence[Example]) -> dict[Symptom, Bars]:
    """The bars that are best on hands which neither the model nor the templates have read."""
    # What a recogniser heard of a hand's lines is no other hand.
    written = [example for example in examples if not example.hand.startswith("heard")]
    margins, unread = [], []
    for left_out in UNREAD:
        unseen = [example for example in written if example.hand in left_out]
        seen = [example for example in written if example.hand not in left_out]
        names = _frequent(seen)
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


def _frequent(examples: Sequence[Example]) -> list[str]:
    names: list[str] = []
    for group, least in enumerate(LEAST_EXAMPLES):
        counts = Counter(name for example in examples for name in example.groups[group])
        names += sorted(name for name, count in counts.items() if count >= least)
    return names


def _weightiest(names: list[str], weights: Numbers) -> list[str]:
    order = np.argsort(-np.abs(weights).max(axis=1), kind="stable")[:KEPT_FEATURES]
    return [names[row] for row in sorted(order)]


def _fit(examples: Sequence[Example], names: list[str]) -> tuple[Numbers, Numbers]:
    """Weights of features by signs, and the bias of each sign."""
    # Here, not above: the tests use this module where scikit-learn need not be installed.
    from sklearn.svm import LinearSVC

    matrix, sizes = _matrix(examples, names)
    weights, bias = np.zeros((len(names), len(SIGNS))), np.full(len(SIGNS), -1.0)
    for column, sign in enumerate(SIGNS):
        wanted = [sign in example.signs for example in examples]
        if sum(wanted) >= LEAST_LINES:
            machine = LinearSVC(C=STRENGTH, random_state=SEED).fit(matrix, wanted)
            weights[:, column] = machine.coef_[0] * sizes
            bias[column] = machine.intercept_[0]
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
            known = sorted(c for name in group if (c := columns_of.get(name)) is not None)
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
