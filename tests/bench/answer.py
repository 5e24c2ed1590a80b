"""What answering costs beyond finding the passages: `python -m tests.bench.answer FOLDER ...` (sets in BEIR form, indexed together).

Each question is asked once, so that nothing of it is remembered; beside it, in the same run, what finding the passages costs.
"""

import argparse
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path

from index.build import publish_articles
from index.embed import open_model
from index.store import Home
from qa.arrange import arrange
from qa.assistant import PASSAGES, Assistant
from qa.decide import judge
from qa.evaluate import read_question_set
from qa.question import understand
from qa.reader import read
from qa.respond import answer_fact

TODAY = date(2026, 1, 1)
WARMING = 20


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--questions", type=int, default=400, help="of each set")
    options = parser.parse_args()
    sets = [read_question_set(folder) for folder in options.folders]
    articles = {article.id: article for part in sets for article in part.articles}
    with tempfile.TemporaryDirectory(prefix="griot-bench-") as temporary:
        publish_articles(Home(temporary), open_model(), list(articles.values()))
        assistant = Assistant(Home(temporary), open_model())
        generation = assistant.generation()
        finding, answering = [], []
        for gold in [gold for part in sets for gold in part.questions[: options.questions]]:
            began = time.perf_counter()
            question = understand(gold.text, generation.lexical.frequency, generation.manifest.passages)
            hits = assistant._find(generation, question, PASSAGES, None, TODAY)
            found = time.perf_counter()
            judged = judge(read(generation, question, hits))
            if judged.answers:
                answer_fact(gold.text, judged, arrange(gold.text, hits), TODAY)
            finding.append(found - began)
            answering.append(time.perf_counter() - found)
    find, answer = (1_000 * statistics.median(times[WARMING:]) for times in (finding, answering))
    print(
        f"{generation.manifest.passages} passages, {len(answering)} questions: finding {find:.1f} ms, answering {answer:.1f} ms (medians)"
    )


if __name__ == "__main__":
    main()
