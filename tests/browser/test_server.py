import socket

import httpx
import pytest

from index.errors import GriotError
from tests.ui.hostile import HOSTILE
from ui.shell import SCRIPTS, dressed
from ui.web import serve


def test_a_port_in_use_is_said_with_its_remedy(seeds: str) -> None:
    port = int(seeds.rpartition(":")[2])
    with pytest.raises(GriotError, match=rf"port {port} of 127\.0\.0\.1 is already in use; choose another with --port, such as {port + 1}"):
        serve(None, "127.0.0.1", port)  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["192.0.2.1", "256.256.256.256"], ids=["of_another_machine", "not_an_address"])
def test_an_address_that_is_not_ours_is_said(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> list[object]:
        raise socket.gaierror("Name or service not known")

    if host.startswith("256"):
        monkeypatch.setattr(socket, "getaddrinfo", unknown)
    else:
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (host, 7860))])
    with pytest.raises(GriotError, match=r"--host"):
        serve(None, host, 7860)  # type: ignore[arg-type]


def test_a_reading_page_keeps_to_itself(written: str) -> None:
    for path in ("/article/000000000000", "/article/" + "%3Cscript%3E", "/article/0?start=a&end=-1"):
        page = httpx.get(written + path, headers={"Accept-Language": "en"})
        assert page.status_code == 404
        assert "Article not found" in page.text
        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert page.headers["Referrer-Policy"] == "no-referrer"


def test_the_chat_allows_no_other_host(seeds: str) -> None:
    page = httpx.get(seeds + "/", headers={"Accept-Language": "en-GB"})
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert '<html lang="en"' in page.text
    assert "og:" not in page.text
    assert "raw.githubusercontent.com" not in page.text


@pytest.mark.parametrize(
    "path", ["/gradio_api/info", "/gradio_api/file=/etc/passwd", "/gradio_api/proxy=http://exemple.fr", "/docs", "/openapi.json"]
)
def test_what_the_page_does_not_use_is_not_served(seeds: str, path: str) -> None:
    assert httpx.get(seeds + path).status_code == 404


@pytest.mark.parametrize(
    ("name", "kind"),
    [("style.css", "text/css"), ("favicon.svg", "image/svg+xml"), *((name, "text/javascript") for name in SCRIPTS)],
)
def test_our_own_files(seeds: str, name: str, kind: str) -> None:
    answer = httpx.get(f"{seeds}/{name}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(kind)


def test_dressing_changes_the_page_around_and_not_what_it_holds() -> None:
    held = HOSTILE["script"]
    head = '<html\n\tlang="en"><head><meta\n property="og:title" content="Gradio"></head>'
    html = dressed(f"{head}<body><gradio-app>{held}</gradio-app>", "fr")
    assert html.startswith('<html lang="fr" data-language="fr"><head><title>Griot</title>')
    assert held in html
    assert "og:title" not in html
    assert "JavaScript" in html
