"""An index in Milvus asked for its own articles by their headlines."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.milvus.engine import Engine
from index.milvus.measure import DRAWN, headlines, measure
from index.milvus.schema import Names, number_of
from index.milvus.tally import read_state
from index.report import Unwatched
from tests.index.milvus.library import entries, lite, publish, small, store


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = lite(tmp_path)
    yield opened
    opened.close()


def test_a_large_index_is_asked_once_much_of_it_changed(engine: Engine) -> None:
    publish(store(engine), entries(range(40)))
    names = Names.of(engine.place.collection)
    counted = []
    found = []
    for changed in (40, 1, 1, 1, 1):
        measure(engine, names, small(), changed, Unwatched(), often=5)
        state = read_state(engine, names)
        counted.append(state.unmeasured)
        found.append(state.selfcheck)
    # A twentieth of forty is two.
    assert counted == [0, 1, 2, 0, 1]
    assert found[0] is not None
    assert found[0]["questions"] == 40
    assert found == found[:1] * 5


def test_of_many_articles_an_even_share_is_asked_for(engine: Engine) -> None:
    held = entries(range(40))
    publish(store(engine), held)
    names = Names.of(engine.place.collection)
    numbers = sorted(number_of(item.article.id) for item in held)
    assert sorted(headline.number for headline in headlines(engine, names, DRAWN)) == numbers
    # As if there were four times as many.
    quarter = [number for number in numbers if number < 2**46]
    assert 0 < len(quarter) < 20
    assert sorted(headline.number for headline in headlines(engine, names, 4 * DRAWN)) == quarter
    first = next(headlines(engine, names, 40))
    told = {item.article.id: item.article for item in held}[first.id]
    assert (first.title, first.language) == (told.title, "fr")
