"""Addresses as members of a collection: pages, feeds and sitemaps fetched, kept, and indexed without the web afterwards."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from index.build import remove, update
from index.errors import CollectionError, DamagedIndex
from index.store import Home
from index.web.fetch import Fetcher
from index.web.gather import Unfetched, gather
from index.web.policy import Policy
from index.web.store import PageStore
from tests.fakes import HashEmbedder
from tests.index.web.server import Site, serve

TEXT = "Le conseil municipal de {place} a voté mardi la reconstruction du marché, pour un montant de douze millions de francs."


def page(place: str) -> bytes:
    body = TEXT.format(place=place)
    return (
        f'<!doctype html><html lang="fr"><head><title>Le marché de {place}</title>'
        f'<meta property="article:published_time" content="2025-02-03T08:00:00Z"></head><body><nav>Menu</nav><article>'
        f"<h1>Le marché de {place}</h1><p>{body}</p><p>Les travaux dureront deux ans, selon la mairie de {place}, et les vendeurs "
        "seront logés au stade.</p></article></body></html>"
    ).encode()


def feed(address: str, *places: str) -> bytes:
    items = "".join(f"<item><title>{place}</title><link>{address}/{place}</link></item>" for place in places)
    return f"<rss version='2.0'><channel><title>Le Courrier</title>{items}</channel></rss>".encode()


@pytest.fixture
def site() -> Iterator[Site]:
    with serve(Site()) as served:
        served.answers |= {f"/{place}": page(place) for place in ("gaya", "dosso", "zinder")}
        served.answers["/feed"] = feed(served.address, "gaya", "dosso", "gone")
        yield served


@pytest.fixture
def store(tmp_path: Path) -> PageStore:
    return PageStore(tmp_path / "pages.sqlite")


def fetcher(**limits: float) -> Fetcher:
    return Fetcher(Policy(allow_private=True, delay=0, retries=0, **limits), sleep=lambda seconds: None)  # type: ignore[arg-type]


def test_a_page_leads_to_itself(site: Site, store: PageStore) -> None:
    root = f"{site.address}/gaya"
    assert list(gather(root, store, fetcher())) == [root]
    kept = store.page(root)
    assert kept is not None
    assert (kept.body, kept.kind, kept.charset) == (page("gaya"), "text/html", "utf-8")
    assert store.pages(root) == (root,)


def test_a_feed_leads_to_its_pages_and_one_that_is_gone_stops_no_other(site: Site, store: PageStore) -> None:
    told: list[int] = []
    found = list(gather(f"{site.address}/feed", store, fetcher(), told.append))
    gone = Unfetched(address=f"{site.address}/gone", reason="the server answered 404: there is no such page")
    assert found == [f"{site.address}/gaya", f"{site.address}/dosso", gone]
    assert told == [3]
    kept = store.page(f"{site.address}/gaya")
    assert kept is not None
    assert (kept.stated.title, kept.stated.source) == ("gaya", "Le Courrier")


def test_a_sitemap_that_leads_to_itself_ends(site: Site, store: PageStore) -> None:
    listed = "".join(f"<sitemap><loc>{site.address}/{name}.xml</loc></sitemap>" for name in ("index", "s"))
    index = f"<sitemapindex>{listed}</sitemapindex>"
    site.answers |= {
        "/index.xml": index.encode(),
        "/s.xml": f"<urlset><url><loc>{site.address}/gaya</loc></url><url><loc>{site.address}/zinder</loc></url></urlset>".encode(),
    }
    assert list(gather(f"{site.address}/index.xml", store, fetcher())) == [f"{site.address}/gaya", f"{site.address}/zinder"]
    assert list(gather(f"{site.address}/index.xml", store, fetcher(limit=1))) == [f"{site.address}/gaya"]


def test_a_sitemap_that_is_gone_stops_no_other_and_none_is_fetched_beyond_the_limit(site: Site, store: PageStore) -> None:
    listed = "".join(f"<sitemap><loc>{site.address}/{name}.xml</loc></sitemap>" for name in ("gone", "s", "page", "t"))
    site.answers |= {
        "/index.xml": f"<sitemapindex>{listed}</sitemapindex>".encode(),
        "/page.xml": page("page"),
        **{f"/{name}.xml": f"<urlset><url><loc>{site.address}/{place}</loc></url></urlset>".encode()
           for name, place in (("s", "gaya"), ("t", "dosso"))},
    }  # fmt: skip
    found = list(gather(f"{site.address}/index.xml", store, fetcher()))
    assert [item.reason for item in found if isinstance(item, Unfetched)] == [
        "the server answered 404: there is no such page", "it is a page, where a sitemap was promised; the other sitemaps are used",
    ]  # fmt: skip
    assert [item for item in found if isinstance(item, str)] == [f"{site.address}/gaya", f"{site.address}/dosso"]
    site.asked.clear()
    list(gather(f"{site.address}/index.xml", store, fetcher(limit=1)))
    assert "/t.xml" not in site.asked


def test_an_interrupted_run_is_known_and_no_other_root_forgets_its_pages(site: Site, store: PageStore) -> None:
    root = f"{site.address}/feed"
    run = gather(root, store, fetcher())
    assert next(run) == f"{site.address}/gaya"
    run.close()  # type: ignore[attr-defined]
    store.forget("https://other.example/")
    assert store.pages(root) == (f"{site.address}/gaya",)
    assert store.digest(f"{site.address}/gaya") is not None


def test_what_was_fetched_stays_when_the_site_is_gone(store: PageStore) -> None:
    with serve(Site()) as site:
        site.answers |= {"/gaya": page("gaya"), "/feed": feed(site.address, "gaya")}
        root, own = f"{site.address}/feed", f"{site.address}/gaya"
        assert list(gather(root, store, fetcher())) == [own]
    failed, kept = gather(root, store, fetcher())
    assert isinstance(failed, Unfetched)
    assert failed.address == root
    assert kept == own


def test_the_text_in_a_feed_is_taken_where_its_page_cannot_be_had(site: Site, store: PageStore) -> None:
    text = "<p>" + TEXT.format(place="Téra") * 12 + "</p>"
    item = f"<item><title>Téra</title><link>{site.address}/tera</link><description><![CDATA[{text}]]></description>"
    full = f"<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'><![CDATA[{text}]]></content:encoded></item>"
    site.answers["/feed"] = f"<rss><channel>{item}{full}</channel></rss>".encode()
    failed, address = gather(f"{site.address}/feed", store, fetcher())
    assert isinstance(failed, Unfetched)
    assert failed.reason.endswith("the text in its feed is taken instead")
    assert address == f"{site.address}/tera"


def test_a_picture_is_no_page(site: Site, store: PageStore) -> None:
    def picture(_: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        return 200, {"Content-Type": "image/png"}, b"\x89PNG"

    site.answers["/p"] = picture
    assert list(gather(f"{site.address}/p", store, fetcher())) == [
        Unfetched(address=f"{site.address}/p", reason="it is of the kind image/png, which holds no article")
    ]


def test_pages_no_root_leads_to_are_forgotten(site: Site, store: PageStore) -> None:
    roots = [f"{site.address}/feed", f"{site.address}/gaya"]
    for root in roots:
        list(gather(root, store, fetcher()))
    store.forget(roots[0])
    assert store.digest(f"{site.address}/dosso") is None
    assert store.digest(f"{site.address}/gaya") is not None


def test_a_damaged_store_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "pages.sqlite").write_bytes(b"not a database at all" * 200)
    with pytest.raises(DamagedIndex, match="move it away, and its pages are fetched again"):
        PageStore(tmp_path / "pages.sqlite").page("https://a.example/")


def test_a_collection_of_addresses(site: Site, tmp_path: Path) -> None:
    home, embedder = Home(tmp_path / "home"), HashEmbedder()
    root = f"{site.address}/feed"
    report = update(home, embedder, [root], fetcher=fetcher())
    assert set(report.added) == {f"{site.address}/gaya", f"{site.address}/dosso"}
    assert [failure.path for failure in report.failed] == [f"{site.address}/gone"]
    gaya = home.open().at(f"{site.address}/gaya")
    assert gaya is not None
    assert gaya.text.startswith("Le conseil municipal de gaya a voté mardi")
    assert (gaya.url, gaya.published, gaya.title) == (f"{site.address}/gaya", "2025-02-03", "gaya")
    assert (gaya.origins["title"], gaya.origins["published"], gaya.source) == ("feed", "meta tag", "Le Courrier")

    again = update(home, embedder, fetcher=fetcher())
    assert (again.added, len(again.unchanged), again.embedded) == ((), 2, 0)

    site.answers["/feed"] = feed(site.address, "zinder", "gaya")
    later = update(home, embedder, fetcher=fetcher())
    assert (later.added, later.removed) == ((f"{site.address}/zinder",), (f"{site.address}/dosso",))

    del site.answers["/feed"]
    offline = update(home, embedder, fetcher=fetcher())
    assert (len(offline.unchanged), offline.removed, offline.failed[0].path) == (2, (), root)

    (tmp_path / "a.txt").write_text("Un autre article, qui reste quand le site est retiré de la collection.")
    update(home, embedder, [tmp_path / "a.txt"], fetcher=fetcher())
    # Taking something out fetches nothing.
    asked = len(site.asked)
    assert remove(home, embedder, [str(tmp_path / "a.txt")]).removed == (str(tmp_path / "a.txt"),)
    assert (len(home.open().facts.ids), len(site.asked)) == (2, asked)
    update(home, embedder, [tmp_path / "a.txt"], fetcher=fetcher())
    assert len(remove(home, embedder, [root]).removed) == 2
    assert PageStore(home.pages_file).digest(f"{site.address}/gaya") is None


def test_private_addresses_are_refused_unless_allowed(site: Site, tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="give --allow-private to fetch from there"):
        update(Home(tmp_path / "home"), HashEmbedder(), [f"{site.address}/gaya"])
    assert site.asked == []


def test_an_address_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="holds a user name or password"):
        update(Home(tmp_path / "home"), HashEmbedder(), ["https://awa:secret@courrier.example/"])
