"""Many readers at once on a bad day: `python -m tests.bench.load [--sessions 100] [--seconds 120] [--think 5] [--articles FOLDER]`.

Serves the articles in seeds/ (or FOLDER) with `griot chat` on a free port. Half of the sessions ask over the HTTP interface, half as the
page does, over Gradio's queue; each reads for `--think` seconds on average, then asks the next question. Meanwhile the index is published
ten times, a process that reads articles is killed, the disk is full for a moment, ten uploads stop half-way and ten clients read nothing.
Prints the errors, how long the answers took, the server's memory over time, what came of the mischief and how the server ended; exit
status 1 where a question failed, an article could not be asked about, or the 95th percentile reached a second.
"""

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from tests.bench.harm import begin_uploads, fill_the_disk, kill_a_worker, read_slowly, republish
from tests.bench.served import Served, served, stop
from tests.paths import ROOT, SEEDS

PUBLISHED = 10
SLOW = 1.0
"""Seconds that the 95th percentile must stay below."""


class Sessions:
    """Readers, each in a thread, until `end`; `told` is how long each answer took, `failed` what went wrong."""

    def __init__(self, site: Served, questions: list[str], think: float, end: float) -> None:
        self.site, self.questions, self.think, self.end = site, questions, think, end
        self.told: list[float] = []
        self.failed: list[str] = []
        config = json.loads(site.send("GET", "/config")[1])
        # The one event of the page that takes a question, a conversation and a language, through the queue.
        self.event = next(item["id"] for item in config["dependencies"] if item["queue"] and len(item["inputs"]) == 3)

    def run(self, number: int) -> None:
        """One reader."""
        chance = random.Random(number)
        ask = self._by_page if number % 2 else self._by_interface
        session = f"{number:03}x{chance.getrandbits(48):x}"
        time.sleep(chance.uniform(0, self.think))
        while time.monotonic() < self.end:
            began = time.monotonic()
            try:
                ask(chance.choice(self.questions), session)
            except Exception as error:  # whatever it is, a reader saw it
                self.failed.append(repr(error))
            self.told.append(time.monotonic() - began)
            time.sleep(chance.uniform(0, 2 * self.think))

    def _by_interface(self, question: str, _: str) -> None:
        status, document = self.site.ask(question)
        assert status == 200, status
        assert document["text"]

    def _by_page(self, question: str, session: str) -> None:
        body = {"data": [question, "", "fr"], "fn_index": self.event, "session_hash": session}
        kind = {"Content-Type": "application/json"}
        status, told = self.site.send("POST", "/gradio_api/queue/join", json.dumps(body).encode(), kind)
        assert status == 200, (status, told[:200])
        place = urlsplit(self.site.address)
        line = HTTPConnection(place.hostname or "", place.port, timeout=60)
        try:
            line.request("GET", f"/gradio_api/queue/data?session_hash={session}", headers={"Authorization": f"Bearer {self.site.reader}"})
            for sent in line.getresponse():
                message = json.loads(sent[6:]) if sent.startswith(b"data: ") else {}
                if message.get("msg") == "process_completed":
                    assert message["success"], message
                    return
            raise AssertionError("the stream ended before the answer")
        finally:
            line.close()


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--think", type=float, default=5, help="seconds between an answer and the next question, on average")
    parser.add_argument("--articles", type=Path, default=SEEDS)
    parser.add_argument("--calm", action="store_true", help="nothing but questions: a baseline for the same machine")
    options = parser.parse_args()
    asked = [json.loads(line) for line in (ROOT / "tests" / "quality" / "first.jsonl").read_text(encoding="utf-8").splitlines()]
    questions = [item["question"] for item in asked]
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), options.articles) as site:
        good = _measure(site, questions, options)
    return 0 if good else 1


def _measure(site: Served, questions: list[str], options: argparse.Namespace) -> bool:
    for question in questions[:20]:
        site.ask(question)
    begun = time.monotonic()
    sessions = Sessions(site, questions, options.think, begun + options.seconds)
    threads = [threading.Thread(target=sessions.run, args=(number,), daemon=True) for number in range(options.sessions)]
    for thread in threads:
        thread.start()
    memory, lost = [site.memory()], []
    lines = [] if options.calm else [*begin_uploads(site), *read_slowly(site)]
    for number in range(PUBLISHED):
        time.sleep(max(0.0, begun + (number + 0.5) * options.seconds / PUBLISHED - time.monotonic()))
        if options.calm:
            memory.append(site.memory())
            continue
        lost += [said for said in [republish(site, number)] if said]
        if number == PUBLISHED // 3:
            print(f"a worker killed: {kill_a_worker(site)}", flush=True)
        if number == 2 * PUBLISHED // 3:
            print(f"a full disk: {fill_the_disk(site)}", flush=True)
        memory.append(site.memory())
    for thread in threads:
        thread.join()
    for line in lines:
        line.close()
    taken = np.array(sessions.told) * 1_000
    slow = float(np.percentile(taken, 95))
    print(f"{len(taken):,} questions of {options.sessions} sessions in {options.seconds:.0f} s, {len(sessions.failed)} errors", end=" ")
    print(sessions.failed[:3])
    print(f"p50 {np.percentile(taken, 50):.0f} ms, p95 {slow:.0f} ms, most {taken.max():.0f} ms")
    if not options.calm:
        print(f"published {PUBLISHED} times, {len(lost)} articles not answered at once {lost[:3]}")
    print(f"memory of the server, MB: {' '.join(f'{size:.0f}' for size in memory)}")
    status, seconds = stop(site)
    print(f"stopped in {seconds:.1f} s with status {status}")
    return not sessions.failed and not lost and slow < SLOW * 1_000 and status == 0


if __name__ == "__main__":
    sys.exit(main())
