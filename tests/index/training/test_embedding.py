"""A model trained in seconds on a few sentences: the same method as the bundled one, which these tests do not need."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.errors import CollectionError, ModelError
from index.static import StaticEmbedder
from index.training.batches import MIX, Batches
from index.training.corpus import Corpus, Document, Leaks, passages, read_corpus, rows
from index.training.embedding import export
from index.training.loop import Options, train
from index.training.queries import Questioner
from index.training.teacher import starting_vectors
from index.training.vocabulary import Vocabulary, build_vocabulary

THINGS = {"pont": "bridge", "fleuve": "river", "marché": "market", "école": "school", "récolte": "harvest", "route": "road"}
PLACES = ("Zinder", "Agadez", "Cotonou", "Lomé", "Bamako", "Niamey", "Dosso", "Maradi", "Tahoua", "Diffa")
OPTIONS = Options(rows=700, pieces=60, dimension=24, steps=60, batch=40, rate=0.02)


def corpus() -> Corpus:
    documents = [
        Document(
            title=f"Le {thing} de {place}", heading=f"À {place}, les habitants parlent du {thing} depuis des mois.",
            passages=passages(f"Le {thing} de {place} inquiète. Les habitants demandent des travaux. Un accord est attendu à {place}."),
        )
        for thing in THINGS for place in PLACES
    ]  # fmt: skip
    pairs = [
        (f"Où est le {thing} ?", f"Le {thing}", f"Le {thing} se trouve à {place}, dit-on.")
        for thing, place in zip(THINGS, PLACES, strict=False)
    ]
    parallel = [(f"The {english} of {place}.", f"Le {french} de {place}.") for french, english in THINGS.items() for place in PLACES]
    return Corpus(documents=tuple(documents), pairs=tuple(pairs), parallel=tuple(parallel), dropped=0)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return build_vocabulary(corpus(), ["bridges", "harvest"], OPTIONS.rows, OPTIONS.pieces)


def trained(vocabulary: Vocabulary, draft: Path, options: Options = OPTIONS) -> np.ndarray:
    batches = Batches(corpus(), vocabulary, options.seed, options.batch)
    start = np.random.default_rng(0).standard_normal((vocabulary.rows, options.dimension)).astype(np.float32)
    return train(batches, start, options, draft)


def test_texts_of_an_evaluation_are_left_out(tmp_path: Path) -> None:
    gold = "Le conseil des ministres a adopté hier soir à Niamey un projet de loi sur la protection des puits du nord du pays."
    (tmp_path / "corpus.jsonl").write_text(
        f'{{"_id": "g", "title": "", "text": "{gold}"}}\n{{"_id": "d", "title": "", "text": "Autre."}}\n'
    )
    (tmp_path / "queries.jsonl").write_text('{"_id": "q", "text": "Qui a adopté le projet de loi sur les puits ?"}\n')
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\tg\t1\n")
    leaks = Leaks([tmp_path])
    assert leaks.passage(gold)
    assert leaks.passage("Selon nos informations, " + gold.replace("hier soir", "mardi"))
    assert not leaks.passage("Autre.")
    assert not leaks.passage("Le conseil des ministres s'est tenu à Niamey. On y a parlé de la rentrée des classes et des examens.")
    assert leaks.question("QUI a adopté le projet de loi sur les puits")
    assert not leaks.question("Qui a adopté le budget ?")
    articles = tmp_path / "articles.jsonl"
    articles.write_text(
        f'{{"title": "Un", "text": "{gold}"}}\n{{"title": "Deux", "text": "Il pleut sur la ville. Les rues sont vides."}}\n'
    )
    found = read_corpus([articles], [], [], leaks)
    assert ([document.title for document in found.documents], found.dropped) == (["Deux"], 1)


@pytest.mark.parametrize("content", ["{", "[1]"])
def test_a_bad_line_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.jsonl").write_text(content)
    with pytest.raises(CollectionError, match=r"a\.jsonl"):
        list(rows(tmp_path / "a.jsonl"))


@pytest.mark.parametrize(
    "spelt",
    ["L'ACCORD signé", "l’accord signé", "l'accord SIGNE", "L' accord, signé !"],
    ids=["capitals", "apostrophe", "accents", "marks"],
)
def test_spelling_does_not_matter(vocabulary: Vocabulary, spelt: str) -> None:
    expected = vocabulary.encode(["l'accord signé"])[0].tolist()
    assert vocabulary.encode([spelt])[0].tolist() == expected


def test_words_of_one_stem_share_a_row_and_acronyms_lose_their_points(vocabulary: Vocabulary) -> None:
    bridge, bridges = vocabulary.encode(["bridge", "bridges"])
    assert bridge.tolist() == bridges.tolist()
    assert vocabulary.tokenizer.encode("A.E.S.").tokens == vocabulary.tokenizer.encode("AES").tokens
    # A word never seen is spelt in pieces, none of them unknown.
    assert "[UNK]" not in vocabulary.tokenizer.encode("Xylophonie").tokens


def test_a_made_question_keeps_words_in_their_order() -> None:
    questioner = Questioner(["Le gouverneur de Zinder a inauguré le pont.", "Le pont de Zinder.", "Il pleut."])
    sentence = "Le gouverneur de Zinder a inauguré le pont."
    for seed in range(30):
        words = (questioner.ask(sentence, random.Random(seed)) or "").split()
        kept = [word for word in words if word in ("gouverneur", "Zinder", "inauguré", "pont")]
        assert len(kept) >= 2
        assert kept == sorted(kept, key=sentence.index)
    assert questioner.ask("Il y a.", random.Random(0)) is None


def test_an_english_question_is_put_word_by_word() -> None:
    questioner = Questioner(["Le ministre signe un accord avec la Hongrie."] * 3)
    asked = {questioner.ask("accord ministre Hongrie", random.Random(seed), english=True) for seed in range(40)}
    words = {word for question in asked for word in str(question).split()}
    assert {"agreement", "minister", "hungary"} & {word.lower() for word in words}


def test_a_name_is_replaced_in_question_and_passage(vocabulary: Vocabulary) -> None:
    questioner = Questioner(["Le pont de Zinder.", "Le pont.", "Le pont.", "Le pont."])
    passage = vocabulary.encode(["Le pont de Zinder inquiète Zinder."])[0]
    question, changed = questioner.renamed("pont Zinder", passage, vocabulary, random.Random(1))
    assert question == "pont zinder"  # the only rare name there is
    assert changed.tolist() == passage.tolist()


def test_a_batch_depends_on_its_number_alone(vocabulary: Vocabulary) -> None:
    one, two = (Batches(corpus(), vocabulary, 1, 16) for _ in range(2))
    for step in (5, 3, 5):
        kind, pairs = one.draw(step)
        assert kind in MIX
        again, same = two.draw(step)
        assert kind == again
        assert [[rows.tolist() for rows in side] for side in pairs] == [[rows.tolist() for rows in side] for side in same]


def test_training_learns_is_repeatable_and_goes_on_where_it_stopped(vocabulary: Vocabulary, tmp_path: Path) -> None:
    table = trained(vocabulary, tmp_path / "draft")
    assert np.array_equal(table, trained(vocabulary, tmp_path / "draft"))
    assert not (tmp_path / "draft").exists()

    class StopError(Exception):
        pass

    class Stopping(Batches):
        def draw(self, step: int):  # type: ignore[no-untyped-def]
            if step == 300:
                raise StopError
            return super().draw(step)

    longer = replace(OPTIONS, steps=320)
    whole = trained(vocabulary, tmp_path / "whole", longer)
    start = np.random.default_rng(0).standard_normal((vocabulary.rows, longer.dimension)).astype(np.float32)
    with pytest.raises(StopError):
        train(Stopping(corpus(), vocabulary, longer.seed, longer.batch), start, longer, tmp_path / "draft")
    assert np.array_equal(whole, trained(vocabulary, tmp_path / "draft", longer))


def test_the_model_loads_in_both_programs_alike(vocabulary: Vocabulary, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    table = trained(vocabulary, tmp_path / "draft", replace(OPTIONS, steps=200))
    export(vocabulary, table, tmp_path / "model", "# Card\n")
    texts = ["Le pont de Zinder", "the bridge", "école", "مدرسة", "Xylophonie à Lomé 😀"]
    ours = StaticEmbedder(tmp_path / "model").encode_documents(texts)
    theirs = SentenceTransformer(str(tmp_path / "model"), device="cpu").encode(texts).astype(np.float32)
    np.testing.assert_allclose(ours, theirs / np.linalg.norm(theirs, axis=1, keepdims=True).clip(1e-9), atol=2e-3)
    # What parallel lines say alike lies closer than what they do not.
    bridge, pont, road = StaticEmbedder(tmp_path / "model").directions(["bridge", "pont", "route"])
    assert bridge @ pont > bridge @ road + 0.2


def test_a_model_too_large_is_refused(vocabulary: Vocabulary, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="lower --rows or --dimension"):
        export(vocabulary, np.ones((vocabulary.rows, 90_000), np.float32), tmp_path / "model", "")
    assert not (tmp_path / "model").exists()


def test_french_words_start_at_their_english_ones(vocabulary: Vocabulary) -> None:
    batches = Batches(corpus(), vocabulary, 1, 8)
    found = starting_vectors(
        corpus(), vocabulary, ["bridge", "river", "market", "school", "road"], batches.counts(), 8, np.random.default_rng(0)
    )
    assert found.shape == (vocabulary.rows, 8)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    bridge, pont, marche = (found[vocabulary.encode([word])[0][0]] for word in ("bridge", "pont", "marché"))
    assert bridge @ pont > bridge @ marche
