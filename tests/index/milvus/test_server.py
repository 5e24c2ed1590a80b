"""A real Milvus server (2.3.5, which has no sparse vectors) over the network: killed in mid-build, asked again, and without one."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from index.errors import StoreError
from index.milvus.engine import PATIENCE, Engine, Row
from index.milvus.place import parse_place
from index.milvus.serve import Connection
from tests.halves import vectors_of
from tests.index.milvus.library import entries, publish, small, store
from tests.index.milvus.server import Lite, Real, free_port

FIELDS: Final = [("key", "VARCHAR", {"is_primary": True, "max_length": 8}), ("nothing", "FLOAT_VECTOR", {"dim": 2})]
INDEX: Final = {"field_name": "nothing", "index_type": "FLAT", "metric_type": "IP"}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    server = Real(tmp_path_factory.mktemp("milvus"))
    server.start()
    yield server
    server.kill()


class Watched(Engine):
    """An engine that says when it has written passages."""

    written: threading.Event

    def upsert(self, name: str, rows: Sequence[Row]) -> None:
        super().upsert(name, rows)
        if rows and "dense" in rows[0]:
            self.written.set()


@pytest.mark.milvus_server
@pytest.mark.timeout(600)
def test_a_server_killed_in_mid_build_loses_nothing_and_is_found_again(real: Real) -> None:
    held, more = entries(range(40)), entries(range(40, 120))
    engine = Watched(parse_place(real.place), patience=PATIENCE)
    assert not engine.sparse
    engine.written = threading.Event()
    kept = store(engine)
    publish(kept, held)
    model = small()
    reader = Engine(parse_place(real.place), patience=PATIENCE)
    generation = Connection(reader).open()
    some = generation.facts.rows(generation.facts.from_source(lambda site: site == "site1.example"))
    assert len(generation.vectors.search(model.encode_query("le pétrole"), 10, some)[1]) == 10
    failed: list[BaseException] = []

    def build() -> None:
        try:
            publish(kept, more)
        except BaseException as error:
            failed.append(error)

    engine.written.clear()
    building = threading.Thread(target=build)
    building.start()
    assert engine.written.wait(120)
    # Two blocks of articles: the second one is still to come.
    real.kill()
    real.start()
    # The one that answers questions finds the server again by itself.
    _, rows = generation.vectors.search(model.encode_query("le pétrole"), 10, some)
    sources = {item.article.id: item.article.source for item in (*held, *more)}
    assert [sources[f"{row >> 15:012x}"] for row in rows.tolist()] == ["site1.example"] * 10
    building.join(300)
    assert not building.is_alive()
    assert not failed

    generation = Connection(reader).open()
    assert generation.verify() == []
    assert {article.id for article in generation.articles()} == sources.keys()
    ordered = sorted((*held, *more), key=lambda item: item.article.id)
    vectors = model.encode_documents([f"{item.article.title}\n{item.article.text[a:b]}" for item in ordered for a, b in item.spans])
    numbers = np.array([(int(item.article.id, 16) << 15) + place for item in ordered for place in range(len(item.spans))])
    here = vectors_of(vectors)
    recalled = 0
    for item in ordered[:20]:
        query = model.encode_query(item.article.title or "")
        _, rows = generation.vectors.search(query, 10)
        recalled += len(set(rows.tolist()) & set(numbers[here.search(query, 10)[1]].tolist()))
    assert recalled >= 0.98 * 200
    reader.close()
    engine.close()


@pytest.mark.milvus_server
def test_a_server_of_before_sparse_vectors_is_refused_unless_told(real: Real) -> None:
    engine = Engine(parse_place(real.place.removesuffix("?dense")))
    with pytest.raises(StoreError, match=r"Milvus v2\.3\.5.* has no sparse vectors.*use 2\.4 or later"):
        store(engine)
    engine.close()


def test_no_server() -> None:
    with pytest.raises(StoreError, match=r"cannot be reached .*start the server, or check its address and \$GRIOT_MILVUS_TOKEN"):
        Engine(parse_place(f"milvus://127.0.0.1:{free_port()}/press"), patience=0.5)


def test_a_server_of_milvus_lite_has_both_halves(tmp_path: Path) -> None:
    with Lite(tmp_path) as server:
        engine = Engine(parse_place(server.place))
        held = entries(range(12))
        publish(store(engine), held)
        generation = Connection(engine).open()
        assert generation.verify() == []
        assert len(generation.lexical.search({"accord": 1.0}, 5)[1]) == 5
        engine.close()


def test_what_stands_in_the_way_of_a_collection_is_told(tmp_path: Path) -> None:
    left = tmp_path / "served.db" / "collections" / "made"
    left.mkdir(parents=True)
    with Lite(tmp_path) as server:
        engine = Engine(parse_place(server.place))
        engine.close()
        hasty = Engine(parse_place(server.place), patience=1)
        with pytest.raises(StoreError, match=r"Milvus refused \(.*File exists"):
            hasty.create("made", FIELDS, [INDEX])
        hasty.close()


def test_writers_that_make_a_collection_at_once_all_have_it(tmp_path: Path) -> None:
    with Lite(tmp_path) as server:
        engines = [Engine(parse_place(server.place)) for _ in range(4)]
        for number in range(6):
            name, start = f"made{number}", threading.Barrier(len(engines))

            def make(engine: Engine, name: str = name, start: threading.Barrier = start) -> None:
                start.wait(30)
                engine.create(name, FIELDS, [INDEX])
                engine.upsert(name, [{"key": str(engines.index(engine)), "nothing": [1.0, 0.0]}])

            with ThreadPoolExecutor(len(engines)) as pool:
                list(pool.map(make, engines))
            assert engines[0].count(name, 'key != ""') == len(engines)
        for engine in engines:
            engine.close()
