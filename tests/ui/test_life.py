"""A press review over some days by the command line: copies, corrections, failures tried again, and saved answers checked."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.ui.test_cli import Command, Ran

DISPATCH = (
    "NIAMEY (Agence) - Le ministre de l'Agriculture, Moussa Harouna, a annoncé mardi la distribution de 12 500 tonnes de semences "
    "améliorées dans les régions de Tillabéri et de Dosso.",
    "Selon le ministre, 48 000 ménages recevront ces semences avant la fin du mois de mai. La campagne coûtera 3,2 milliards de francs, "
    "financés par l'État et la Banque africaine de développement.",
    "« Aucune famille ne doit aborder la saison des pluies sans semences », a-t-il déclaré devant les producteurs réunis à Kollo.",
    "L'an dernier, la récolte de mil avait reculé de 14 % en raison d'une longue pause des pluies en août, d'après la direction des "
    "statistiques agricoles.",
)
OTHER = (
    "Niger : les producteurs de Kollo attendent les semences\n\n16 avril 2024\n\nÀ Kollo, les producteurs interrogés mardi doutent que les "
    "semences promises arrivent à temps. « L'an dernier, nous les avons reçues en juillet », se plaint Hadiza Issa, qui cultive deux "
    "hectares de mil.\n\nLa coopérative locale demande que la distribution soit confiée aux mairies plutôt qu'aux services de l'État.\n"
)
DAM = (
    "---\ntitle: Le barrage de Kandadji retardé\ndate: 2024-03-02\nsource: Le Courrier\n---\n\nLe barrage de Kandadji sera mis en eau "
    "en {}, a annoncé samedi l'agence chargée du projet. Le coût des travaux atteint 740 milliards de francs CFA.\n"
)
ASKED = "Combien de tonnes de semences le ministre a-t-il annoncées ?"
WHEN = "Quand le barrage de Kandadji sera-t-il mis en eau ?"


def page(site: str, title: str, before: str = "", after: str = "") -> str:
    body = before + "".join(f"<p>{paragraph}</p>" for paragraph in DISPATCH) + after
    return (
        f'<!doctype html><html lang="fr"><head><title>{title} - {site}</title><meta property="og:site_name" content="{site}">'
        '<meta property="article:published_time" content="2024-04-16T10:00:00+00:00"></head><body><nav><a href="/">Accueil</a></nav>'
        f"<article><h1>{title}</h1>{body}</article><footer>Tous droits réservés</footer></body></html>"
    )


class Review:
    """A folder of articles, and a home."""

    def __init__(self, folder: Path, griot: Command) -> None:
        self.docs, self.home, self._griot = folder / "docs", folder / "home", griot
        self.answer = folder / "answer.json"
        self.docs.mkdir()

    def write(self, name: str, text: str) -> None:
        """As on another day: a file that was written to a moment ago is read again anyway."""
        (self.docs / name).write_text(text)
        os.utime(self.docs / name, (1_700_000_000, 1_700_000_000 + len(list(self.docs.iterdir()))))

    def run(self, command: str, *arguments: str | Path) -> Ran:
        return self._griot(command, *arguments, "--home", self.home)

    def index(self) -> dict[str, Any]:
        document: dict[str, Any] = self.run("index", self.docs, "--json").document
        for name in ("added", "changed", "removed", "unchanged"):
            document[name] = [Path(path).relative_to(self.docs).as_posix() for path in document[name]]
        return document


@pytest.fixture
def griot(capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(capsys)


@pytest.fixture
def review(tmp_path: Path, griot: Command) -> Review:
    made = Review(tmp_path, griot)
    made.write("echo.html", page("L'Écho", "12 500 tonnes de semences", before="<p>Par la rédaction, avec agence.</p>"))
    made.write("matin.html", page("Le Matin", "Niger : des semences pour Tillabéri et Dosso"))
    made.write("soir.html", page("Le Soir", "Semences : le gouvernement distribue", after="<p>Lire aussi : la saison des pluies</p>"))
    made.write("kollo.txt", OTHER)
    made.write("barrage.md", DAM.format(2026))
    made.write("vide.txt", "")
    return made


def test_agency_copy_is_quoted_once_with_who_else_has_it(review: Review) -> None:
    report = review.index()
    (original,) = {copy["original"] for copy in report["duplicates"]}
    copies = {copy["path"] for copy in report["duplicates"]}
    # Another article on the same day and the same seeds is none.
    assert {Path(path).name for path in {original, *copies}} == {"echo.html", "matin.html", "soir.html"}
    answer = json.loads(review.run("ask", ASKED, "--json").out)
    assert {citation["path"] for citation in answer["citations"]} <= {original, str(review.docs / "kollo.txt")}
    sites = {"echo.html": "L'Écho", "matin.html": "Le Matin", "soir.html": "Le Soir"}
    others = sorted(sites[Path(path).name] for path in copies)
    out = review.run("ask", ASKED).out
    assert f"[1] repris par 2 autres sources : {', '.join(others)}." in out
    assert [out.count(f"      = {site} (2024-04-16)\n") > 0 for site in others] == [True, True]
    # Each copy is still there to be read.
    shown = review.run("show", review.docs / "soir.html")
    assert DISPATCH[2] in shown.out
    assert re.search(r"copies: .+\n +.+ \(", shown.out)
    assert {article["source"] for article in review.run("status", "--json").document["articles"]} >= set(sites.values())


def test_a_corrected_article_and_the_answer_that_quoted_it(review: Review) -> None:
    review.index()
    review.answer.write_text(review.run("ask", WHEN, "--json").out)
    assert "stands as quoted" in review.run("verify", review.answer).out
    review.write("barrage.md", DAM.format(2027))
    assert review.index()["changed"] == ["barrage.md"]
    ran = review.run("verify", review.answer)
    assert ran.status == 0
    assert re.search(r"barrage\.md: the article has changed since \(found \d{4}-\d\d-\d\d \d\d:\d\d UTC\)\n", ran.out)
    shown = review.run("show", review.docs / "barrage.md").out
    assert "mis en eau en 2027" in shown
    assert re.search(r"^revisions:  until \d{4}-", shown, re.MULTILINE)
    assert "**2027**" in review.run("ask", WHEN).out
    (review.docs / "barrage.md").unlink()
    assert review.index()["removed"] == ["barrage.md"]
    ran = review.run("verify", review.answer)
    assert (ran.status, re.sub(r"found [^)]*", "found", ran.out)) == (
        0, f"{review.answer} [1] {review.docs}/barrage.md: the article has changed since (found), and is gone\n",
    )  # fmt: skip


def test_what_failed_is_told_and_tried_again(review: Review) -> None:
    ran = review.run("index", review.docs)
    assert re.search(r"failed +1 +\S", ran.out)
    assert f"failed: {review.docs}/vide.txt: the file is empty\nwhat failed is tried again at the next run\n" in ran.err
    report = review.index()
    assert (report["added"], report["failed"]) == ([], [{"path": f"{review.docs}/vide.txt", "reason": "the file is empty"}])
    review.write("vide.txt", "Le marché de Maradi a rouvert jeudi après un incendie qui avait détruit 200 boutiques.\n")
    report = review.index()
    assert (report["added"], report["failed"], len(report["unchanged"])) == (["vide.txt"], [], 5)
