"""A model trained in seconds on a few sentences: the same method as the bundled one, which these tests do not need."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.digest import altered
from index.errors import CollectionError, ModelError
from index.static import StaticEmbedder, is_static
from index.training.batches import MIX, Batches
from index.training.card import table
from index.training.corpus import Corpus, Document
from index.training.embedding import export, main
from index.training.loop import Options, train
from index.training.teacher import starting_vectors
from index.training.vocabulary import Vocabulary, build_vocabulary
from index.vectors import FloatMatrix
from tests.index.training.sample import corpus

OPTIONS = Options(rows=700, pieces=60, dimension=24, steps=30, batch=16, rate=0.02)
# Beyond the first look at where the articles lie.
LONGER = replace(OPTIONS, steps=160)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return build_vocabulary(corpus(), ["bridges", "harvest"], OPTIONS.rows, OPTIONS.pieces)


class Losses(list[float]):
    """The loss of each step, as training tells it."""

    def __call__(self, step: int, kind: str, loss: float) -> None:
        self.append(loss)


class StopError(Exception):
    pass


def start(vocabulary: Vocabulary) -> FloatMatrix:
    return np.random.default_rng(0).standard_normal((vocabulary.rows, OPTIONS.dimension)).astype(np.float32)


def trained(vocabulary: Vocabulary, draft: Path, options: Options = OPTIONS, losses: Losses | None = None) -> FloatMatrix:
    batches = Batches(corpus(), vocabulary, options.seed, options.batch)
    return train(batches, start(vocabulary), options, draft, saved=155, tell=Losses() if losses is None else losses)


def stopped(vocabulary: Vocabulary, draft: Path, at: int) -> None:
    """A training that is interrupted after step `at`."""

    def stop(step: int, kind: str, loss: float) -> None:
        if step == at:
            raise StopError

    with pytest.raises(StopError):
        train(Batches(corpus(), vocabulary, LONGER.seed, LONGER.batch), start(vocabulary), LONGER, draft, saved=155, tell=stop)


@pytest.fixture(scope="module")
def whole(vocabulary: Vocabulary, tmp_path_factory: pytest.TempPathFactory) -> tuple[FloatMatrix, Losses]:
    losses = Losses()
    return trained(vocabulary, tmp_path_factory.mktemp("whole"), LONGER, losses), losses


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


def test_a_batch_depends_on_its_number_alone(vocabulary: Vocabulary) -> None:
    one, two = (Batches(corpus(), vocabulary, 1, 16) for _ in range(2))
    for step in (5, 3, 5):
        kind, pairs = one.draw(step)
        assert kind in MIX
        again, same = two.draw(step)
        assert kind == again
        assert [[rows.tolist() for rows in side] for side in pairs] == [[rows.tolist() for rows in side] for side in same]


def test_a_corpus_of_single_words_is_refused(vocabulary: Vocabulary) -> None:
    short = Corpus(documents=(Document(title="", heading="", passages=(("Oui.",),)),), pairs=(), parallel=(), dropped=0)
    with pytest.raises(CollectionError, match="no question can be made"):
        Batches(short, vocabulary, 1, 8).draw(0)


def test_the_loss_falls(whole: tuple[FloatMatrix, Losses]) -> None:
    losses = whole[1]
    assert len(losses) == LONGER.steps
    assert np.mean(losses[-30:]) < 0.6 * np.mean(losses[:30])


def test_the_same_seed_gives_the_same_files_and_another_does_not(vocabulary: Vocabulary, tmp_path: Path) -> None:
    for name, options in (("one", OPTIONS), ("two", OPTIONS), ("other", replace(OPTIONS, seed=2))):
        again = build_vocabulary(corpus(), ["bridges", "harvest"], options.rows, options.pieces)
        export(again, trained(again, tmp_path / f"{name}.draft", options), tmp_path / name, "# Card\n")
    one, two, other = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two", "other"))
    assert one == two
    assert {name for name in one if one[name] != other[name]} == {"model.safetensors"}


def test_an_interrupted_training_goes_on_where_it_stopped(
    vocabulary: Vocabulary, whole: tuple[FloatMatrix, Losses], tmp_path: Path
) -> None:
    stopped(vocabulary, tmp_path, at=158)
    losses = Losses()
    assert np.array_equal(trained(vocabulary, tmp_path, LONGER, losses), whole[0])
    assert losses == whole[1][155:]
    # Finished but not yet exported, it is not trained again.
    assert np.array_equal(trained(vocabulary, tmp_path, LONGER, losses := Losses()), whole[0])
    assert losses == []


@pytest.mark.parametrize("other", ["options", "data", "damage"])
def test_progress_of_another_training_is_not_gone_on_from(vocabulary: Vocabulary, tmp_path: Path, other: str) -> None:
    trained(vocabulary, tmp_path, OPTIONS)
    data, options, losses = corpus(), OPTIONS, Losses()
    if other == "options":
        options = replace(OPTIONS, temperature=0.07)
    elif other == "data":
        data = replace(data, pairs=data.pairs[1:])
    else:
        (tmp_path / "progress.safetensors").write_bytes(b"cut")
    train(Batches(data, vocabulary, options.seed, options.batch), start(vocabulary), options, tmp_path, tell=losses)
    assert len(losses) == options.steps


def test_the_model_loads_in_both_programs_alike(vocabulary: Vocabulary, whole: tuple[FloatMatrix, Losses], tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    folder = tmp_path / "model"
    export(vocabulary, whole[0], folder, "# Card\n")
    assert is_static(folder)
    assert altered(folder) == []
    texts = ["Le pont de Zinder", "the bridge", "école", "مدرسة", "Xylophonie à Lomé 😀"]
    ours = StaticEmbedder(folder).encode_documents(texts)
    theirs = SentenceTransformer(str(folder), device="cpu").encode(texts).astype(np.float32)
    assert not theirs[3].any()
    # Theirs are summed in float16.
    np.testing.assert_allclose(ours, theirs / np.linalg.norm(theirs, axis=1, keepdims=True).clip(1e-9), atol=2e-3)
    # What parallel lines say alike lies closer than what they do not.
    bridge, pont, road = StaticEmbedder(folder).directions(["bridge", "pont", "route"])
    assert bridge @ pont > bridge @ road + 0.2


def test_a_model_is_replaced_as_a_whole_and_nothing_else_is(vocabulary: Vocabulary, tmp_path: Path) -> None:
    export(vocabulary, start(vocabulary), tmp_path / "model", "")
    (tmp_path / "model" / "more.json").write_text("{}")
    export(vocabulary, start(vocabulary), tmp_path / "model", "")
    assert not (tmp_path / "model" / "more.json").exists()
    (tmp_path / "letters").mkdir()
    with pytest.raises(ModelError, match="holds no model, so it is not replaced"):
        export(vocabulary, start(vocabulary), tmp_path / "letters", "")
    assert {path.name for path in tmp_path.iterdir()} == {"model", "model.sha256", "letters"}


def test_a_model_too_large_is_refused(vocabulary: Vocabulary, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="lower --rows or --dimension"):
        export(vocabulary, np.ones((vocabulary.rows, 90_000), np.float32), tmp_path / "model", "")
    assert not (tmp_path / "model").exists()


def test_rows_must_leave_room_for_words() -> None:
    with pytest.raises(ModelError, match="--rows 100 leaves no room for words beside 60 pieces"):
        build_vocabulary(corpus(), [], 100, 60)


def test_the_card_tells_what_was_measured(tmp_path: Path) -> None:
    figures = [{"name": name, "questions": 1_604, "dense": {"ndcg@10": 0.63561}} for name in ("piaf", "afriqa")]
    (tmp_path / "figures.json").write_text(json.dumps(figures))
    assert table(tmp_path / "figures.json").splitlines()[2:] == [f"| {name}, 1,604 questions | 0.636 |" for name in ("piaf", "afriqa")]
    (tmp_path / "figures.json").write_text(json.dumps(figures[0]))
    assert table(tmp_path / "figures.json").splitlines()[2:] == ["| piaf, 1,604 questions | 0.636 |"]
    (tmp_path / "figures.json").write_text('{"name": "piaf"}')
    with pytest.raises(CollectionError, match=r"figures\.json holds no figures"):
        table(tmp_path / "figures.json")


def test_the_command_says_what_is_wrong_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"^griot: .*missing\.jsonl cannot be read .*$"):
        main(["--articles", str(tmp_path / "missing.jsonl"), "--out", str(tmp_path / "model")])


def test_french_words_start_at_their_english_ones(vocabulary: Vocabulary) -> None:
    batches = Batches(corpus(), vocabulary, 1, 8)
    found = starting_vectors(
        corpus(), vocabulary, ["bridge", "river", "market", "school", "road"], batches.counts(), 8, np.random.default_rng(0)
    )
    assert found.shape == (vocabulary.rows, 8)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    bridge, pont, marche = (found[vocabulary.encode([word])[0][0]] for word in ("bridge", "pont", "marché"))
    assert bridge @ pont > bridge @ marche
