"""Questions that may come after an answer, drawn from the articles that it cites."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice, zip_longest
from typing import Final

from index.analyse import level
from index.article import Article
from qa.answer import Answer
from qa.examples import asked_of, phrases
from qa.signs import people

TRIES: Final = 4
"""Questions tried for each one wanted: each costs an answer."""
_NAMED: Final = re.compile(r"(?:\b(l[ae]s? |l['’]|du |des |aux? ))?(?<=[\s'’])([A-ZÀ-ÖØ-Þ][\w-]{2,}(?:\s[A-ZÀ-ÖØ-Þ][\w-]+)*)")
_ARTICLES: Final = {"du ": "le ", "au ": "le ", "des ": "les ", "aux ": "les "}
_BEFORE_PLACES: Final = r"\b(?:[Ll][ae]s?|[Aa]ux?|[Dd]u|[Dd]es|[Ee]n|[Tt]he|[Ii]n)\s|\b[Ll]['’]"
_DETERMINED: Final = re.compile(r"(?:L[ae]s?|L['’]|The|Un|Une)\b")


def follow_ups(
    answer: Answer, articles: Sequence[Article], asked: Sequence[str], replies: Callable[[str], Answer], count: int
) -> list[str]:
    """At most `count` questions about what stands nearest to the quotes of `answer`, each of which `replies` answers from one of
    `articles`, those cited; never one about what `asked`, the questions so far, already names."""
    cited = {article.id for article in articles}
    before = " ".join(level(question) for question in asked)
    names = _nearest(answer, articles, _persons)
    about = _nearest(answer, articles, lambda text: (_joined(*found) for found in phrases(text)))
    near = (
        asked_of(kind, words, answer.language)
        for pair in zip_longest((("who", name) for name in names), (("about", phrase) for phrase in about))
        for found in pair
        if found
        for kind, words in [found]
        if level(words).partition(" ")[2] not in before
    )
    # Last, more of what was asked about.
    wider = (asked_of("about", name, answer.language) for name in _named(answer.question))
    tried = (question for question in chain(near, wider) if level(question) not in before)
    return list(islice((question for question in islice(tried, TRIES * count) if _answered(replies(question), cited)), count))


def _answered(answer: Answer, cited: set[str]) -> bool:
    return answer.answered and any(citation.article_id in cited for citation in answer.citations)


def _named(question: str) -> Iterator[str]:
    """The names in a question, with their article: "la Hongrie", "le Niger" in "du Niger"."""
    for article, name in _NAMED.findall(question):
        yield f"{_ARTICLES.get(article, article)}{name}"


def _persons(text: str) -> Iterator[str]:
    """The names of `text` that no article or preposition of place comes before: "le Burkina Faso" is no person."""
    for name in dict.fromkeys(people(text)):
        if not _DETERMINED.match(name) and not re.search(rf"(?:{_BEFORE_PLACES}){re.escape(name)}", text):
            yield name


def _joined(determiner: str, phrase: str) -> str:
    return f"{determiner}{phrase}" if determiner[-1] in "'’" else f"{determiner} {phrase}"


def _nearest(answer: Answer, articles: Sequence[Article], found: Callable[[str], Iterable[str]]) -> Iterator[str]:
    """What `found` finds in the articles, once, the nearest to a quote first."""
    by_id = {article.id: article for article in articles}
    near: dict[str, int] = {}
    for place, citation in enumerate(answer.citations):
        article = by_id.get(citation.article_id)
        for words in found(article.text) if article else ():
            at = article.text.find(words) if article else -1
            # A later quote counts as a little further off, so that the first decides between equals.
            distance = place + (0 if citation.start <= at < citation.end else min(abs(at - citation.start), abs(at - citation.end)))
            near[words] = min(distance, near.get(words, distance))
    yield from sorted(near, key=lambda words: (near[words], words))
