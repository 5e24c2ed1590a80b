"""Articles read in a second of the processor, by kind of file: `python -m tests.bench.reading`.

The files are made here, of about 3,000 characters an article, and in the containers there are 500. PDF and Word are also given in
pages and megabytes where those say more. Peak memory is that of the whole process so far.
"""

import gzip
import json
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from index.document import Document
from index.read import read_documents
from tests.index.readers.pages import PARAGRAPHS, document
from tests.index.readers.samples import ADDRESS, HEAD, TITLE, docx, json_lines, json_list, pack, pdf, table, warc

TEXTS = tuple(PARAGRAPHS * 5)
COUNT = 500
REPEATS = 20


def files() -> Iterator[tuple[str, bytes, int]]:
    """Name, content, and how often each is read."""
    text = "\n\n".join(TEXTS)
    page = document("<article>" + "".join(f"<p>{paragraph}</p>" for paragraph in TEXTS) + "</article>", HEAD).encode()
    records = [
        {"id": str(number), "title": TITLE, "text": text, "date": "2024-07-03", "url": ADDRESS, "source": "C"} for number in range(COUNT)
    ]
    yield "a.txt (UTF-8)", text.encode(), COUNT
    yield "a.txt (cp1252)", text.encode("cp1252"), COUNT
    yield "a.html", page, 100
    yield "a.pdf", pdf(TEXTS, 2, 1), REPEATS
    yield "review.pdf", pdf(TEXTS, 2, 40), 1
    yield "a.docx", docx(TEXTS), REPEATS
    yield "a.jsonl", json_lines(records), 1
    yield "a.jsonl.gz", gzip.compress(json_lines(records)), 1
    yield "a.json", json_list(records), 1
    yield "a.csv", table(records), 1
    yield "a.zip", pack({f"{number}.txt": text.encode() for number in range(COUNT)}), 1
    yield "a.warc.gz", warc([(f"{ADDRESS}/{number}", "200 OK", "text/html", page) for number in range(100)]), 1


def main() -> None:
    """Print a line for each kind."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data, repeats in files():
            path = Path(folder) / name.partition(" ")[0]
            path.write_bytes(data)
            next(iter(read_documents(path)))  # imports
            began = time.process_time()
            articles = sum(isinstance(found, Document) for _ in range(repeats) for found in read_documents(path))
            seconds = time.process_time() - began
            print(json.dumps({
                "file": name, "articles": articles, "articles_per_s": round(articles / seconds, 1), "kB": round(len(data) / 1000),
                "seconds": round(seconds, 3), "peak_MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }))  # fmt: skip


if __name__ == "__main__":
    main()
