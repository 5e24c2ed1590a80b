"""From what was read to the answer: the quotes, the fact that they hold, and what is said of their agreement and age."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final

from index.analyse import level, located
from index.article import Article
from qa.answer import Answer, Citation, Fact, Hit, cite, compose
from qa.broad import Dated
from qa.decide import Judged, Quote, choose
from qa.evidence import Evidence
from qa.intent import Shape
from qa.kinds import is_closed
from qa.look import Seen
from qa.moments import moments
from qa.phrases import age, agreement, difference, foreign, said_by, verdict, written
from qa.question import Question
from qa.speakers import speaker

NEAR_ENOUGH: Final = 0.25
"""Nearness of the words that could be the answer to what is asked, from which they are said first."""
COMPARABLE: Final = 0.5
"""Share of the question that each of two sentences must hold for their figures to be of one thing."""
COPIED: Final = 0.6
"""Jaccard of two sentences' stems from which one is a copy of the other."""
SURE: Final = 0.85
"""Share of a yes-or-no question that a sentence must hold to be a yes or a no."""
# "Qui est Koffi Mensah ?" is not answered by a name; "Qui est le ministre ?" is.
_INTRODUCES = re.compile(r"^(?:[Qq]ui|[Ww]ho) (?:est|était|etait|sont|is|was|are) (?:le |la |the )?(?:\w+ )?[A-ZÀ-ÖØ-Þ]")
# "Le Togal" is no person.
_DETERMINED = re.compile(r"(?:L[ae]s?|The|Une?|Des|Ces?|Cette)\s|L['’]")
_ROLE_OF = re.compile(r" (?:du|de|des|d['’]|of) ?", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:ne|n')\s?\w+ (?:pas|plus|jamais|aucun)|\b(?:not|never|n't|no longer)\b|\b(?:refus|dement|rejet|nie|denie)")
_HEDGED = re.compile(
    r"\b\w+(?:rait|raient)\b|\b(?:peut-etre|possible|envisag|pourr|si |menac|esper|souhait|demand|veut|veulent|projet|futur|prevoi)|\b(?:may|might|could|would|plans?|wants?|hopes?|if)\b"
)


@dataclass(frozen=True, kw_only=True)
class _Compared:
    """What is said of the facts of several sources, and the number of the last one it names."""

    said: str
    last: int


def answer_fact(text: str, judged: Judged, passages: Sequence[Hit], today: date) -> Answer:
    """The answer to a question for a fact, from sentences that support one."""
    question = judged.question
    chosen = choose(judged.evidence)
    citations = tuple(cite(number, quote.article, quote.start, quote.end) for number, quote in enumerate(chosen.quotes, start=1))
    evidence = [
        quote.evidence if number == 1 else _telling(question, quote, judged.evidence) for number, quote in enumerate(chosen.quotes, start=1)
    ]
    facts = tuple(fact for number, item in enumerate(evidence, start=1) if (fact := _fact(question, number, item)))
    facts_first = [_lead(question, evidence[0], facts), *[""] * (len(evidence) - 1)]
    leads = tuple(_attributed(lead, quote, question.language) for lead, quote in zip(facts_first, chosen.quotes, strict=True))
    articles = [quote.article for quote in chosen.quotes]
    compared = _compared(question, evidence, facts)
    shown = max(chosen.shown, compared.last if compared else 0)
    first = compared.said if compared else None
    return _answer(
        text, question, articles, citations, passages, today, facts=facts, leads=leads, first=first, further=len(citations) - shown
    )


def answer_timeline(text: str, question: Question, dated: Sequence[Dated], passages: Sequence[Hit], today: date) -> Answer:
    """Dated quotes in order, each after its date: the words of the source, and the date that they mean."""
    citations = _cited([item.seen for item in dated])
    facts = tuple(
        Fact(
            number=number, start=item.seen.sentence.start + item.moment.start, end=item.seen.sentence.start + item.moment.end,
            text=item.seen.sentence.text[item.moment.start : item.moment.end], meant=None if item.moment.stated else item.moment.date,
        )
        for number, item in enumerate(dated, start=1)
    )  # fmt: skip
    leads = tuple(_bold(fact, question.language) for fact in facts)
    articles = [item.seen.sentence.article for item in dated]
    return _answer(text, question, articles, citations, passages, today, facts=facts, leads=leads, shape="timeline")


def answer_digest(text: str, question: Question, chosen: Sequence[Seen], passages: Sequence[Hit], today: date) -> Answer:
    """One quote a source."""
    return _answer(text, question, [item.sentence.article for item in chosen], _cited(chosen), passages, today, shape="digest")


def answer_articles(text: str, question: Question, chosen: Sequence[Seen], passages: Sequence[Hit], today: date) -> Answer:
    """The articles that speak of a subject, each with its title and a quote that does."""
    leads = tuple(f"**{' '.join(item.sentence.article.label.split())}**" for item in chosen)
    articles = [item.sentence.article for item in chosen]
    return _answer(text, question, articles, _cited(chosen), passages, today, leads=leads, shape="articles")


