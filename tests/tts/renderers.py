"""The processes in which voices of these tests speak."""

from __future__ import annotations

import psutil


def renderers() -> list[psutil.Process]:
    """Those of this test run that live."""
    return [
        child
        for child in psutil.Process().children()
        if child.status() != psutil.STATUS_ZOMBIE and "voiceskill.tts.renderer" in child.cmdline()
    ]
