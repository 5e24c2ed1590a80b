"""Saved citations still verify when their article has changed, and say so."""

from dataclasses import replace
from pathlib import Path

from index.store import Home
from qa import Assistant, Trace
from tests.fakes import HashEmbedder

FIRST = "Le gouvernement du Bénin a signé mardi à Cotonou un accord de pêche avec le Togo.\n"
SECOND = "Le gouvernement du Bénin a signé mercredi à Cotonou un accord de pêche avec le Togo.\n"


def test_a_citation_of_an_article_that_changed_then_went(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text(FIRST)
    (docs / "b.txt").write_text("Le parlement du Kenya a voté jeudi à Nairobi une loi sur l'eau et les puits.\n")
    assistant = Assistant(Home(tmp_path / "home"), HashEmbedder())
    assistant.update([docs])
    saved = assistant.ask("Qui a signé un accord de pêche avec le Togo ?").citations[0]
    assert assistant.trace(saved) == Trace(held=True)
    assert assistant.trace(replace(saved, quote=saved.quote.replace("mardi", "lundi"))) == Trace(held=False)

    (docs / "a.txt").write_text(SECOND)
    assert assistant.update().changed == (f"{docs}/a.txt",)
    changed = assistant.trace(saved)
    assert (changed.held, changed.gone) == (True, False)
    assert changed.changed is not None
    assert assistant.verify(saved)
    assert [revision.text for revision in assistant.revisions(saved.article_id)] == [FIRST.strip()]

    (docs / "a.txt").unlink()
    assistant.update()
    # Gone with its file, the last text with it; the one before is still kept.
    assert assistant.trace(saved).gone
    assert assistant.verify(saved)
