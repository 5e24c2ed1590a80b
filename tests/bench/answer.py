"""What answering costs beyond finding the passages: `python -m tests.bench.answer FOLDER ... [--beside FOLDER --articles N]`.

The sets, in BEIR form, are indexed together, with the first N articles of another set beside them to make a collection as large as
wanted. Each question is asked once, so that nothing of it is remembered; in the same run, what finding the passages costs, and a
fixed piece of work beside every question, so that a busy machine can be told.
"""

import argparse
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from index.build import publish_articles
from index.embed import open_model
from index.store import Home
from qa.arrange import arrange
from qa.assistant import PASSAGES, Assistant
from qa.decide import judge
from qa.evaluate import GoldQuestion, read_question_set
from qa.question import understand
from qa.reader import read
from qa.respond import answer_fact

TODAY = date(2026, 1, 1)
WARMING = 20
_TEXT = "La délégation a été reçue à Niamey par le ministre de la Défense, et l'accord signé le lundi 26 juin 2023. " * 60


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--questions", type=int, default=400, help="of each set")
    parser.add_argument("--beside", type=Path, help="a set of which only articles are taken")
    parser.add_argument("--articles", type=int, default=2_000, help="of --beside")
    options = parser.parse_args()
    sets = [read_question_set(folder) for folder in options.folders]
    others = read_question_set(options.beside).articles[: options.articles] if options.beside else ()
    articles = {article.id: article for article in (*(article for part in sets for article in part.articles), *others)}
    with tempfile.TemporaryDirectory(prefix="griot-bench-") as temporary:
        publish_articles(Home(temporary), open_model(), list(articles.values()))
        assistant = Assistant(Home(temporary), open_model())
        times = list(_times(assistant, [gold for part in sets for gold in part.questions[: options.questions]]))[WARMING:]
        find, answer, work = (1_000 * statistics.median(part) for part in zip(*times, strict=True))
        print(
            f"{assistant.generation().manifest.passages} passages, {len(times)} questions, medians: finding {find:.1f} ms, "
            f"answering {answer:.1f} ms, the work beside {work:.2f} ms; answering takes {answer / work:.2f} of it"
        )


def _times(assistant: Assistant, questions: list[GoldQuestion]) -> Iterator[tuple[float, float, float]]:
    """Seconds of finding, of answering, and of the work beside, for each question."""
    generation = assistant.generation()
    for gold in questions:
        began = time.perf_counter()
        question = understand(gold.text, generation.lexical.frequency, generation.manifest.passages)
        hits = assistant._find(generation, question, PASSAGES, None, TODAY)
        found = time.perf_counter()
        judged = judge(read(generation, question, hits))
        if judged.answers:
            answer_fact(gold.text, judged, arrange(gold.text, hits), TODAY)
        answered = time.perf_counter()
        _work()
        yield found - began, answered - found, time.perf_counter() - answered


def _work() -> Counter[str]:
    """Words cut, lowered and counted by the interpreter alone."""
    counted: Callable[[str], list[str]] = re.compile(r"\w+").findall
    return Counter(counted(_TEXT.lower()))


if __name__ == "__main__":
    main()
