"""`griot chat` in a process of its own: clients that go away, stopping, https, what is written and what is not."""

import json
import os
import signal
import socket
import ssl
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from qa import Assistant
from tests.paths import ROOT, SEEDS
from ui.access.keys import Keys

QUESTION = "Quand la lettre d'intention entre le Niger et la Hongrie a-t-elle été signée ?"
Serve = Callable[..., tuple["subprocess.Popen[str]", str]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("served") / "home"
    Assistant.from_paths([SEEDS], home=found)
    return found


@pytest.fixture
def serve(home: Path) -> Iterator[Serve]:
    """Starts the server with some options; gives its process and its address."""
    with ExitStack() as ends:

        def start(*options: str) -> tuple["subprocess.Popen[str]", str]:
            running = subprocess.Popen(
                [sys.executable, "-m", "ui", "chat", "--home", str(home), "--port", "0", *options],
                env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )  # fmt: skip
            ends.enter_context(running)
            ends.callback(running.kill)
            assert running.stdout
            return running, running.stdout.readline().removeprefix("Griot: ").strip()

        yield start


def go_away(address: str) -> None:
    """Ask, and cut the line before the answer."""
    place = urlsplit(address)
    body = json.dumps({"question": QUESTION}).encode()
    line = socket.create_connection((place.hostname or "", place.port or 80))
    head = f"POST /api/ask HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    line.sendall(head.encode() + body)
    # Cut, not closed: what the server sends next breaks.
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


def test_clients_that_go_away_end_nothing_and_a_signal_ends_all(serve: Serve, tmp_path: Path) -> None:
    running, address = serve("--log-file", str(tmp_path / "log"))
    for _ in range(5):
        go_away(address)
    answer = httpx.post(f"{address}/api/ask", json={"question": QUESTION}, timeout=60)
    assert answer.json()["answered"] is True
    running.send_signal(signal.SIGTERM)
    _, errors = running.communicate(timeout=60)
    assert (running.returncode, errors) == (0, "")
    lines = [json.loads(line) for line in (tmp_path / "log").read_text(encoding="utf-8").splitlines()]
    assert {line["event"] for line in lines} == {"question"}
    assert lines[-1]["answered"] is True
    assert lines[-1]["passages"] > 0
    assert "Hongrie" not in (tmp_path / "log").read_text(encoding="utf-8")
    assert (tmp_path / "log").stat().st_mode & 0o077 == 0


def test_questions_are_logged_only_when_asked_for(serve: Serve) -> None:
    running, address = serve("--log-file", "-", "--log-questions")
    httpx.post(f"{address}/api/ask", json={"question": QUESTION}, timeout=60)
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=60)
    assert running.returncode == 0
    assert json.loads(errors)["question"] == QUESTION


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of this machine to itself, and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key(), serial_number=1)
    now = datetime.now(UTC)
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    signed = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False).sign(key, hashes.SHA256())
    (folder / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return folder / "cert.pem", folder / "key.pem"


def test_https_with_files_of_ones_own(serve: Serve, tmp_path: Path) -> None:
    public, private = certificate(tmp_path)
    running, address = serve("--certificate", str(public), "--private-key", str(private))
    assert address.startswith("https://")
    trusting = ssl.create_default_context(cafile=str(public))
    answer = httpx.get(f"https://localhost:{urlsplit(address).port}/healthz", verify=trusting, timeout=60)
    assert answer.json() == {"status": "ok"}
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    running.send_signal(signal.SIGTERM)
    assert running.wait(60) == 0


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        pytest.param(["--certificate", "a.pem"], "go together", id="no_private_key"),
        pytest.param(["--certificate", "a.pem", "--private-key", "b.pem"], "cannot be used", id="no_such_files"),
        pytest.param(["--log-questions"], "no log to write questions to", id="no_log"),
        pytest.param(["--base-path", "griot"], "is no path for a site", id="no_path"),
    ],
)
def test_what_cannot_be_served_is_said_in_a_line(serve: Serve, options: list[str], reason: str) -> None:
    running, _ = serve(*options)
    _, errors = running.communicate(timeout=60)
    assert running.returncode == 1
    assert reason in errors
    assert errors.count("\n") == 1


def test_keys_come_in_and_strangers_do_not(serve: Serve, home: Path) -> None:
    keys = Keys(home / "keys")
    key = keys.add("tests", "reader")
    try:
        _, address = serve()
        assert httpx.get(f"{address}/metrics", timeout=60).status_code == 401
        assert httpx.get(f"{address}/healthz", timeout=60).status_code == 200
        metrics = httpx.get(f"{address}/metrics", headers={"Authorization": f"Bearer {key}"}, timeout=60)
        assert "griot_index_up 1.0" in metrics.text
    finally:
        keys.remove("tests")
