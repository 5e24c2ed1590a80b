"""An answer as plain text with footnotes, to paste elsewhere."""

from collections.abc import Mapping

from index.article import Article
from qa.answer import Answer, Citation
from ui.render.view import View
from ui.render.words import unbroken, web_address
from ui.texts import date_in_words


def with_footnotes(question: str, answer: Answer, articles: Mapping[str, Article], view: View) -> str:
    """The question, the answer with its markers, and a numbered line for each source."""
    text = answer.text.replace("**", "")
    said = unbroken(text) if answer.language == "fr" else text
    notes = [f"[{citation.number}] {_note(citation, articles.get(citation.article_id), view)}" for citation in answer.citations]
    return "\n\n".join(part for part in (question, said, "\n".join(notes)) if part)


def _note(citation: Citation, article: Article | None, view: View) -> str:
    if "plain" in view.formats:
        return view.formats["plain"](citation, article, view.language)
    title = citation.title or (article.label if article else "")
    parts = (title, citation.source, date_in_words(citation.published, view.language), web_address(citation.url))
    return ", ".join(" ".join(part.split()) for part in parts if part)
