"""The interface against its own OpenAPI document: schemathesis makes requests that fit it and requests that do not, and holds every answer
to what the document says of it. Behind the gate, with a key, as a program comes in."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import given, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.schemas import OpenApiSchema

from index.build import update
from index.store import Home
from qa.assistant import Assistant
from tests.fakes import HashEmbedder
from ui.access.accounts import Accounts
from ui.access.bounds import Bounds
from ui.access.gate import Gate, Rules
from ui.access.keys import Keys
from ui.access.reach import Reach
from ui.api.figures import Figures
from ui.api.routes import api_app
from ui.journal import Journal

TEXT = "Le conseil municipal de {} a voté mardi la reconstruction du marché, pour douze millions de francs."


@dataclass(frozen=True, kw_only=True)
class Reached:
    """The document of a site, and a key to it."""

    schema: OpenApiSchema
    key: str


@pytest.fixture(scope="module")
def reached(tmp_path_factory: pytest.TempPathFactory) -> Reached:
    folder: Path = tmp_path_factory.mktemp("schema")
    (folder / "in").mkdir()
    for place in ("gaya", "dosso", "zinder"):
        (folder / "in" / f"{place}.txt").write_text(TEXT.format(place.title()), encoding="utf-8")
    home, embedder = Home(folder / "home"), HashEmbedder()
    update(home, embedder, [folder / "in"])
    keys = Keys(folder / "keys")
    key = keys.add("tests", "reader")
    app = FastAPI()
    app.mount("/api", api_app(Assistant(home, embedder), Journal(Figures())))
    rules = Rules(accounts=Accounts(folder / "accounts"), keys=keys.who, questions=None)
    site = Reach(Gate(Bounds(app), rules))
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", site, headers={"Authorization": f"Bearer {key}"})
    return Reached(schema=schema, key=key)


OPERATIONS = (("POST", "/ask"), ("POST", "/search"), ("GET", "/articles"), ("GET", "/articles/{article_id}"))


def test_every_operation_is_tried(reached: Reached) -> None:
    named = [result.ok() for result in reached.schema.get_all_operations()]
    assert {(operation.method.upper(), operation.path) for operation in named} == set(OPERATIONS)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=[mode.value for mode in GenerationMode])
@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=[path for _, path in OPERATIONS])
def test_every_answer_is_as_the_document_says(reached: Reached, method: str, path: str, mode: GenerationMode) -> None:
    operation = reached.schema[path][method]

    # The same requests each time: now and then one is made whose fault is not in what is sent, and is rightly answered.
    @settings(max_examples=60, derandomize=True)
    @given(case=operation.as_strategy(generation_mode=mode))
    def holds(case: Any) -> None:
        if mode is GenerationMode.POSITIVE and isinstance(case.body, dict):
            # That 31 November is no day, and until not before since, no schema can say.
            case.body = {name: value for name, value in case.body.items() if name not in ("since", "until", "as_of")}
        answer = case.call_and_validate(headers={"Authorization": f"Bearer {reached.key}"})
        assert answer.status_code < 500

    holds()
