"""The linear model that gives an utterance its intent: numbers from a file, numpy alone.
tools/train_intents.py makes the file from prompts/en/examples."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from voiceskill.content.labels import Intent
from voiceskill.errors import ContentError

FORMAT = 1
"""Raised whenever files of before can no longer be read."""
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
        facts = {
            "format": FORMAT,
            "made_from": made_from,
            "intents": [intent.value for intent in self.intents],
            "sharpness": self._sharpness,
        }
        np.savez_compressed(
            path,
            facts=_as_bytes(json.dumps(facts)),
            features=_as_bytes("\n".join(self._features)),
            weights=self._weights,
            scales=self._scales,
            bias=self._bias,
        )

    @staticmethod
    def load(path: Path) -> LinearModel:
        """Read a model. Raises ContentError when there is none or it is of another format."""
        with _opened(path) as arrays:
            facts = _facts(path, arrays)
            return LinearModel(
                _as_text(arrays["features"]).split("\n"),
                [Intent(intent) for intent in facts["intents"]],
                arrays["weights"],
                arrays["scales"],
                arrays["bias"],
                float(facts["sharpness"]),
            )

    @staticmethod
    def made_from(path: Path) -> str:
        """The fingerprint of what a model file was made from. Raises ContentError as ``load``."""
        with _opened(path) as arrays:
            return str(_facts(path, arrays)["made_from"])


def _opened(path: Path) -> Any:
    try:
        return np.load(path, allow_pickle=False)
    except (OSError, EOFError, ValueError, zipfile.BadZipFile) as fault:
        raise ContentError(f"{path}: no model ({fault}); make it with 'make prompts'") from None


def _facts(path: Path, arrays: Any) -> dict[str, Any]:
    try:
        facts: dict[str, Any] = json.loads(_as_text(arrays["facts"]))
    except (KeyError, ValueError, zipfile.BadZipFile):
        facts = {}
    if facts.get("format") != FORMAT:
        raise ContentError(f"{path}: a model of another format; make it anew with 'make prompts'")
    return facts


def _as_bytes(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def _as_text(data: npt.NDArray[np.uint8]) -> str:
    return data.tobytes().decode()
