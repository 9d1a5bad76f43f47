"""The linear model that finds warning signs in words no template knows: numbers from a file, numpy
alone. tools/train_signs.py makes the file from prompts/en/examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt

from voiceskill.content.labels import Symptom
from voiceskill.nlu import model_file

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Bars:
    """Margins above which a sign is taken for present."""

    found: float
    """For one that a template found."""
    missed: float
    """For one that no template found."""


class SignModel:
    """Weights of features for each sign, and how much margin is enough."""

    def __init__(
        self,
        features: Sequence[str],
        weights: npt.NDArray[np.int8],
        scales: Floats,
        bias: Floats,
        bars: Mapping[Symptom, Bars],
    ) -> None:
        """``weights``: features by signs in the order of ``bars``, each column to be multiplied by
        its scale."""
        self._features = tuple(features)
        self._rows = {name: row for row, name in enumerate(features)}
        self._weights = weights
        self._scales = scales
        self._bias = bias
        self._bars = dict(bars)

    def margins(self, groups: Iterable[Iterable[str]]) -> dict[Symptom, float]:
        """For each sign how plainly these features say it: about 1 for yes, -1 for no."""
        names = chain.from_iterable(groups)
        rows = [row for row in map(self._rows.get, names) if row is not None]
        total = self._weights[rows].sum(axis=0, dtype=np.int32)
        margins: list[float] = (total * self._scales + self._bias).tolist()
        return dict(zip(self._bars, margins, strict=True))

    def present(
        self, groups: Iterable[Iterable[str]], found: frozenset[Symptom]
    ) -> frozenset[Symptom]:
        """The signs that are there: ``found`` by templates and not unlikely, or likely enough
        without a template."""
        return frozenset(
            sign
            for sign, margin in self.margins(groups).items()
            if margin > (self._bars[sign].found if sign in found else self._bars[sign].missed)
        )

    def save(self, path: Path, made_from: str) -> None:
        """Write the model, with the fingerprint of what it was made from."""
        model_file.save(
            path,
            {
                "made_from": made_from,
                "bars": {sign.value: asdict(bars) for sign, bars in self._bars.items()},
            },
            self._features,
            {"weights": self._weights, "scales": self._scales, "bias": self._bias},
        )

    @staticmethod
    def load(path: Path) -> SignModel:
        """Read a model. Raises ContentError when there is none or it is of another format."""
        facts, features, arrays = model_file.load(path)
        bars = {Symptom(sign): Bars(**values) for sign, values in facts["bars"].items()}
        return SignModel(features, bars=bars, **arrays)
