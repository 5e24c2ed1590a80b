"""What a question gets back: an answer made of quotes, or an honest refusal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote as percent

from index.article import Article


@dataclass(frozen=True, kw_only=True)
class Copy:
    """An article that another is a near copy of: agency copy, mostly."""

    article_id: str
    title: str | None
    source: str | None
    path: str
    published: str | None
    link: str


@dataclass(frozen=True, kw_only=True)
class Citation:
    """A quote and where it stands: `article.text[start:end] == quote`. `copies` are the articles that say the same, word for word."""

    number: int
    article_id: str
    title: str | None
    source: str | None
    path: str
    url: str | None
    published: str | None
    quote: str
    start: int
    end: int
    link: str
    copies: tuple[Copy, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A passage found, with its score: `article.text[start:end] == text`. Scores only compare within one search."""

    article_id: str
    path: str
    title: str | None
    source: str | None
    published: str | None
    start: int
    end: int
    text: str
    score: float


@dataclass(frozen=True, kw_only=True)
class Fact:
    """The words of a citation that answer by themselves: `article.text[start:end] == text`.

    `meant` is the date that they stand for, where they leave it to the day of writing ("ce dimanche").
    """

    number: int
    start: int
    end: int
    text: str
    meant: str | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The reply to a question.

    `text` holds the quotes, each followed by its marker `[n]`; citations are numbered by first use. When `answered`
    is false, `citations` is empty, `passages` holds the nearest misses and `missing` the words of the
    question that stand nowhere in the collection.

    `shape` is "fact", "timeline", "digest" or "articles"; `leads` says for each citation what stands before its quote, the fact in bold
    first; `further` is how many of the last citations are only told to who wants more; `notes` is what is said after the others, of their
    agreement, age and language; `understood` is the question made whole, where it leaned on an earlier one; `confidence` is the chance,
    from 0 to 1, that what was read answers the question, None where nothing was judged; `searched` are
    the words of the question that articles were looked for by.
    """

    question: str
    language: str
    text: str
    answered: bool
    citations: tuple[Citation, ...] = ()
    passages: tuple[Hit, ...] = ()
    missing: tuple[str, ...] = ()
    seconds: float = 0.0
    shape: str = "fact"
    facts: tuple[Fact, ...] = ()
    leads: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    understood: str | None = None
    further: int = 0
    confidence: float | None = None
    searched: tuple[str, ...] = ()


_FRAGMENT_WORDS: Final = 6
_REFUSAL: Final = {
    "fr": ("Les articles ne répondent pas à cette question.", "On n’y trouve nulle part : {words}.", "« {word} »"),
    "en": ("The articles do not answer this question.", "Found nowhere in them: {words}.", "“{word}”"),
}
_NOTHING_LEFT: Final = {
    "fr": ("Aucun article ne passe les filtres ({filters}).", "Sources : {sources}.", "Dates : de {first} à {last}.", "et {count} autres"),
    "en": ("No article passes the filters ({filters}).", "Sources: {sources}.", "Dates: from {first} to {last}.", "and {count} more"),
}
_MORE: Final = {"fr": "Voir aussi :", "en": "See also:"}
_LISTED: Final = 10
_EMPTY: Final = {
    "fr": "Posez une question en quelques mots, par exemple qui, quand, où ou pourquoi.",
    "en": "Ask a question in a few words, such as who, when, where or why.",
}


def cite(number: int, article: Article, start: int, end: int) -> Citation:
    """A citation of `article.text[start:end]`."""
    quote = article.text[start:end]
    return Citation(
        number=number, article_id=article.id, title=article.title, source=article.source, path=article.path, url=article.url,
        published=article.published, quote=quote, start=start, end=end, link=source_link(article, start, end),
    )  # fmt: skip


def source_link(article: Article, start: int, end: int) -> str:
    """The article's own address with a text fragment (WICG URL Fragment Text Directives) that makes a browser scroll to
    the quote; Griot's reading page when the article has no address."""
    if not article.url:
        return reading_link(article.id, start, end)
    words = article.text[start:end].split()
    if len(words) <= 2 * _FRAGMENT_WORDS:
        fragment = _escaped(words)
    else:
        # A range of first and last words still matches where the page's own text differs in between.
        fragment = f"{_escaped(words[:_FRAGMENT_WORDS])},{_escaped(words[-_FRAGMENT_WORDS:])}"
    return f"{article.url.partition('#')[0]}#:~:text={fragment}"


def reading_link(article_id: str, start: int, end: int) -> str:
    """Address of the quote on Griot's own reading page, relative to the server."""
    return f"/article/{article_id}?start={start}&end={end}"


def compose(citations: Sequence[Citation], language: str, leads: Sequence[str] = (), notes: Sequence[str] = (), further: int = 0) -> str:
    """The quotes in order, each after its lead, in the quotation marks of `language` and followed by its marker; then the notes, and
    last the `further` of them that only add to the others."""
    before = [*leads, *[""] * (len(citations) - len(leads))]
    quotes = [
        f"{lead}{' — ' if lead else ''}{quoted(citation.quote, language)} [{citation.number}]"
        for lead, citation in zip(before, citations, strict=True)
    ]
    shown = len(quotes) - further
    return "\n\n".join([*quotes[:shown], *notes, *([_MORE[language], *quotes[shown:]] if further else [])])


def quoted(text: str, language: str) -> str:
    """`text` between quotation marks that it does not hold itself."""
    flat = " ".join(text.split())
    french, english, plain = ("« ", " »"), ("“", "”"), ('"', '"')
    preferred = (french, english, plain) if language == "fr" else (english, french, plain)
    opening, closing = next((marks for marks in preferred if not any(mark.strip() in flat for mark in marks)), preferred[0])
    return f"{opening}{flat}{closing}"


def refusal(missing: Sequence[str], language: str) -> str:
    """What is said when the articles hold no answer, naming the words found nowhere."""
    plain, named, word = _REFUSAL[language]
    listed = ", ".join(word.format(word=item) for item in missing)
    return f"{plain} {named.format(words=listed)}" if missing else plain


def nothing_left(filters: str, sources: Sequence[str], dates: Sequence[str], language: str) -> str:
    """What is said when filters let no article through, with what there is to choose from."""
    plain, listed, dated, more = _NOTHING_LEFT[language]
    shown = [*sources[:_LISTED], *([more.format(count=len(sources) - _LISTED)] if len(sources) > _LISTED else [])]
    said = [plain.format(filters=filters)]
    said += [listed.format(sources=", ".join(shown))] if sources else []
    said += [dated.format(first=dates[0], last=dates[-1])] if dates else []
    return " ".join(said)


def invitation(language: str) -> str:
    """What is said to a question without a word in it."""
    return _EMPTY[language]


def _escaped(words: Sequence[str]) -> str:
    # The comma, the hyphen and the ampersand have a meaning of their own inside a text directive.
    return percent(" ".join(words), safe="", errors="replace").replace("-", "%2D")
