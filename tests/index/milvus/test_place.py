"""What a store is called on the command line."""

from pathlib import Path

import pytest

from index.errors import StoreError
from index.milvus.place import Place, parse_place


@pytest.mark.parametrize(
    ("text", "address", "collection", "dense"),
    [
        pytest.param("milvus://db.example:19531/press", "http://db.example:19531", "press", False, id="host_port"),
        pytest.param("milvus://db.example/press_2", "http://db.example:19530", "press_2", False, id="usual_port"),
        pytest.param("milvus+tls://db.example:443/_p", "https://db.example:443", "_p", False, id="tls"),
        pytest.param("milvus://127.0.0.1:19530/press?dense", "http://127.0.0.1:19530", "press", True, id="vectors_alone"),
    ],
)
def test_a_server(text: str, address: str, collection: str, dense: bool) -> None:
    assert parse_place(text) == Place(text=text, address=address, collection=collection, dense=dense)


@pytest.mark.parametrize(("name", "file"), [("essai", "essai.db"), ("essai.db", "essai.db")])
def test_a_file(name: str, file: str) -> None:
    path = Path.cwd() / file
    assert parse_place(f"milvus-lite:{name}") == Place(text=f"milvus-lite:{path}", collection="griot", path=path)


@pytest.mark.parametrize(
    "text",
    ["", "milvus:", "milvus-lite:", "milvus://", "milvus://host", "milvus://host:19530", "milvus://host:99999/press", "milvus://host/a b",
     "milvus://host/2024", "milvus://user:pass@host/press", "postgres://host/press", "press"],
)  # fmt: skip
def test_no_store(text: str) -> None:
    with pytest.raises(StoreError, match="is no store; write milvus://HOST:PORT/COLLECTION"):
        parse_place(text)
