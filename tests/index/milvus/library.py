"""A small collection of articles made of a few words, and what publishing it takes."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np

from index.article import Article, Entry, article_id
from index.milvus.engine import Engine
from index.milvus.place import parse_place
from index.milvus.store import MilvusStore
from index.serving import Changes, Known, Seen
from index.source import make_entry
from tests.fakes import HashEmbedder

_WHO = ("Le ministre Sahabi", "La présidente Aïssa", "Le général Tiani", "L'ambassadeur Moussa", "Le porte-parole Djibo")
_DOES = (
    "signe un accord",
    "inaugure une raffinerie",
    "visite le marché",
    "annonce une réforme",
    "reçoit une délégation",
    "ferme la frontière",
)
_OF = ("avec la Chine", "à Agadez", "sur le pétrole", "de la santé", "avec la Turquie", "pour les éleveurs", "contre la sécheresse")
_MORE = ("Les habitants attendent des précisions", "Le chantier dure deux ans", "La récolte de mil est bonne", "Le fleuve monte encore")


def small() -> HashEmbedder:
    """A model of few numbers."""
    return HashEmbedder(dimension=64)


def text_of(number: int) -> str:
    """Some sentences, other ones for each number."""
    random = np.random.default_rng(number)
    sentences = []
    for _ in range(int(random.integers(2, 14))):
        who, does, of, more = (parts[int(random.integers(len(parts)))] for parts in (_WHO, _DOES, _OF, _MORE))
        sentences.append(f"{who} {does} {of} en {int(random.integers(1990, 2030))}. {more}, selon la source {int(random.integers(100))}.")
    return " ".join(sentences)


def entry(number: int, text: str | None = None, **about: str | None) -> Entry:
    """An article read from a file of its own."""
    told = {
        "title": f"Dépêche {number} {_OF[number % 7]}",
        "source": f"site{number % 3}.example",
        "published": f"20{10 + number % 15}-0{1 + number % 9}",
    }
    body = text_of(number) if text is None else text
    location = f"/press/{number}.txt"
    article = Article(
        id=article_id(location), text=body, path=f"press/{number}.txt", digest=str(hash(body)), language="fr", **(told | about)
    )
    return make_entry(article, location)


def entries(numbers: Sequence[int]) -> list[Entry]:
    """Several articles."""
    return [entry(number) for number in numbers]


def lite(folder: Path) -> Engine:
    """An engine of Milvus Lite in a folder."""
    return Engine(parse_place(f"milvus-lite:{folder / 'index.db'}"))


def store(engine: Engine, writer: str = "first", embedder: HashEmbedder | None = None, *, full: bool = False) -> MilvusStore:
    """The rows of a writer; what is embedded is embedded anew."""
    model = embedder or small()
    return MilvusStore(engine, model, writer, model.encode_documents, full=full)


def publish(kept: MilvusStore, fresh: Sequence[Entry], gone: Sequence[Entry] = (), changed: Sequence[Entry] = ()) -> int:
    """Publish articles that came, changed or went."""
    known = {item.location: item for item in kept.held().articles()}
    removed: list[Known] = [known[item.location] for item in chain(gone, changed)]
    sources: dict[str, Seen | None] = {item.location: Seen(item.article.path, item.article.digest) for item in chain(fresh, changed)}
    sources |= dict.fromkeys((item.location for item in gone), None)
    ordered = sorted(chain(fresh, changed), key=lambda item: item.location)
    made: Callable[[], Iterator[Entry]] = lambda: iter(ordered)  # noqa: E731
    return kept.publish(Changes(entries=made, count=len(ordered), removed=removed, sources=sources))
