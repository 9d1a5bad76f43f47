"""Where the files that are data and not code are: beside the package in a checkout, inside it
once installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_WHEEL_DATA = _PACKAGE / "_data"
_CHECKOUT = _PACKAGE.parent


def checkout() -> Path | None:
    """The root of the checkout the package runs from, or None when it is installed."""
    return None if _WHEEL_DATA.is_dir() else _CHECKOUT


def data_file(relative: str) -> Path:
    """The path of a data file or folder, named as in the checkout ("prompts/en").

    The path is not checked: whoever opens it says best what is missing.
    """
    return (checkout() or _WHEEL_DATA) / relative
