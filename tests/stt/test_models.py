"""Fetching a model from a real server on this machine: the whole model lands, or nothing does."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.command import in_foreground
from voiceskill.errors import BadInputError, ModelError
from voiceskill.stt import manifest, models
from voiceskill.stt.manifest import ModelEntry

NAME = "vosk-model-test"
HANG_LIMIT_S = 30.0
POLL_S = 0.01
"""How soon the server sees that it is to end."""

FILES = {"am/final.mdl": os.urandom(200_000), "conf/model.conf": b"--beam=10\n", "README": b"test"}

FETCH_IN_CHILD = """
import sys
from voiceskill.stt import manifest, models
entry = manifest.ModelEntry.model_validate_json(sys.argv[1])
models.entry = lambda name: entry
models.fetch(entry.name)
"""


def archive(files: dict[str, bytes], top: str = f"{NAME}-0.1/") -> bytes:
    """A zip of the files, in one folder."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(top + name, content)
    return buffer.getvalue()


def link(name: str, target: str) -> bytes:
    """A zip with a symbolic link beside the files."""
    buffer = io.BytesIO(archive(FILES))
    with zipfile.ZipFile(buffer, "a") as packed:
        member = zipfile.ZipInfo(f"{NAME}-0.1/{name}")
        member.external_attr = 0o120777 << 16
        packed.writestr(member, target)
    return buffer.getvalue()