def _answer(
    text: str, question: Question, articles: Sequence[Article], citations: tuple[Citation, ...], passages: Sequence[Hit], today: date, *,
    facts: tuple[Fact, ...] = (), leads: tuple[str, ...] = (), first: str | None = None, shape: Shape = "fact", further: int = 0,
) -> Answer:  # fmt: skip
    shown = len(citations) - further
    old = age([citation.published for citation in citations[:shown]], today, question.language)
    other = foreign([article.language for article in articles[:shown]], question.language)
    notes = tuple(note for note in (first, old, other) if note)
    return Answer(
        question=text, language=question.language, text=compose(citations, question.language, leads, notes, further), answered=True, further=further,
        citations=citations, passages=tuple(passages), shape=shape, facts=facts, leads=leads, notes=notes, understood=question.understood,
    )  # fmt: skip


def _cited(seen: Sequence[Seen]) -> tuple[Citation, ...]:
    spans = [(item.sentence.article, item.sentence.start, item.sentence.end) for item in seen]
    return tuple(cite(number, *span) for number, span in enumerate(spans, start=1))


def _telling(question: Question, quote: Quote, evidence: Sequence[Evidence]) -> Evidence:
    """The sentence of a quote that holds the fact: the best of it, where that tells one, else the next best that does."""
    own = [item for item in evidence if item.sentence.article.id == quote.article.id and quote.start <= item.sentence.start < quote.end]
    return next((item for item in (quote.evidence, *own) if _fact(question, 1, item)), quote.evidence)


def _fact(question: Question, number: int, item: Evidence) -> Fact | None:
    """The words of a sentence that answer by themselves, where they stand near enough to what is asked."""
    span = item.span
    # A sentence that leans on the one before names of what is asked only a part.
    near_enough = NEAR_ENOUGH * (item["covered"] if item.sentence.lead is not None else 1.0)
    if span is None or item["near"] < near_enough or (_INTRODUCES.match(question.text) and not _ROLE_OF.search(question.text)):
        return None
    text = item.sentence.text[span.start : span.end]
    if question.kind in ("who", "person") and _DETERMINED.match(text):
        return None
    told = [moment for moment in moments(item.sentence.text, item.sentence.article.published) if moment.start == span.start]
    meant = told[0].date if question.kind == "when" and told and not told[0].stated else None
    start = item.sentence.start + span.start
    return Fact(number=number, start=start, end=start + len(text), text=text, meant=meant)


def _lead(question: Question, best: Evidence, facts: Sequence[Fact]) -> str:
    """What the answer opens with: the fact in bold, or yes or no, or nothing."""
    if is_closed(question.text):
        said = _verdict(question, best)
        return f"**{verdict(said, question.language)}**" if said is not None else ""
    fact = next((fact for fact in facts if fact.number == 1), None)
    return _bold(fact, question.language) if fact else ""


def _attributed(lead: str, quote: Quote, language: str) -> str:
    """What stands before a quote, with who says it where the quote does not say."""
    who = speaker(quote.article, quote.start, quote.end)
    return " — ".join(part for part in (lead, said_by(who, language, first=not lead) if who else "") if part)


def _bold(fact: Fact, language: str) -> str:
    meant = f" ({written(fact.meant, language)})" if fact.meant else ""
    return f"**{' '.join(fact.text.split())}**{meant}"


def _verdict(question: Question, best: Evidence) -> bool | None:
    """Whether a sentence says yes or no to a question, None where it is not sure: what is wished, planned or denied is neither."""
    text = level(best.sentence.text)
    if best["covered"] < SURE or _HEDGED.search(text) or _DENIED.search(level(question.text)):
        return None
    return not _DENIED.search(text)


def _compared(question: Question, evidence: Sequence[Evidence], facts: Sequence[Fact]) -> _Compared | None:
    """What is said of several sources that give one fact, or different ones for the same thing."""
    by_number = {fact.number: fact for fact in facts}
    told = [(number, item) for number, item in enumerate(evidence, start=1) if number in by_number and item.span]
    for (first, one), (second, other) in combinations(told, 2):
        if not _independent(one, other) or min(_about(one), _about(other)) < COMPARABLE or not _comparable(question, one, other):
            continue
        if _same(one, other):
            return _Compared(said=agreement([first, second], question.language), last=second)
        if question.kind in ("when", "number"):
            said = difference([(by_number[number].text, number) for number in (first, second)], question.language)
            return _Compared(said=said, last=second)
    return None


def _about(item: Evidence) -> float:
    """How much of the question a sentence is about: with what stands beside it, where it leans on that ("Il a coûté...")."""
    return item["beside"] if item.sentence.lead is not None else item["covered"]


def _independent(one: Evidence, other: Evidence) -> bool:
    """Whether two sentences are of two sources, and not an agency's words in both."""
    first, second = one.sentence, other.sentence
    if first.article.id == second.article.id or (first.article.source and first.article.source == second.article.source):
        return False
    return len(first.stems & second.stems) < COPIED * len(first.stems | second.stems)


def _comparable(question: Question, one: Evidence, other: Evidence) -> bool:
    """Whether two figures count the same: "3 ponts" and "5 ponts", not "3 ponts" and "5 millions"."""
    if question.kind != "number":
        return True
    units = [located(item.sentence.text[item.span.start : item.span.end])[-1][0] for item in (one, other) if item.span]
    return len(units) == 2 and units[0] == units[1]


def _same(one: Evidence, other: Evidence) -> bool:
    """Whether two facts are one: the same number or name, or dates of which one is only less precise."""
    if one.span is None or other.span is None:
        return False
    first, second = sorted((one.span.value, other.span.value), key=len)
    return second == first or (bool(re.match(r"\d{4}", first)) and second.startswith(f"{first}-"))
