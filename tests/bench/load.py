"""Many readers at once: `python -m tests.bench.load ADDRESS [--sessions 100] [--seconds 120] [--think 5] [--key KEY]`.

Each session asks over a connection of its own, reads for a while (`--think` seconds on average), and asks the next question. Prints how
many questions were asked, how long the answers took, the errors, and, where `--pid` is given, the server's memory at the beginning and
the end.
"""

import argparse
import http.client
import json
import random
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--sessions", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--think", type=float, default=5, help="seconds between an answer and the next question, on average")
    parser.add_argument("--key", default="")
    parser.add_argument("--pid", type=int, help="the server's process, whose memory is told")
    parser.add_argument("--questions", type=Path, help="questions, one a line")
    options = parser.parse_args()
    questions = options.questions.read_text(encoding="utf-8").splitlines() if options.questions else ["Quel accord a été signé ?"]
    began = _memory(options.pid)
    told: list[float] = []
    failed: list[str] = []
    end = time.monotonic() + options.seconds
    threads = [
        threading.Thread(target=_session, args=(options, questions, number, end, told, failed), daemon=True)
        for number in range(options.sessions)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = np.array(told) * 1_000
    print(f"{len(told):,} questions by {options.sessions} sessions in {options.seconds:.0f} s, {len(failed)} errors {failed[:3]}")
    if len(taken):
        print(f"p50 {np.percentile(taken, 50):.0f} ms, p95 {np.percentile(taken, 95):.0f} ms, most {taken.max():.0f} ms")
    if options.pid:
        print(f"memory of the server: {began:.0f} MB at the beginning, {_memory(options.pid):.0f} MB at the end")


def _session(options: argparse.Namespace, questions: list[str], number: int, end: float, told: list[float], failed: list[str]) -> None:
    chance = random.Random(number)
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {options.key}"} if options.key else {})
    place = urlsplit(options.address)
    time.sleep(chance.uniform(0, options.think))
    while time.monotonic() < end:
        body = json.dumps({"question": chance.choice(questions)})
        before = time.monotonic()
        try:
            connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
            connection.request("POST", f"{place.path}/api/ask", body, headers)
            answer = connection.getresponse()
            answer.read()
            connection.close()
            if answer.status != 200:
                failed.append(str(answer.status))
        except OSError as error:
            failed.append(repr(error))
        told.append(time.monotonic() - before)
        time.sleep(chance.uniform(0, 2 * options.think))


def _memory(pid: int | None) -> float:
    """Resident memory of a process, in MB."""
    if pid is None:
        return 0.0
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
