"""What is written before questions and passages: as declared, else as the model's card says."""

import json
from pathlib import Path

import pytest

from index.errors import ModelError
from index.prompts import FAMILIES, Prompts, family_prompts, prompts_of

E5 = Prompts(query="query: ", document="passage: ")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("intfloat/multilingual-e5-small", E5),
        ("intfloat/multilingual-e5-large", E5),
        ("intfloat/e5-base", E5),
        ("intfloat/e5-large-v2", E5),
        ("intfloat/E5-Large-v2", E5),
        ("multilingual-e5-base", E5),
        ("BAAI/bge-small-en-v1.5", Prompts(query="Represent this sentence for searching relevant passages: ")),
        ("BAAI/bge-base-en", Prompts(query="Represent this sentence for searching relevant passages: ")),
        ("nomic-ai/nomic-embed-text-v1.5", Prompts(query="search_query: ", document="search_document: ")),
        ("OrdalieTech/Solon-embeddings-large-0.1", Prompts(query="query : ")),
        ("BAAI/bge-m3", None),
        ("BAAI/bge-small-en-v1x5", None),
        ("someone/multilingual-e5-base", None),
        ("intfloat/e5-mistral-7b-instruct", None),
        ("thenlper/gte-large", None),
        ("bundled", None),
        ("", None),
    ],
)
def test_families_are_known_by_their_name(name: str, expected: Prompts | None) -> None:
    assert family_prompts(name) == expected


def test_an_instructed_model_has_its_own_prompt() -> None:
    prompts = family_prompts("intfloat/multilingual-e5-large-instruct")
    assert prompts is not None
    assert (prompts.query.startswith("Instruct: "), prompts.query.endswith("\nQuery: "), prompts.document) == (True, True, "")


def test_every_family_has_its_source() -> None:
    assert all(family.source.startswith(f"https://huggingface.co/{family.owner}/") for family in FAMILIES)


def model(folder: Path, prompts: object = None, configuration: object = None, card: str | None = None) -> Path:
    if prompts is not None:
        (folder / "config_sentence_transformers.json").write_text(json.dumps({"prompts": prompts}))
    if configuration is not None:
        (folder / "config.json").write_text(json.dumps(configuration))
    if card is not None:
        (folder / "README.md").write_text(card)
    return folder


CARD = "---\ntags:\n- mteb\nmodel-index:\n- name: multilingual-e5-base\n  results: []\nlicense: mit\n---\n# Multilingual E5\n"


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        pytest.param({"query": "q: ", "document": "d: "}, Prompts(query="q: ", document="d: "), id="both"),
        # sentence-transformers 6.2 would use its own empty "document" here.
        pytest.param({"query": "q: ", "passage": "p: "}, Prompts(query="q: ", document="p: "), id="passage"),
        pytest.param({"query": "q: ", "document": "", "corpus": "c: "}, Prompts(query="q: ", document="c: "), id="corpus"),
        pytest.param({"query": "q: "}, Prompts(query="q: "), id="query_alone"),
        pytest.param({"classification": "c: "}, Prompts(), id="other_tasks"),
        # As sentence-transformers saves every model that has none.
        pytest.param({"query": "", "document": ""}, E5, id="empty"),
        pytest.param({}, E5, id="none"),
        pytest.param({"query": None}, E5, id="null"),
        pytest.param([], E5, id="no_object"),
        pytest.param(None, E5, id="no_file"),
    ],
)
def test_declared_prompts_come_first(tmp_path: Path, declared: object, expected: Prompts) -> None:
    assert prompts_of(model(tmp_path, declared), "intfloat/multilingual-e5-base") == expected


@pytest.mark.parametrize(
    ("configuration", "card", "expected"),
    [
        pytest.param(None, CARD, E5, id="card"),
        pytest.param({"_name_or_path": "intfloat/multilingual-e5-small"}, None, E5, id="configuration"),
        pytest.param({"_name_or_path": "intfloat/multilingual-e5-small"}, "# No head\n", E5, id="card_without_head"),
        pytest.param({"_name_or_path": "/models/e5"}, None, Prompts(), id="a_path"),
        pytest.param({"_name_or_path": 3}, None, Prompts(), id="a_number"),
        pytest.param({}, "model-index:\n- name: multilingual-e5-base\n", Prompts(), id="outside_the_head"),
        # Trained further by someone: perhaps without the prompts.
        pytest.param({"_name_or_path": "intfloat/e5-base"}, "---\nbase_model: intfloat/e5-base\n---\n", Prompts(), id="trained_further"),
        pytest.param(None, None, Prompts(), id="nothing"),
    ],
)
def test_a_local_folder_is_known_by_what_its_files_say(tmp_path: Path, configuration: object, card: str | None, expected: Prompts) -> None:
    assert prompts_of(model(tmp_path, configuration=configuration, card=card), str(tmp_path)) == expected


def test_only_prompts_that_are_there_mark_a_fingerprint() -> None:
    marks = {str(prompts) for prompts in (E5, Prompts(query="query: "), Prompts(document="query: "))}
    assert len(marks) == 3
    assert str(Prompts()) == ""


@pytest.mark.parametrize("text", ["{", "[]", "\xff"])
def test_a_garbled_configuration_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "config_sentence_transformers.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(ModelError, match=r"damaged: config_sentence_transformers\.json"):
        prompts_of(tmp_path)
