"""Questions while another writer of the same index in Milvus changes what they read: each is answered from the one state or the other."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from index.article import Entry
from index.milvus.engine import Engine, Row
from index.milvus.place import parse_place
from index.milvus.serve import Connection, MilvusGeneration
from index.store import Home
from qa.answer import Answer
from qa.assistant import Assistant
from tests.index.milvus.library import entries, entry, publish, small, store
from tests.index.milvus.server import Lite

QUESTION = "Quand le vétérinaire Ousmane a-t-il vacciné les chameaux de Bilma ?"
TITLE = "Chameaux de Bilma"
OLD = entry(50, "Le vétérinaire Ousmane a vacciné les chameaux de Bilma en mai 2019. La récolte de mil est bonne.", title=TITLE)
LONGER = " ".join(f"Le troupeau numéro {number} attend son tour au puits." for number in range(60))
NEW = entry(50, f"{LONGER} Le vétérinaire Ousmane a vacciné les chameaux de Bilma en juin 2021. Le fleuve monte encore.", title=TITLE)
"""The same article, its answer elsewhere in the text."""
OTHERS = entries(range(8))


class Interrupted(Engine):
    """An engine that has something done before the `last` of its requests."""

    def __init__(self, place: str) -> None:
        super().__init__(parse_place(place))
        self.last = -1
        self.work: Callable[[], object] = lambda: None

    def query(self, name: str, condition: str, fields: Sequence[str], *, level: str = "Strong", limit: int | None = None) -> list[Row]:
        self._count()
        return super().query(name, condition, fields, level=level, limit=limit)

    def search(self, *asked: Any, **how: Any) -> list[list[tuple[float, Row]]]:
        self._count()
        return super().search(*asked, **how)

    def _count(self) -> None:
        self.last -= 1
        if self.last == 0:
            self.work()


class Reached(Home):
    """A home that reads its index through a given connection."""

    def __init__(self, folder: Path, connection: Connection) -> None:
        super().__init__(folder)
        self._connection = connection

    def current(self) -> str:
        return self._connection.state().name

    def open(self) -> MilvusGeneration:  # type: ignore[override]
        return self._connection.open()


@pytest.fixture
def place(tmp_path: Path) -> str:
    return f"milvus-lite:{tmp_path / 'index.db'}"


@pytest.fixture
def writers(place: str) -> Iterator[Mapping[str, Engine]]:
    made = {name: Engine(parse_place(place)) for name in ("one", "two")}
    yield made
    for engine in made.values():
        engine.close()


def told(answer: Answer) -> tuple[bool, tuple[str, ...]]:
    return answer.answered, tuple(citation.quote for citation in answer.citations)


def remove(engine: Engine) -> None:
    publish(store(engine, "two"), [], gone=[OLD])


def replace(engine: Engine) -> None:
    publish(store(engine, "two"), [], changed=[NEW])


def add(engine: Engine) -> None:
    publish(store(engine, "two"), [OLD])


@pytest.mark.timeout(300)
@pytest.mark.parametrize("change", [remove, replace])
def test_another_writer_publishes_before_any_request_of_a_question(
    place: str, writers: Mapping[str, Engine], tmp_path: Path, change: Callable[[Engine], None]
) -> None:
    publish(store(writers["one"], "one"), OTHERS)
    add(writers["two"])
    reader = Interrupted(place)
    before = told(Assistant(Reached(tmp_path, Connection(reader)), small()).ask(QUESTION))
    assert before == (True, ("Le vétérinaire Ousmane a vacciné les chameaux de Bilma en mai 2019.",))
    change(writers["two"])
    after = told(Assistant(Reached(tmp_path, Connection(reader)), small()).ask(QUESTION))
    assert after == ((False, ()) if change is remove else (True, ("Le vétérinaire Ousmane a vacciné les chameaux de Bilma en juin 2021.",)))
    given = []
    for point in range(1, 100):
        publish(store(writers["two"], "two"), *(([OLD], []) if change is remove else ([], [], [OLD])))
        assistant = Assistant(Reached(tmp_path, Connection(reader)), small())
        assistant.generation()
        reader.work = lambda: change(writers["two"])
        reader.last = point
        given.append(told(assistant.ask(QUESTION)))
        if reader.last > 0:
            break
    reader.close()
    assert len(given) > 5
    assert set(given) == {before, after}
    # The last question had its answer before anything changed.
    assert given[0] == after
    assert given[-1] == before


@pytest.mark.timeout(300)
def test_questions_while_two_writers_go_on(tmp_path: Path) -> None:
    with Lite(tmp_path) as server:
        engines = [Engine(parse_place(server.place)) for _ in range(2)]
        publish(store(engines[0], "one"), OTHERS)
        add(engines[1])
        reading = Engine(parse_place(server.place))
        reader = Assistant(Reached(tmp_path, Connection(reading)), small())
        failed: list[BaseException] = []
        done = threading.Event()

        def go_on(writer: str, engine: Engine, states: Sequence[Entry]) -> None:
            try:
                while not done.is_set():
                    for state in states:
                        publish(store(engine, writer), [], changed=[state])
                    publish(store(engine, writer), [], gone=[states[0]])
                    publish(store(engine, writer), [states[0]])
            except BaseException as error:
                failed.append(error)

        threads = [
            threading.Thread(target=go_on, args=("one", engines[0], [entry(3, LONGER), OTHERS[3]])),
            threading.Thread(target=go_on, args=("two", engines[1], [NEW, OLD])),
        ]
        for thread in threads:
            thread.start()
        answers = [reader.ask(f"{QUESTION} {number}") for number in range(60)]
        done.set()
        for thread in threads:
            thread.join(60)
        for engine in (*engines, reading):
            engine.close()
    assert not failed
    texts = [LONGER, *(state.article.text for state in (OLD, NEW, *OTHERS))]
    quotes = {citation.quote for answer in answers for citation in answer.citations}
    assert [quote for quote in quotes if not any(quote in text for text in texts)] == []
    assert sum(answer.answered for answer in answers) > 10
