"""A real `griot chat` in a process of its own, with keys, for what is measured on it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from qa.assistant import Assistant
from tests.paths import ROOT
from ui.access.keys import Keys


@dataclass(frozen=True, kw_only=True)
class Served:
    """A running site: its address, the keys of a reader and of an editor, and its process."""

    address: str
    reader: str
    editor: str
    process: "subprocess.Popen[str]"

    def send(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None, key: str = "") -> Any:
        """Status and body of an answer, over a connection of its own."""
        place = urlsplit(self.address)
        line = HTTPConnection(place.hostname or "", place.port, timeout=60)
        try:
            line.request(method, path, body, {"Authorization": f"Bearer {key or self.reader}", **(headers or {})})
            answer = line.getresponse()
            return answer.status, answer.read()
        finally:
            line.close()

    def ask(self, question: str) -> Any:
        """Status and document of an answer."""
        status, told = self.send("POST", "/api/ask", json.dumps({"question": question}).encode(), {"Content-Type": "application/json"})
        return status, json.loads(told)

    def edit(self, action: str, **fields: str) -> int:
        """The status that a form of the collection's page is answered with."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        status, _ = self.send("POST", f"/collection/{action}", urlencode(fields).encode(), kind, self.editor)
        return int(status)

    def building(self) -> bool:
        """Whether the index is being made."""
        return bool(json.loads(self.send("GET", "/collection/progress", key=self.editor)[1])["running"])

    def workers(self) -> list[int]:
        """The processes that the server began."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
            if parent == self.process.pid:
                found.append(int(folder.name))
        return found

    def memory(self) -> float:
        """Resident memory of the server alone, in MB."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


@contextmanager
def served(folder: Path, articles: Path, *options: str) -> Iterator[Served]:
    """Index `articles` into a home in `folder`, and serve it on a free port of this machine."""
    home = folder / "home"
    Assistant.from_paths([articles], home=home)
    keys = Keys(home / "keys")
    reader, editor = keys.add("reader", "reader"), keys.add("editor", "editor")
    command = [
        sys.executable,
        "-m",
        "ui",
        "chat",
        "--home",
        str(home),
        "--port",
        "0",
        "--rate",
        "0",
        "--log-file",
        str(folder / "log"),
        *options,
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    address = process.stdout.readline().removeprefix("Griot: ").strip()
    try:
        yield Served(address=address, reader=reader, editor=editor, process=process)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)


def stop(site: Served) -> tuple[int, float]:
    """End it as a service manager does: its exit status, and the seconds that it took."""
    began = time.monotonic()
    site.process.send_signal(signal.SIGTERM)
    return site.process.wait(60), time.monotonic() - began
