"""Which speech engine hears: the one that is named, else vosk where a model is installed, else
whisper."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from voiceskill.errors import BadInputError, ModelError
from voiceskill.stt import models
from voiceskill.stt.recognizer import Recognizer

ENGINES = ("vosk", "whisper")


def open_recognizer(engine: str | None, model_folder: Path | None) -> Recognizer:
    """The engine of that name, or the best that is there, loaded.

    ``model_folder`` is a vosk model, no matter to whisper; without it the first installed one is
    taken. Raises
    BadInputError for an unknown engine, ModelError when engine or model is missing or damaged.
    """
    if engine is not None and engine not in ENGINES:
        raise BadInputError(f"there is no engine '{engine}'; use {' or '.join(ENGINES)}")
    if engine is None and model_folder is None and not (models.installed() and _has_vosk()):
        engine = "whisper"
    return _open_whisper() if engine == "whisper" else _open_vosk(model_folder)


def _has_vosk() -> bool:
    return find_spec("vosk") is not None


def _open_whisper() -> Recognizer:
    from voiceskill.stt.whisper_engine import WhisperRecognizer

    return WhisperRecognizer()


def _open_vosk(model_folder: Path | None) -> Recognizer:
    if not _has_vosk():
        raise ModelError("the engine vosk is not installed; type: pip install 'voiceskill[vosk]'")
    if model_folder is None:
        folders = models.installed()
        if not folders:
            raise ModelError(
                f"there is no vosk model in {models.models_folder()}; "
                "type: voiceskill models fetch, or use --engine whisper"
            )
        model_folder = folders[0]
    from voiceskill.stt.vosk_engine import VoskRecognizer

    return VoskRecognizer(model_folder)
