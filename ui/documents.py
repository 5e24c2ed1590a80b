"""What `--json` prints: answers, passages, reports and articles as JSON documents."""

from dataclasses import asdict
from typing import Any

from index.article import Article
from index.report import Report
from qa.answer import Answer, Citation, Hit
from qa.assistant import Assistant


def article_document(assistant: Assistant, article: Article) -> dict[str, Any]:
    """An article as the JSON of `griot show --json`."""
    generation = assistant.generation()
    first, last = generation.rows_of(article.id)
    return {
        **asdict(article), "passages": last - first + 1,
        "copies": [
            {"article_id": copy.id, "title": copy.title, "source": copy.source, "path": copy.path}
            for copy in generation.copies(article.id)
        ],
        "revisions": [
            {"digest": revision.digest, "seen_until": revision.seen_until.isoformat(), "title": revision.title}
            for revision in assistant.revisions(article.id)
        ],
    }  # fmt: skip


def answer_document(answer: Answer) -> dict[str, Any]:
    """An answer as the JSON of `griot ask --json`."""
    return {
        "question": answer.question, "language": answer.language, "answered": answer.answered, "text": answer.text,
        "seconds": answer.seconds,
        "citations": [citation_document(citation) for citation in answer.citations],
        "passages": [hit_document(hit) for hit in answer.passages], "missing": list(answer.missing),
    }  # fmt: skip


def citation_document(citation: Citation) -> dict[str, Any]:
    """A citation as JSON; `copies` only where its article has some."""
    document = asdict(citation)
    return document if citation.copies else {name: value for name, value in document.items() if name != "copies"}


def hit_document(hit: Hit, *, named: bool = False) -> dict[str, Any]:
    """A passage as JSON; `named` adds the path and title of its article."""
    about = {"path": hit.path, "title": hit.title} if named else {}
    return {"article_id": hit.article_id, **about, "start": hit.start, "end": hit.end, "text": hit.text, "score": hit.score}


def report_document(report: Report) -> dict[str, Any]:
    """A report as the JSON of `griot index --json`."""
    return asdict(report)
