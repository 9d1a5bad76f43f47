"""Files of trained models: arrays of numbers beside a few facts, made by ``make prompts``."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from voiceskill.errors import ContentError

FORMAT = 1
"""Raised whenever files of before can no longer be read."""


def save(
    path: Path,
    facts: Mapping[str, Any],
    names: Iterable[str],
    arrays: Mapping[str, npt.NDArray[Any]],
) -> None:
    """Write a model: ``facts``, ``made_from`` among them, ``names`` of its features, none with a
    line end in it, and its arrays. The same content gives the same bytes."""
    np.savez_compressed(
        path,
        allow_pickle=False,
        facts=_as_bytes(json.dumps({"format": FORMAT, **facts})),
        names=_as_bytes("\n".join(names)),
        **arrays,
    )


def load(path: Path) -> tuple[dict[str, Any], list[str], dict[str, npt.NDArray[Any]]]:
    """The facts, names and arrays. Raises ContentError when there is no model or it is of another
    format."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = dict(file)
    except (OSError, EOFError, ValueError, zipfile.BadZipFile) as fault:
        raise ContentError(f"{path}: no model ({fault}); make it with 'make prompts'") from None
    try:
        facts: dict[str, Any] = json.loads(_as_text(arrays.pop("facts")))
        names = _as_text(arrays.pop("names")).split("\n")
    except (KeyError, ValueError):
        facts, names = {}, []
    if facts.get("format") != FORMAT:
        raise ContentError(f"{path}: a model of another format; make it anew with 'make prompts'")
    return facts, names, arrays


def made_from(path: Path) -> str:
    """The fingerprint of what a model was made from. Raises ContentError as ``load``."""
    return str(load(path)[0]["made_from"])


def _as_bytes(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def _as_text(data: npt.NDArray[np.uint8]) -> str:
    return data.tobytes().decode()
