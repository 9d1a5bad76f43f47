"""The linear model that gives an utterance its intent: numbers from a file, numpy alone.
tools/train_intents.py makes the file from prompts/en/examples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from voiceskill.content.labels import Intent
from voiceskill.nlu import model_file

Floats = npt.NDArray[np.float32]


class LinearModel:
    """Weights of features for each intent, and how margins become probabilities."""

    def __init__(
        self,
        features: Sequence[str],
        intents: Sequence[Intent],
        weights: npt.NDArray[np.int8],
        scales: Floats,
        bias: Floats,
        sharpness: float,
    ) -> None:
        """``weights``: features by intents, each column to be multiplied by its scale.

        ``sharpness``: what margins are multiplied by before the softmax, so that of the answers
        given with 80 % four in five are right.
        """
        self.intents = tuple(intents)
        self._features = tuple(features)
        self._rows = {name: row for row, name in enumerate(features)}
        self._weights = weights
        self._scales = scales
        self._bias = bias
        self._sharpness = sharpness

    def margins(self, groups: Iterable[Iterable[str]]) -> Floats:
        """The score of each intent for an utterance with these groups of features."""
        total = np.zeros(len(self.intents), dtype=np.float32)
        for names in groups:
            rows = [row for row in map(self._rows.get, names) if row is not None]
            if rows:
                # Each group is a vector of length one, however long the utterance.
                share = self._weights[rows].sum(axis=0, dtype=np.int32)
                total += share / np.float32(len(rows)) ** 0.5
        margins: Floats = total * self._scales + self._bias
        return margins

    def log_probabilities(self, groups: Iterable[Iterable[str]]) -> Floats:
        """The logarithm of each intent's probability."""
        scores = self.margins(groups) * np.float32(self._sharpness)
        scores -= scores.max()
        logs: Floats = scores - np.log(np.exp(scores).sum())
        return logs

    def save(self, path: Path, made_from: str) -> None:
        """Write the model, with the fingerprint of what it was made from."""
        model_file.save(
            path,
            {
                "made_from": made_from,
                "intents": [intent.value for intent in self.intents],
                "sharpness": self._sharpness,
            },
            self._features,
            {"weights": self._weights, "scales": self._scales, "bias": self._bias},
        )

    @staticmethod
    def load(path: Path) -> LinearModel:
        """Read a model. Raises ContentError when there is none or it is of another format."""
        facts, features, arrays = model_file.load(path)
        intents = [Intent(intent) for intent in facts["intents"]]
        return LinearModel(features, intents, sharpness=float(facts["sharpness"]), **arrays)
