"""Griot on another machine, asked as if it were here: what `qa.Assistant` offers for questions, over the HTTP interface.

http.client of the standard library does; httpx and requests were weighed, and would be one more thing to install for three requests.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlsplit

from index.article import Article
from index.errors import GriotError, QuestionError
from qa.answer import Answer, Citation, Copy, Hit

TIMEOUT: Final = 60.0
"""Seconds to wait for an answer, which takes some hundredths."""
_Made = TypeVar("_Made")
_LARGEST: Final = 50_000_000
"""Bytes of an answer at most."""


class Client:
    """The Griot at `address` ("https://griot.example.org", or with a base path), with a `key` where it wants one. Safe to share between
    threads: each request has a connection of its own."""

    def __init__(self, address: str, key: str | None = None, *, timeout: float = TIMEOUT) -> None:
        """Nothing is sent yet.

        Raises:
            GriotError: it is no address of the web.
        """
        try:
            parts = urlsplit(address.strip().rstrip("/"))
            host, port = parts.hostname, parts.port
        except ValueError:
            host = None
        if not host or parts.scheme not in ("http", "https"):
            raise GriotError(f"{address!r} is no address of a server; write it as https://host or http://127.0.0.1:7860")
        if key and not (key.isascii() and key.isprintable() and " " not in key):
            raise GriotError("the key holds what no key holds; copy it again as griot key add told it")
        self._scheme, self._host, self._port, self._path = parts.scheme, host, port, quote(parts.path, safe="/%~")
        self._key = key
        self._timeout = timeout

    def ask(
        self, question: str, *, history: Sequence[Any] = (), since: str | None = None, until: str | None = None, source: str | None = None,
        as_of: str | None = None,
    ) -> Answer:  # fmt: skip
        """`Assistant.ask`, there.

        Raises:
            QuestionError: a filter cannot be used.
            GriotError: the server cannot be reached, or says what is wrong.
        """
        filters = {"since": since, "until": until, "source": source, "as_of": as_of}
        return answer_of(self._send("POST", "/api/ask", {"question": question, "history": [str(turn) for turn in history], **filters}))

    async def aask(self, question: str, **named: Any) -> Answer:
        """`ask` for asynchronous callers, in a worker thread."""
        import asyncio

        return await asyncio.to_thread(lambda: self.ask(question, **named))

    def search(
        self, query: str, k: int = 10, *, since: str | None = None, until: str | None = None, source: str | None = None
    ) -> list[Hit]:
        """`Assistant.search`, there."""
        found = self._send("POST", "/api/search", {"query": query, "k": k, "since": since, "until": until, "source": source})
        return _told(lambda: [_hit(item) for item in found["passages"]])

    def article(self, article_id: str) -> Article | None:
        """`Assistant.article`, there."""
        found = self._send("GET", f"/api/articles/{quote(article_id, safe='')}", may_lack=True)
        return _told(lambda: Article(**found)) if found is not None else None

    def verify(self, citation: Citation) -> bool:
        """Whether the quote stands at its offsets in the article there."""
        found = self.article(citation.article_id)
        return found is not None and found.text[citation.start : citation.end] == citation.quote

    def _send(self, method: str, path: str, body: Mapping[str, Any] | None = None, *, may_lack: bool = False) -> Any:
        """What the server says; None where it has no such thing and it `may_lack` it."""
        place = f"{self._scheme}://{self._host}{f':{self._port}' if self._port else ''}"
        headers = {"Accept": "application/json", "User-Agent": "griot-client"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        kind = HTTPSConnection if self._scheme == "https" else HTTPConnection
        connection = kind(self._host, self._port, timeout=self._timeout)
        try:
            sent = json.dumps(body).encode() if body is not None else None
            connection.request(method, self._path + path, body=sent, headers=headers)
            answer = connection.getresponse()
            data = answer.read(_LARGEST)
        except (OSError, HTTPException, ValueError) as error:
            raise GriotError(f"{place} cannot be reached ({error}); check the address, and that griot chat runs there") from error
        finally:
            connection.close()
        try:
            found = json.loads(data)
        except ValueError as error:
            raise GriotError(f"{place} answered {answer.status} with what is no JSON; is it a Griot?") from error
        if answer.status == 404 and may_lack:
            return None
        if answer.status != 200:
            raise _failure(answer.status, found, place)
        return found


def answer_of(document: Mapping[str, Any]) -> Answer:
    """An answer from its JSON document; of its passages the title and path are taken where they are told.

    Raises:
        GriotError: it is no such document.
    """
    return _told(
        lambda: Answer(
            question=document["question"], language=document["language"], text=document["text"], answered=bool(document["answered"]),
            seconds=float(document["seconds"]), missing=tuple(document["missing"]),
            citations=tuple(_citation(item) for item in document["citations"]),
            passages=tuple(_hit(item) for item in document["passages"]),
        )
    )  # fmt: skip


def _told(make: Callable[[], _Made]) -> _Made:
    try:
        return make()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise GriotError(f"the server's answer is not as it should be ({error!r}); is it of the same version?") from error


def _citation(item: Mapping[str, Any]) -> Citation:
    known = {name: value for name, value in item.items() if name in Citation.__dataclass_fields__ and name != "copies"}
    return Citation(**known, copies=tuple(Copy(**copy) for copy in item.get("copies", ())))


def _hit(item: Mapping[str, Any]) -> Hit:
    given = {name: item.get(name) for name in ("path", "title", "source", "published")}
    return Hit(
        article_id=item["article_id"], start=item["start"], end=item["end"], text=item["text"], score=item["score"],
        path=given["path"] or "", title=given["title"], source=given["source"], published=given["published"],
    )  # fmt: skip


def _failure(status: int, document: Any, place: str) -> GriotError:
    detail = str(document.get("detail", "")) if isinstance(document, dict) else ""
    if status == 401:
        return GriotError(f"{place} wants a key; give one with --key or in GRIOT_KEY, made there with: griot key add NAME")
    if status == 422:
        return QuestionError(detail)
    return GriotError(f"{place} answered {status}: {detail or 'no reason given'}")
