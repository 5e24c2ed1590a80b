"""What is written to Milvus Lite, and that nothing of it is lost."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from index.article import Entry
from index.build import passage_terms
from index.errors import StaleIndex, StoreError
from index.milvus.engine import Engine, Row
from index.milvus.place import parse_place
from index.milvus.serve import Connection, MilvusGeneration
from index.milvus.tally import DRIFT
from tests.fakes import HashEmbedder
from tests.halves import lexical_of, vectors_of
from tests.index.milvus.library import entries, entry, lite, publish, small, store

QUESTIONS = ("accord Chine", "raffinerie Agadez", "petrol", "minist Sahabi", "fronti ferm", "recolt mil", "source", "eleveur secheress")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = lite(tmp_path)
    yield opened
    opened.close()


def opened(engine: Engine) -> MilvusGeneration:
    return Connection(engine).open()


def rows_of(held: Sequence[Entry]) -> list[int]:
    """The rows of all passages, ascending, as both halves count them."""
    ordered = sorted(held, key=lambda item: item.article.id)
    return [(int(item.article.id, 16) << 15) + place for item in ordered for place in range(len(item.spans))]


def check_same(engine: Engine, held: Sequence[Entry], drift: float = 1e-5, embedder: HashEmbedder | None = None) -> None:
    """That an index holds these articles and no others, and finds what one on this disk finds."""
    generation = opened(engine)
    assert generation.verify() == []
    assert generation.manifest.articles == len(held)
    assert {article.id: article for article in generation.articles()} == {item.article.id: item.article for item in held}
    ordered = sorted(held, key=lambda item: item.article.id)
    terms = [counted for item in ordered for counted in passage_terms(item.article, item.spans)]
    texts = [item.article.text[start:end] for item in ordered for start, end in item.spans]
    numbers = np.array(rows_of(held))
    assert [passage.text for passage in generation.passages(numbers.tolist())] == texts
    words = sorted({term for counted in terms for term in counted})
    here = lexical_of(terms)
    assert generation.lexical.frequencies(words) == {word: here.frequency(word) for word in words}
    for question in QUESTIONS:
        weights = dict.fromkeys(question.lower().split(), 1.0)
        scores, rows = generation.lexical.search(weights, 10)
        expected, places = here.search(weights, 10)
        if drift < 0.001:
            assert rows.tolist() == numbers[places].tolist()
        np.testing.assert_allclose(scores, expected, rtol=drift)
        np.testing.assert_allclose(generation.lexical.at(weights, numbers), here.scores(weights), rtol=drift, atol=1e-6)
    # Titles come before the text of each passage when it is embedded.
    model = embedder or small()
    vectors = model.encode_documents([f"{item.article.title}\n{item.article.text[a:b]}" for item in ordered for a, b in item.spans])
    dense = vectors_of(vectors)
    np.testing.assert_allclose(generation.vectors.rows(numbers), vectors, atol=1e-6)
    for question in QUESTIONS:
        query = model.encode_query(question)
        scores, rows = generation.vectors.search(query, 10)
        expected, places = dense.search(query, 10)
        np.testing.assert_allclose(scores, expected, atol=1e-6)
        assert rows.tolist() == numbers[places].tolist()


def test_it_finds_what_an_index_on_disk_finds(engine: Engine) -> None:
    held = entries(range(40))
    passages = sum(len(item.spans) for item in held)
    assert publish(store(engine), held) == passages
    check_same(engine, held)
    model = small()
    ordered = sorted(held, key=lambda item: item.article.id)
    vectors = model.encode_documents([f"{item.article.title}\n{item.article.text[a:b]}" for item in ordered for a, b in item.spans])
    query = model.encode_query("la raffinerie d'Agadez")
    # All vectors went into what whitens questions, so it is the same one.
    np.testing.assert_allclose(opened(engine).vectors.question(query), vectors_of(vectors).question(query), atol=1e-5)


def test_adding_changing_and_removing_one_article(engine: Engine) -> None:
    held = entries(range(30))
    publish(store(engine), held)
    new = entry(30)
    assert publish(store(engine), [new]) == len(new.spans)
    check_same(engine, [*held, new], DRIFT)
    # Shorter than before, so that passages of the old text must go.
    other = entry(7, "La frontière de l'ouest rouvre. Les éleveurs passent.")
    assert len(held[7].spans) > len(other.spans)
    publish(store(engine), [], changed=[other])
    check_same(engine, [*held[:7], other, *held[8:], new], DRIFT)
    publish(store(engine), [], gone=[held[0], new])
    check_same(engine, [*held[1:7], other, *held[8:]], DRIFT)
    publish(store(engine), [held[0]])
    check_same(engine, [*held[:7], other, *held[8:]], DRIFT)


def test_weights_follow_the_average_length(engine: Engine) -> None:
    short = [entry(number, f"Brève numéro {number} sur le mil.") for number in range(20)]
    publish(store(engine), short)
    long = entries(range(20, 40))
    publish(store(engine), long)
    check_same(engine, [*short, *long])


def test_full_leaves_nothing_of_before(engine: Engine) -> None:
    publish(store(engine), entries(range(10)))
    held = entries(range(5, 12))
    assert list(store(engine, full=True).held().articles()) == []
    publish(store(engine, full=True), held)
    check_same(engine, held)


def test_what_is_held_is_known_to_the_next_build(engine: Engine) -> None:
    held = entries(range(3))
    publish(store(engine), held)
    known = store(engine).held()
    assert sorted(known.articles(), key=lambda item: item.location) == [
        (item.article.id, item.location, item.source, item.article.path, item.article.digest) for item in held
    ]
    assert {place: seen.digest for place, seen in known.sources().items()} == {item.location: item.article.digest for item in held}
    assert [item.location for item in known.of(held[1].source)] == [held[1].location]
    assert known.article(held[2].location) == held[2].article
    assert known.article("/press/none") is None


class Dying(Engine):
    """An engine of a process that is killed before its `last` write."""

    def __init__(self, folder: Path, last: int) -> None:
        super().__init__(parse_place(f"milvus-lite:{folder / 'index.db'}"))
        self.last = last

    def upsert(self, name: str, rows: Sequence[Row]) -> None:
        self._live()
        super().upsert(name, rows)

    def delete(self, name: str, condition: str) -> None:
        self._live()
        super().delete(name, condition)

    def _live(self) -> None:
        self.last -= 1
        if self.last < 0:
            raise KeyboardInterrupt


def test_a_build_stopped_at_any_write_is_made_good_by_the_next(tmp_path: Path) -> None:
    before = [entry(number, f"Brève numéro {number}. Le fleuve monte.") for number in range(3)]
    changed, new = entry(1, "Le texte a changé. La frontière rouvre."), entry(9, "La récolte de mil est bonne cette année.")
    model = HashEmbedder(dimension=16)
    engine = lite(tmp_path / "whole")
    publish(store(engine, embedder=model), before)
    engine.close()
    points = 0
    for last in range(100):
        folder = tmp_path / str(last)
        copytree(tmp_path / "whole", folder)
        dying = Dying(folder, last)
        try:
            publish(store(dying, embedder=model), [new], gone=[before[2]], changed=[changed])
        except KeyboardInterrupt:
            points += 1
        else:
            dying.close()
            break
        dying.close()
        engine = lite(folder)
        kept = store(engine, embedder=model)
        there = {known.location: known for known in kept.held().articles()}
        sources = kept.held().sources()
        # What the next plan does: it reads again what it does not know as it is, and goes on.
        assert all(item.location in there or item.location not in sources for item in before[:2])
        publish(
            kept, [item for item in (before[0], changed, new) if item.location not in there],
            gone=[item for item in before[2:] if item.location in there],
            changed=[changed] if changed.location in there and there[changed.location].digest != changed.article.digest else [],
        )  # fmt: skip
        check_same(engine, [before[0], changed, new], DRIFT, model)
        engine.close()
    assert points >= 10


def test_two_writers_leave_each_others_articles(engine: Engine) -> None:
    one, two = store(engine, "one"), store(engine, "two")
    ours, theirs = entries(range(0, 10)), entries(range(10, 20))
    publish(one, ours)
    publish(two, theirs)
    assert len(list(one.held().articles())) == len(list(two.held().articles())) == 10
    check_same(engine, [*ours, *theirs], DRIFT)
    publish(store(engine, "two", full=True), theirs[:5])
    check_same(engine, [*ours, *theirs[:5]], DRIFT)


def test_another_model_is_refused_beside_other_writers_and_taken_alone(engine: Engine) -> None:
    publish(store(engine), entries(range(2)))
    with pytest.raises(StaleIndex, match="made with another fingerprint and dimension; rebuild with: griot index --full"):
        store(engine, embedder=HashEmbedder("other", 32))
    publish(store(engine, "second"), entries(range(2, 4)))
    with pytest.raises(StaleIndex, match="use another collection, or the same model: --model hash"):
        store(engine, embedder=HashEmbedder("other", 32), full=True)


def test_alone_a_writer_may_change_the_model(engine: Engine) -> None:
    publish(store(engine), entries(range(2)))
    publish(store(engine, embedder=HashEmbedder("other", 32), full=True), entries(range(3)))
    assert opened(engine).manifest.fingerprint == "other-32"
    assert opened(engine).verify() == []


def test_copies_are_found_among_what_is_there(engine: Engine) -> None:
    agency = entry(50, published="2024-03-02", title="La dépêche")
    publish(store(engine), [*entries(range(5)), agency])
    copied = entry(51, f"NIAMEY (Agence). {agency.article.text}", published="2024-03-03", title="Reprise de la dépêche")
    kept = store(engine)
    publish(kept, [copied])
    generation = opened(engine)
    assert [item.id for item in generation.copies(agency.article.id)] == [copied.article.id]
    assert generation.facts.without_copies is not None
    found = {item.id: item.copy for item in generation.listing()}
    assert (found[copied.article.id], found[agency.article.id]) == (True, False)
    # With the original gone, the copy stands for itself.
    publish(store(engine), [], gone=[agency])
    generation = opened(engine)
    assert generation.copies(copied.article.id) == []
    assert generation.facts.without_copies is None
    # Published earlier than what is there, an article takes the place of the original.
    first = entry(52, f"{agency.article.text} (fin)", published="2024-03-01", title="La première")
    publish(store(engine), [first])
    generation = opened(engine)
    assert {item.id: item.copy for item in generation.listing()}[copied.article.id]
    assert [item.id for item in generation.copies(copied.article.id)] == [first.article.id]


class Old(Engine):
    """A server without sparse vectors."""

    @property
    def sparse(self) -> bool:
        return False


def test_a_server_without_sparse_vectors_is_refused(tmp_path: Path) -> None:
    old = Old(parse_place(f"milvus-lite:{tmp_path / 'old.db'}"))
    with pytest.raises(StoreError, match=r"has no sparse vectors.*use 2\.4 or later.*\?dense"):
        store(old)
    old.close()


def test_vectors_alone_find_passages_and_words_order_them(tmp_path: Path) -> None:
    old = Old(parse_place(f"milvus-lite:{tmp_path / 'old.db'}?dense"))
    held = entries(range(10))
    kept = store(old)
    publish(kept, held)
    generation = opened(old)
    assert generation.verify() == []
    assert len(generation.lexical.search({"accord": 1.0}, 5)[1]) == 0
    ordered = sorted(held, key=lambda item: item.article.id)
    here = lexical_of([counted for item in ordered for counted in passage_terms(item.article, item.spans)])
    np.testing.assert_allclose(generation.lexical.at({"accord": 1.0}, np.array(rows_of(held))), here.scores({"accord": 1.0}), rtol=1e-5)
    old.close()
