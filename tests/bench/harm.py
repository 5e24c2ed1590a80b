"""What happens to a server on a bad day, done to one on purpose: each returns what came of it, in a line."""

import os
import resource
import signal
import socket
import time
from contextlib import suppress
from urllib.parse import urlsplit

from tests.bench.served import Served

HALF = 10
"""Uploads that are begun and never ended, and clients that read a byte a second."""


def republish(site: Served, number: int) -> str:
    """Add an article on the collection's page, and ask about it as soon as it is in; "" where all went well."""
    name = f"Zorvane{number}"
    text = f"Le marché de {name} a rouvert mardi après les travaux, selon la mairie de {name}."
    status = site.edit("text", title=f"Le marché de {name}", text=text)
    wait(site)
    asked, answer = site.ask(f"Quand le marché de {name} a-t-il rouvert ?")
    good = status == 303 and asked == 200 and answer["answered"] and name in answer["text"]
    return "" if good else f"{name}: {status}, {asked}, {answer.get('text', '')[:80]}"


def kill_a_worker(site: Served) -> str:
    """Read everything again, and kill a process that reads."""
    begun = site.edit("rebuild", full="1")
    killed, end = 0, time.monotonic() + 30
    while not killed and time.monotonic() < end and (site.building() or not killed):
        for pid in site.workers():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                killed += 1
                break
        if not site.building():
            break
    wait(site)
    status, _ = site.ask("Quel accord a été signé ?")
    return f"rebuild {begun}, {killed} killed, questions {status}"


def fill_the_disk(site: Served) -> str:
    """No file may grow: what a full disk is to a program. An article is added meanwhile, and again afterwards."""
    soft, hard = resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE, (0, hard))
    try:
        refused = site.edit("text", title="Plein", text="Un article pour un disque plein. " * 200)
        wait(site)
        status, _ = site.ask("Quel accord a été signé ?")
    finally:
        resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE, (soft, hard))
    again = site.edit("text", title="Plein", text="Un article pour un disque qui a de nouveau de la place.")
    wait(site)
    return f"adding {refused}, questions {status}, adding with room again {again}"


def begin_uploads(site: Served) -> list[socket.socket]:
    """Lines on which half of an upload was sent, and no more will be."""
    place = urlsplit(site.address)
    lines = []
    for _ in range(HALF):
        line = socket.create_connection((place.hostname or "", place.port or 80))
        line.sendall(
            f"POST /collection/files HTTP/1.1\r\nHost: {place.netloc}\r\nAuthorization: Bearer {site.editor}\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 5000000\r\n\r\n"
            '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'.encode()
            + b"half " * 100_000
        )
        lines.append(line)
    return lines


def read_slowly(site: Served) -> list[socket.socket]:
    """Lines on which much is asked for and nothing is read."""
    place = urlsplit(site.address)
    lines = []
    for _ in range(HALF):
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        line.connect((place.hostname or "", place.port or 80))
        asked = f"GET /api/articles HTTP/1.1\r\nHost: {place.netloc}\r\nAuthorization: Bearer {site.reader}\r\n\r\n"
        with suppress(OSError):
            line.settimeout(5)
            line.sendall(asked.encode() * 50)
        lines.append(line)
    return lines


def wait(site: Served) -> None:
    """Until no index is being made."""
    while site.building():
        time.sleep(0.2)
