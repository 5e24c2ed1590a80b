"""An index asked for its own articles by their headlines."""

import json
from pathlib import Path

import pytest

from index.analyse import terms
from index.article import Article, Entry
from index.build import passage_terms, update
from index.report import Report
from index.selfcheck import SAMPLE, Headline, fallen, sample
from index.source import make_entry
from index.store import Home
from tests.fakes import HashEmbedder
from tests.halves import lexical_of
from ui.cli import main
from ui.report import print_failures

THINGS = ("pont", "fleuve", "marché", "barrage", "hôpital", "stade", "tribunal", "aéroport")
PLACES = ("Zinder", "Agadez", "Cotonou")


def entry(number: int, title: str | None = "Les ponts du fleuve") -> Entry:
    article = Article(id=f"{number:04}", text=f"Le texte de l'article {number}.", path=str(number), digest="", title=title, language="fr")
    return make_entry(article, str(number))


def write(folder: Path, honest: bool = True) -> Path:
    """Articles whose text speaks of what their headline says, or does not."""
    folder.mkdir(exist_ok=True)
    for thing in THINGS:
        for place in PLACES:
            said = f"À {place}, le chantier du {thing} avance." if honest else "Il pleut sur la ville et les rues sont vides."
            about = f"Title: Le {thing} neuf de {place}\nDate: 2024-05-01"
            text = f"{about}\n\n{said} Les habitants attendent la fin des travaux depuis deux ans.\n"
            (folder / f"{thing}-{place}.txt").write_text(text, encoding="utf-8")
    return folder


def test_headlines_find_articles_that_speak_of_them(tmp_path: Path) -> None:
    report = update(Home(tmp_path / "home"), HashEmbedder(), [write(tmp_path / "docs")])
    assert report.selfcheck is not None
    found = dict(report.selfcheck)
    # By vectors an article without its headline stands against neighbours that share two words of it and keep theirs.
    assert 0 < found.pop("dense") < 1
    assert found == {"questions": 24, "lexical": 1.0, "fused": 1.0}
    assert Home(tmp_path / "home").manifest().selfcheck == report.selfcheck


def test_the_headline_itself_does_not_count(tmp_path: Path) -> None:
    # Nothing but the headline tells these apart, and it is withheld: ten of 24 places are as good as chance.
    report = update(Home(tmp_path / "home"), HashEmbedder(), [write(tmp_path / "docs", honest=False)])
    assert report.selfcheck is not None
    assert report.selfcheck["lexical"] < 0.5


def test_a_fall_is_told_aloud(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home, docs = Home(tmp_path / "home"), write(tmp_path / "docs")
    assert update(home, HashEmbedder(), [docs]).warning is None
    write(docs, honest=False)
    report = update(home, HashEmbedder())
    assert report.warning is not None
    assert "was 1.00" in report.warning
    print_failures(report)
    assert "WARNING" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("before", "after", "warns"),
    [
        pytest.param({"fused": 0.9}, {"fused": 0.79}, True, id="fallen"),
        pytest.param({"fused": 0.9}, {"fused": 0.81}, False, id="a_little"),
        pytest.param({"fused": 0.5}, {"fused": 0.9}, False, id="risen"),
        pytest.param(None, {"fused": 0.1}, False, id="never_measured"),
        pytest.param({"fused": 0.9}, None, False, id="no_longer_measured"),
    ],
)
def test_when_it_warns(before: dict[str, float] | None, after: dict[str, float] | None, warns: bool) -> None:
    assert (fallen(before, after) is not None) == warns


def test_the_sample_is_of_telling_headlines_and_stays_the_same() -> None:
    headlines = [Headline(number, f"{number:04}", f"Titre numéro {number} du journal", "fr") for number in range(SAMPLE + 50)]
    drawn = sample(headlines)
    assert len(drawn) == SAMPLE
    # Other articles in front move the numbers, not the choice among those that stay.
    moved = [Headline(number, f"{9_000 + number}", None, "fr") for number in range(7)]
    moved += [headline._replace(number=headline.number + 7) for headline in headlines]
    assert sample(moved) == [number + 7 for number in drawn]
    assert sample([Headline(number, str(number), "Les ponts du fleuve", "fr") for number in range(20)]) == []  # one headline for all
    assert sample([Headline(number, str(number), "Niger", "fr") for number in range(20)]) == []
    assert sample(headlines[:4]) == []


def test_a_score_by_hand_is_that_of_the_index() -> None:
    texts = ["Le pont de Zinder est un pont neuf.", "Le marché de Zinder.", "Les écoles de Dosso ferment, dit le maire de Dosso."]
    passages = [terms(text, "fr") for text in texts]
    index = lexical_of(passages)
    average = sum(map(len, passages)) / 3
    question = ["pont", "zinder", "inconnu"]
    scores = index.scores(dict.fromkeys(question, 1.0))
    for row, passage in enumerate(passages):
        assert index.score(question, passage, average) == pytest.approx(float(scores[row]), rel=1e-5)


def test_passage_terms_begin_with_the_headline(tmp_path: Path) -> None:
    # What the check takes out again: twice the headline's words and pairs.
    article = entry(1, "Les ponts du fleuve à Zinder").article
    found = passage_terms(article, [(0, len(article.text))])[0]
    words = terms("Les ponts du fleuve à Zinder", "fr")
    headline = [*words, f"{words[0]} {words[1]}", f"{words[1]} {words[2]}"]
    assert found[: 2 * len(headline)] == headline * 2


def test_status_tells_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = str(tmp_path / "home")
    assert main(["index", str(write(tmp_path / "docs")), "--home", home, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["selfcheck"]["questions"] == 24
    assert main(["status", "--home", home]) == 0
    assert "24 headlines asked for their own articles, recall@10 fused" in capsys.readouterr().out
    assert main(["status", "--home", home, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["selfcheck"] == report["selfcheck"]


def test_a_report_without_a_check_warns_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    print_failures(Report())
    assert capsys.readouterr().err == ""
