"""What the training of both models shares: the labelled lines, the features that are worth keeping,
and weights in bytes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from voiceskill.content.labels import Symptom
from voiceskill.content.loader import default_content
from voiceskill.data_files import data_file
from voiceskill.nlu.content import load_nlu_content
from voiceskill.nlu.listener import Listener

EXAMPLES = data_file("prompts/en/examples")
NLU = data_file("prompts/en/nlu")
HEARD = "heard_"
"""What files begin with that hold what a recogniser made of a hand's lines."""
STRENGTH = 0.5
"""The support vector machine's C: 0.1 to 1 were tried on hands that were left out."""
SEED = 20
"""Of the machine's shuffling: any will do, as long as it is always the same."""
WHOLE_SCALE = 127
"""The largest weight of a label, as it is kept in one byte."""
Numbers = npt.NDArray[np.float64]
Groups = Sequence[Iterable[str]]


@dataclass(frozen=True)
class Line:
    """A labelled utterance."""

    file: str
    """Where it stands: ``hand_a``, ``heard_a``; ``answers`` for a question beside an answer."""
    text: str
    intent: str
    signs: frozenset[Symptom]

    @property
    def hand(self) -> str:
        """Who wrote it: what was heard of a hand's lines is left out with that hand."""
        return self.file.replace(HEARD, "hand_")


def lines() -> Iterator[Line]:
    """All examples of all hands, and the questions that the answers say they answer, which tell
    no sign."""
    for path in sorted(EXAMPLES.glob("*.jsonl")):
        for row in path.read_text(encoding="utf-8").splitlines():
            item: dict[str, Any] = json.loads(row)
            signs = frozenset(map(Symptom, item.get("symptoms", ())))
            yield Line(path.stem, item["text"], item["intent"], signs)
    for answer in default_content("en").answers:
        for question in answer.ask:
            yield Line("answers", question, answer.intent.value, frozenset())


def english_listener() -> Listener:
    """Reads utterances with the words and templates that ship."""
    levels = {label: sign.level for label, sign in default_content("en").symptoms.items()}
    return Listener(load_nlu_content(NLU), levels)


def frequent(utterances: Sequence[Groups], least: Sequence[int]) -> list[str]:
    """The features of each group that so many utterances have at least."""
    names: list[str] = []
    for group, enough in enumerate(least):
        counts = Counter(name for groups in utterances for name in groups[group])
        names += sorted(name for name, count in counts.items() if count >= enough)
    return names


def weightiest(names: Sequence[str], weights: Numbers, most: int) -> list[str]:
    """So many names, of the largest weights; ``weights`` has the shape (names, labels)."""
    order = np.argsort(-np.abs(weights).max(axis=1), kind="stable")[:most]
    return [names[row] for row in sorted(order)]


def in_bytes(weights: Numbers) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Weights of the shape (names, labels) in a byte each, and what each label's are times."""
    scales = np.abs(weights).max(axis=0) / WHOLE_SCALE
    scales[scales == 0] = 1
    return np.rint(weights / scales).astype(np.int8), scales.astype(np.float32)


def known_columns(names: Iterable[str], columns_of: dict[str, int]) -> list[int]:
    """The columns of the names that have one, in order."""
    return sorted(c for name in names if (c := columns_of.get(name)) is not None)


def machine() -> Any:
    """A linear support vector machine that always learns the same."""
    # Here, not above: the tests use this module where scikit-learn need not be installed.
    from sklearn.svm import LinearSVC

    return LinearSVC(C=STRENGTH, random_state=SEED)