class Server:
    """Serves one content; counts how often it was asked."""

    def __init__(self) -> None:
        self.content = archive(FILES)
        self.cut_after: int | None = None
        """Bytes after which the connection is closed, or held open with ``stall``."""
        self.stall = threading.Event()
        self.status = 200
        self.asked = 0
        self.half_sent = threading.Event()
        self._released = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked += 1
                self.send_response(outer.status)
                self.send_header("Content-Length", str(len(outer.content)))
                self.end_headers()
                self.wfile.write(outer.content[: outer.cut_after])
                self.wfile.flush()
                outer.half_sent.set()
                if outer.stall.is_set():
                    outer._released.wait(HANG_LIMIT_S)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(POLL_S,))
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._http.server_port}/model.zip"

    def close(self) -> None:
        self._released.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(HANG_LIMIT_S)


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which models land; it does not exist yet."""
    folder = tmp_path / "models"
    monkeypatch.setenv("VOICESKILL_MODELS", str(folder))
    return folder


class Listed:
    """Makes the manifest list one model: what the server has, as it has it now."""

    def __init__(self, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        self._server = server
        self._monkeypatch = monkeypatch

    def __call__(self, **other: object) -> ModelEntry:
        content = self._server.content
        values: dict[str, object] = {
            "name": NAME,
            "engine": "vosk",
            "language": "en",
            "licence": "MIT",
            "address": self._server.address,
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        item = ModelEntry.model_validate({**values, **other})

        def entry(name: str | None) -> ModelEntry:
            if name not in (None, item.name):
                raise BadInputError(f"there is no model '{name}'")
            return item

        self._monkeypatch.setattr(models, "entries", lambda: (item,))
        self._monkeypatch.setattr(models, "entry", entry)
        return item


@pytest.fixture
def listed(server: Server, monkeypatch: pytest.MonkeyPatch) -> Listed:
    return Listed(server, monkeypatch)


def content_of(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def refused(place: Path) -> str:
    """The one line with which fetching is refused; nothing may be left of it."""
    with pytest.raises(ModelError) as fault:
        models.fetch(NAME, timeout_s=2.0)
    assert "\n" not in str(fault.value)
    assert list(place.iterdir()) == []
    return str(fault.value)


def test_a_fetched_model_is_whole_and_has_its_sums(
    server: Server, listed: Listed, place: Path
) -> None:
    listed()

    folder = models.fetch(NAME)

    assert folder == place / NAME
    fetched = content_of(folder)
    sums = fetched.pop(models.SUMS).decode()
    assert fetched == FILES
    assert sums == "".join(
        f"{hashlib.sha256(FILES[name]).hexdigest()}  {name}\n" for name in sorted(FILES)
    )
    assert [entry.name for entry in place.iterdir()] == [NAME]


def test_a_model_that_is_there_is_left_alone(server: Server, listed: Listed, place: Path) -> None:
    listed()
    folder = models.fetch(NAME)
    before = (folder / "am/final.mdl").stat().st_mtime_ns

    assert models.fetch() == folder

    assert server.asked == 1
    assert (folder / "am/final.mdl").stat().st_mtime_ns == before


def test_the_mend_of_a_damaged_model_mends_it(server: Server, listed: Listed, place: Path) -> None:
    # verify said "damaged; type: voiceskill models fetch", and fetch left it as it was.
    listed()
    folder = models.fetch(NAME)
    (folder / "am/final.mdl").write_bytes(b"damaged")
    (folder / "stray").touch()

    assert models.fetch(NAME) == folder

    assert content_of(folder).keys() == {*FILES, models.SUMS}
    assert "3 files as they should be" in models.verify(NAME)[0]
    assert [entry.name for entry in place.iterdir()] == [NAME]


def test_a_damaged_model_stays_when_no_other_can_be_fetched(
    server: Server, listed: Listed, place: Path
) -> None:
    listed()
    folder = models.fetch(NAME)
    (folder / "conf/model.conf").write_bytes(b"--beam=11\n")
    server.status = 404

    with pytest.raises(ModelError, match="could not be fetched"):
        models.fetch(NAME)

    assert (folder / "conf/model.conf").read_bytes() == b"--beam=11\n"
    assert [entry.name for entry in place.iterdir()] == [NAME]


def test_a_model_unpacked_by_hand_is_found_but_not_vouched_for(
    server: Server, listed: Listed, place: Path
) -> None:
    listed()
    (place / NAME).mkdir(parents=True)

    assert models.installed() == [place / NAME]
    assert models.path(NAME) == place / NAME
    assert "cannot be verified" in models.verify(NAME)[0]


def test_another_content_than_the_manifest_names_is_refused(
    server: Server, listed: Listed, place: Path
) -> None:
    listed(sha256="0" * 64)
    assert "other sha256" in refused(place)


def test_another_size_than_the_manifest_names_is_refused(
    server: Server, listed: Listed, place: Path
) -> None:
    listed(size=len(server.content) + 1)
    assert "another size" in refused(place)


def damaged(content: bytes) -> bytes:
    """The archive with a hole in its first file."""
    return content[:1000] + bytes(2000) + content[3000:]


@pytest.mark.parametrize(
    "content",
    [b"no zip at all", archive(FILES)[:-100], damaged(archive(FILES))],
    ids=["text", "cut", "hole"],
)
def test_an_archive_that_is_damaged_is_refused(
    server: Server, listed: Listed, place: Path, content: bytes
) -> None:
    server.content = content
    listed()
    assert "damaged" in refused(place)


def test_a_locked_archive_is_refused(server: Server, listed: Listed, place: Path) -> None:
    content = bytearray(archive({"README": b"secret"}))
    # The first bit of the flags says "encrypted", in the file's own header and in the directory.
    for header, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(header) + offset] |= 1
    server.content = bytes(content)
    listed()
    assert "damaged" in refused(place)


@pytest.mark.parametrize(
    "content",
    [
        archive({"../../evil": b"x"}),
        archive({"x": b"", "../evil": b"x"}, top=""),
        archive({"evil": b"x"}, top="/"),
        archive({"evil": b"x"}, top="C:/"),
        archive({"evil": b"x"}, top="..\\"),
        link("evil", "/etc"),
        link("evil", "../../.."),
    ],
    ids=["up", "up-at-once", "absolute", "drive", "backslash", "link-absolute", "link-up"],
)
def test_an_archive_that_reaches_outside_is_refused(
    server: Server, listed: Listed, place: Path, tmp_path: Path, content: bytes
) -> None:
    server.content = content
    listed()

    assert "outside its folder" in refused(place)

    assert not list(tmp_path.rglob("*evil*"))


def test_an_archive_that_grows_without_measure_is_refused(
    server: Server, listed: Listed, place: Path
) -> None:
    server.content = archive({"zeros": bytes(5_000_000)})
    listed()
    assert "far too large" in refused(place)


@pytest.mark.parametrize(
    "content",
    [archive({}), archive({"README": b""}, top=""), archive({"a/x": b"", "b/x": b""}, top="")],
    ids=["nothing", "a-file", "two-folders"],
)
def test_an_archive_without_its_one_folder_is_refused(
    server: Server, listed: Listed, place: Path, content: bytes
) -> None:
    server.content = content
    listed()
    assert "does not hold one folder" in refused(place)


def test_a_connection_that_breaks_half_way_is_one_clear_line(
    server: Server, listed: Listed, place: Path
) -> None:
    listed()
    server.cut_after = len(server.content) // 2
    assert "could not be fetched" in refused(place)


def test_a_server_that_falls_silent_is_given_up(
    server: Server, listed: Listed, place: Path
) -> None:
    listed()
    server.cut_after = len(server.content) // 2
    server.stall.set()
    assert "could not be fetched" in refused(place)


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_server_that_refuses_is_one_clear_line(
    server: Server, listed: Listed, place: Path, status: int
) -> None:
    listed()
    server.status = status
    assert server.address in refused(place)


def test_no_network_is_one_clear_line_with_the_mend(listed: Listed, place: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        listed(address=f"http://127.0.0.1:{unused.getsockname()[1]}/model.zip")
        line = refused(place)
    assert f"unpack it by hand into {place}" in line


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_fetch_that_is_broken_off_leaves_nothing(
    server: Server, listed: Listed, place: Path, sign: signal.Signals
) -> None:
    item = listed()
    server.cut_after = len(server.content) // 2
    server.stall.set()
    child = subprocess.Popen(
        [sys.executable, "-c", FETCH_IN_CHILD, item.model_dump_json()],
        stderr=subprocess.DEVNULL,
        preexec_fn=in_foreground,
    )
    try:
        assert server.half_sent.wait(HANG_LIMIT_S)
        child.send_signal(sign)
        assert child.wait(HANG_LIMIT_S) != 0
    finally:
        child.kill()
        child.wait()

    assert not (place / NAME).exists()
    if sign is signal.SIGINT:
        assert list(place.iterdir()) == []


def test_what_a_killed_fetch_left_is_removed_by_a_later_one(
    server: Server, listed: Listed, place: Path
) -> None:
    listed()
    for name, age_s in (("old", 2 * models.ABANDONED_S), ("running", 60.0)):
        folder = place / f"{models.FETCHING}{name}"
        folder.mkdir(parents=True)
        (folder / "model.zip").write_bytes(b"half")
        os.utime(folder, (time.time() - age_s,) * 2)

    models.fetch(NAME)

    assert {entry.name for entry in place.iterdir()} == {NAME, f"{models.FETCHING}running"}


def test_a_place_that_cannot_be_written_is_one_clear_line(
    server: Server, listed: Listed, place: Path
) -> None:
    place.write_text("a file where the folder should be")
    listed()
    with pytest.raises(ModelError, match="could not be stored") as fault:
        models.fetch(NAME)
    assert "\n" not in str(fault.value)


@pytest.mark.parametrize("name", ["am/final.mdl", "conf/model.conf"])
@pytest.mark.parametrize("change", ["other", "gone"])
def test_verify_finds_a_changed_file(
    server: Server, listed: Listed, place: Path, name: str, change: str
) -> None:
    listed()
    folder = models.fetch(NAME)
    assert models.verify() == [f"{NAME}: 3 files as they should be, in {folder}"]
    if change == "gone":
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(FILES[name][:-1] + b"?")

    with pytest.raises(
        ModelError, match=f"{name} is damaged; type: voiceskill models fetch {NAME}"
    ):
        models.verify(NAME)
    with pytest.raises(ModelError):
        models.verify()


def test_damaged_sums_are_one_clear_line(server: Server, listed: Listed, place: Path) -> None:
    listed()
    folder = models.fetch(NAME)
    (folder / models.SUMS).write_bytes(b"\xff\xfe nonsense")

    with pytest.raises(ModelError, match="SHA256SUMS is damaged"):
        models.verify(NAME)
    assert models.fetch(NAME) == folder
    assert "3 files" in models.verify(NAME)[0]


def test_what_is_not_installed_is_told_with_the_mend(listed: Listed, place: Path) -> None:
    listed()
    assert models.installed() == []
    assert models.verify() == ["no model is installed"]
    with pytest.raises(ModelError, match=f"not installed; type: voiceskill models fetch {NAME}"):
        models.path(NAME)
    assert "not installed" in models.describe()[0]


def test_what_is_installed_is_listed_with_its_place(listed: Listed, place: Path) -> None:
    listed()
    folder = models.fetch()

    assert models.installed() == [folder]
    assert models.path() == folder
    [line] = models.describe()
    assert line.startswith(f"{NAME}  vosk  en  0 MB  MIT  installed in {folder}")


def test_the_shipped_manifest_names_both_engines_models() -> None:
    assert [item.engine for item in manifest.entries()] == ["vosk", "whisper"]
    assert "as they should be" in models.verify("tiny.en")[0]
    with pytest.raises(BadInputError, match="there is no model 'nonsense'; there are vosk-model"):
        models.path("nonsense")
