"""models/manifest.toml in its typed form: which speech models there are."""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from voiceskill.data_files import data_file
from voiceskill.errors import BadInputError, ModelError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class ModelEntry(BaseModel):
    """One speech model."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    engine: str
    language: str
    licence: str
    size: int = Field(gt=0)
    """Bytes of the archive, or of the largest file in a package."""
    address: str | None = None
    """Where the archive is fetched from; None when a Python package carries the model."""
    sha256: str | None = None
    """Of the archive."""
    package: str | None = None
    """The Python package that carries it."""
    folder: str = ""
    """Its folder in the package."""
    files: dict[str, str] = Field(default_factory=dict)
    """sha256 of each file in the package."""


@lru_cache(maxsize=1)
def entries() -> tuple[ModelEntry, ...]:
    """All models, in the order of the manifest. Raises ModelError when it cannot be read."""
    path = data_file("models/manifest.toml")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return tuple(ModelEntry(**item) for item in data["model"])
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as fault:
        reason = str(fault).splitlines()[0]
        raise ModelError(f"{path}: {reason}; restore it from the repository") from None


def entry(name: str | None) -> ModelEntry:
    """The model of that name, or the first that can be fetched. Raises BadInputError."""
    if name is None:
        return next(item for item in entries() if item.address)
    for item in entries():
        if item.name == name:
            return item
    known = ", ".join(item.name for item in entries())
    raise BadInputError(f"there is no model '{name}'; there are {known}")


def find_package(name: str) -> Path | None:
    """The folder of an installed Python package, without importing it; None when it is not."""
    from importlib.util import find_spec

    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None
