"""A Vosk model's folder: checked before the engine sees it, as the engine may abort the process on
a damaged one, and opened once however many recognisers hear with it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

from voiceskill.errors import ModelError
from voiceskill.stt.models import read_sums, sha256_of

if TYPE_CHECKING:
    from vosk import Model

NEEDED = (
    "am/final.mdl",
    "conf/mfcc.conf",
    "conf/model.conf",
    "graph/phones/word_boundary.int",
)
"""What every Vosk model has; without word boundaries there would be no word times."""

GRAPH = "graph/HCLG.fst"
GRAPH_WITH_GRAMMAR = ("graph/HCLr.fst", "graph/Gr.fst", "graph/disambig_tid.int")
"""Large models have the one file, small ones these three, which also take a grammar."""

SPEAKER = (
    "ivector/final.dubm",
    "ivector/final.ie",
    "ivector/final.mat",
    "ivector/global_cmvn.stats",
    "ivector/online_cmvn.conf",
    "ivector/splice.conf",
)
"""What a model that adapts to the speaker has, all or nothing."""

NEVER_S = 1_000_000
"""Seconds of silence after which the engine may end an utterance by itself: our own timer on voice
activity decides, as the engine's rule needs up to 4.6 s in noise."""

ENDPOINT_RULES = b"".join(
    b"--endpoint.rule%d.min-trailing-silence=%d\n" % (rule, NEVER_S) for rule in (1, 2, 3, 4)
) + (b"--endpoint.rule5.min-utterance-length=%d\n" % NEVER_S)

LOG_LEVEL = -3
"""Kaldi prints neither information, warnings nor errors: what fails raises, and is told once."""

TRIAL_LIMIT_S = 60.0
"""A trial takes 2 s on a laptop; a Raspberry Pi reads a cold card ten times slower."""

_open_models: weakref.WeakValueDictionary[Path, Model] = weakref.WeakValueDictionary()
_lock = threading.Lock()


def open_model(folder: Path) -> Model:
    """The model in ``folder``, shared with whoever has it open.

    Raises ModelError when the folder is missing, damaged or no Vosk model, and when the package
    is not installed.
    """
    try:
        import vosk
    except (ImportError, OSError) as fault:
        raise ModelError(
            f"vosk cannot be loaded ({fault}); type: pip install 'voiceskill[vosk]'"
        ) from None
    vosk.SetLogLevel(LOG_LEVEL)
    place = folder.resolve()
    with _lock:
        model = _open_models.get(place)
        if model is None:
            model = _open_models[place] = _load(vosk, folder, place)
    return model


def unusable(folder: Path, reason: str) -> ModelError:
    """The fault of a folder that cannot be used, with its mend."""
    return ModelError(
        f"the vosk model in {folder} cannot be used: {reason}; "
        "name another folder, or type: voiceskill models fetch"
    )


def _load(vosk: object, folder: Path, place: Path) -> Model:
    if not folder.is_dir():
        raise ModelError(f"there is no vosk model in {folder}; type: voiceskill models fetch")
    try:
        _check_files(folder)
        vouched_for = _check_sums(folder)
        # The engine reads everything while it loads, so the copy is gone before the first word.
        with tempfile.TemporaryDirectory(prefix="voiceskill-vosk-") as copy:
            _link_with_own_rules(place, Path(copy))
            if not vouched_for:
                _try_in_child(copy)
            return vosk.Model(copy)  # type: ignore[attr-defined]
    except OSError as fault:
        raise unusable(folder, f"{fault.filename}: {fault.strerror}") from None
    except ModelError:
        raise
    except Exception:
        # The trial failed, or the package raised its bare Exception.
        raise unusable(folder, "the engine refuses it, so a file is damaged") from None


def _check_files(folder: Path) -> None:
    """Raise ModelError when a file that the engine needs is missing or empty."""
    graph = (GRAPH,) if (folder / GRAPH).exists() else GRAPH_WITH_GRAMMAR
    speaker = SPEAKER if (folder / "ivector").exists() else ()
    for name in (*NEEDED, *graph, *speaker):
        file = folder / name
        if not file.is_file():
            raise unusable(folder, f"{name} is missing")
        if file.stat().st_size == 0:
            raise unusable(folder, f"{name} is empty")


def _check_sums(folder: Path) -> bool:
    """Raise ModelError when a file is not what was fetched; False when it was not fetched."""
    sums = read_sums(folder)
    for name, wanted in sums.items():
        file = folder / name
        if not file.is_file():
            raise unusable(folder, f"{name} is missing")
        if sha256_of(file) != wanted:
            raise unusable(folder, f"{name} is damaged")
    return bool(sums)


def _try_in_child(copy: str) -> None:
    """Raise subprocess.SubprocessError when the engine cannot decode with this model."""
    subprocess.run(
        [sys.executable, "-m", "voiceskill.stt.vosk_trial", copy],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        # -m imports from the working folder first: keep it away from the user's files.
        cwd="/",
        timeout=TRIAL_LIMIT_S,
        check=True,
    )


def _link_with_own_rules(folder: Path, copy: Path) -> None:
    """Fill ``copy`` with links to the model's files, and a model.conf with our endpoint rules."""
    for entry in folder.iterdir():
        if entry.name != "conf":
            (copy / entry.name).symlink_to(entry)
    (copy / "conf").mkdir()
    for entry in (folder / "conf").iterdir():
        if entry.name != "model.conf":
            (copy / "conf" / entry.name).symlink_to(entry)
    shipped = (folder / "conf" / "model.conf").read_bytes().splitlines(keepends=True)
    kept = [line for line in shipped if not line.startswith(b"--endpoint.rule")]
    (copy / "conf" / "model.conf").write_bytes(b"".join([*kept, b"\n", ENDPOINT_RULES]))
