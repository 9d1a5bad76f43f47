"""What several rooms' tests share: the folder of human recordings and labelled utterances."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from voiceskill.audio import echo

ROOT = Path(__file__).resolve().parents[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole conversations begin first: they take longest, and all else runs beside them."""
    items.sort(key=lambda item: "e2e" not in item.path.parts)


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of test data; tests that need it are skipped where it is not."""
    folder = Path(os.environ.get("VOICESKILL_TEST_DATA", ROOT / "../shared/data"))
    if not folder.is_dir():
        pytest.skip(f"no test data in {folder}; set VOICESKILL_TEST_DATA")
    return folder


@pytest.fixture(scope="session")
def canceller() -> None:
    """Skips what needs the echo canceller where it is not installed."""
    if not echo.available():
        pytest.skip("the extra aec is not installed")
