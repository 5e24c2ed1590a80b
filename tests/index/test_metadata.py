"""What a page says about itself."""

from datetime import date

import pytest

from index.byline import dateline, find_author, lone_date, published_on, updated_on
from index.clean import clean
from index.dates import first_day, last_day
from index.metadata import Metadata, from_name, settle, told

BODY = (
    "Le gouvernement du Bénin a signé mardi à Cotonou un accord de pêche avec le Togo, après deux ans de discussions.\n\n"
    "« C’est une étape importante », a déclaré le ministre de la Pêche, Koffi Mensah, devant les journalistes."
)
URL = "https://www.exemple.bj/2025/01/14/accord-de-peche.html"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        pytest.param("", Metadata(), id="nothing_said"),
        pytest.param("date 2025-01 ", Metadata(published="2025-01"), id="bare_month"),
        pytest.param("date 2025 ", Metadata(published="2025"), id="bare_year"),
        pytest.param(
            f"date 2025-01 {URL}\n\n", Metadata(published="2025-01-14", url=URL, source="exemple.bj"), id="bare_month_and_address"
        ),
        pytest.param(
            f"Title: Accord de pêche\nDate: 14 janvier 2025\nURL: {URL}\nSource: Le Matin\n\n",
            Metadata(title="Accord de pêche", published="2025-01-14", url=URL, source="Le Matin"),
            id="header_lines",
        ),
        pytest.param(
            "Titre : Accord de pêche\nPublié le : 14/01/2025\n\n",
            Metadata(title="Accord de pêche", published="2025-01-14"),
            id="french_header",
        ),
        pytest.param("Auteur : Ali Moussa\nLangue : français\n\n", Metadata(author="Ali Moussa", language="fr"), id="author_and_language"),
        pytest.param("Publié le : 31/02/2025\n\n", Metadata(), id="no_such_day"),
        pytest.param(f"{URL}\n\n", Metadata(published="2025-01-14", url=URL, source="exemple.bj"), id="address_alone"),
        pytest.param("https://www.exemple.bj/\n\n", Metadata(), id="address_of_the_whole_site"),
        pytest.param("https://cdn.exemple.bj/img/photo.jpg\n\n", Metadata(), id="address_of_an_image"),
        pytest.param("2025-01-14T08:30:00+0100\n\n", Metadata(published="2025-01-14"), id="time_stamp"),
        pytest.param("Un accord de pêche signé\n\n", Metadata(title="Un accord de pêche signé"), id="heading"),
        pytest.param(
            "Pêche Archives - Le Matin\n\nUn accord de pêche signé\n\n",
            Metadata(title="Un accord de pêche signé", source="Le Matin"),
            id="list_page",
        ),
        pytest.param("Publié le 14 janvier 2025\n\n", Metadata(published="2025-01-14"), id="byline"),
    ],
)
def test_read_metadata(head: str, expected: Metadata) -> None:
    document = clean(head + BODY)
    assert document.metadata == expected
    assert document.text == BODY


def test_a_time_stamp_wins_over_a_header_that_disagrees() -> None:
    assert clean(f"date 2024-05 \n2025-01-14T08:30:00+0100\n{BODY}").metadata.published == "2025-01-14"


def test_an_address_that_disagrees_with_the_header_does_not_count() -> None:
    assert clean(f"date 2024-05 {URL}\n\n{BODY}").metadata.published == "2024-05"


@pytest.mark.parametrize(
    "head",
    [
        pytest.param("date 2023-13 ", id="month_13"),
        pytest.param("date 2023-02-30 ", id="30_february"),
        pytest.param("0000-00-00T00:00:00\n", id="zeros"),
        pytest.param("2024-19-45T12:00:00\n", id="no_such_day"),
        pytest.param("Date: 31/02/2024\n", id="header"),
        pytest.param("31/02/2024, Le Matin\n", id="site"),
        pytest.param("https://www.exemple.bj/2024/31/99/page\n", id="address"),
    ],
)
def test_a_date_that_is_none_is_not_published(head: str) -> None:
    published = clean(head + BODY).metadata.published
    assert published is None or first_day(published) <= last_day(published)


@pytest.mark.parametrize("address", ["http://[votre-site]/page/un", "https://[::1/page", "http://exemple.bj:port/page"])
def test_a_malformed_address_stops_nothing(address: str) -> None:
    assert clean(f"{address}\n\n{BODY}").text == BODY


def test_a_word_that_only_looks_like_a_field_stops_nothing() -> None:
    assert clean(f"Tıtle: bonjour\n{BODY}").text == BODY


TODAY = date(2024, 9, 1)


@pytest.mark.parametrize(
    ("candidates", "published", "origin"),
    [
        pytest.param(
            [told("header", published="2024-05"), told("time stamp", published="2024-01-14")], "2024-01-14", "time stamp", id="trust"
        ),
        pytest.param([told("header", published="2024-01"), told("address", published="2024-01-14")], "2024-01-14", "address", id="refined"),
        pytest.param([told("header", published="2024-05"), told("address", published="2024-01-14")], "2024-05", "header", id="not_refined"),
        pytest.param([told("header", published="2024"), told("dateline", published="--08-09")], "2024-08-09", "dateline", id="year_known"),
        pytest.param(
            [told("dateline", published="--08-09"), told("file name", published="2024")], "2024-08-09", "dateline", id="year_below"
        ),
        pytest.param([told("dateline", published="--08-09")], None, None, id="year_unknown"),
        pytest.param([told("dateline", published="--02-29"), told("header", published="2023")], "2023", "header", id="no_leap_year"),
        pytest.param(
            [told("update", published="2024-03-02"), told("file name", published="2024-03-01")], "2024-03-01", "file name", id="update"
        ),
        pytest.param([told("update", published="2024-03-02")], "2024-03-02", "update", id="update_alone"),
        pytest.param([told("text", published="2024-03-02")], None, None, id="an_event_is_no_publication"),
        pytest.param(
            [told("text", published="2024-03-02"), told("header", published="2024-03")], "2024-03-02", "header, text", id="an_event_refines"
        ),
        pytest.param([told("header", published="2024-09-02")], "2024-09-02", "header", id="tomorrow"),
        pytest.param([told("JSON-LD", published="2024-09-03"), told("header", published="2024")], "2024", "header", id="after_tomorrow"),
        pytest.param([told("header", published="1899-12-31")], None, None, id="before_1900"),
        pytest.param([told("header", published="2024-02-31")], None, None, id="not_in_the_calendar"),
        pytest.param([Metadata(published="2020"), told("JSON-LD", published="2021")], "2020", None, id="no_origin_goes_first"),
        pytest.param([], None, None, id="nothing"),
    ],
)
def test_settle(candidates: list[Metadata], published: str | None, origin: str | None) -> None:
    settled = settle(candidates, TODAY)
    assert (settled.published, settled.origins.get("published")) == (published, origin)


def test_each_field_is_settled_alone() -> None:
    settled = settle([told("meta tag", title="Un"), told("heading", title="Deux", author="Ali Moussa"), told("JSON-LD", source="Le Matin")])
    assert settled == Metadata(title="Un", author="Ali Moussa", source="Le Matin")
    assert settled.origins == {"title": "meta tag", "author": "heading", "source": "JSON-LD"}


@pytest.mark.parametrize(
    ("path", "published"),
    [
        ("2023-06-26-titre.txt", "2023-06-26"),
        ("20230626_titre.html", "2023-06-26"),
        ("2023_06_titre.txt", "2023-06"),
        ("dossier/note 2023-06-26.md", "2023-06-26"),
        ("2023/06/26/titre.txt", "2023-06-26"),
        ("2023-02-31.txt", None),
        ("1064694599.txt", None),
        ("000_20231.txt", None),
        ("titre.txt", None),
    ],
)
def test_from_name(path: str, published: str | None) -> None:
    assert from_name(path).published == published


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Par Jean Dupont", "Jean Dupont"),
        ("Par Marie-Laure N'Guessan et Ali Moussa", "Marie-Laure N'Guessan et Ali Moussa"),
        ("By Emily Carrow, Nairobi", "Emily Carrow"),
        ("By Priya Nair @priya Senior Reporter", "Priya Nair"),
        ("Author: Daniel Okech", "Daniel Okech"),
        ("Posted on January 22, 2019 by Ruth", "Ruth"),
        ("Antoine Le Goff - 25 janv. 2024 à 17:55", "Antoine Le Goff"),
        ("Propos recueillis par Rokhaya Ndour", "Rokhaya Ndour"),
        ("By Reuters Staff", None),
        ("Par La rédaction", None),
        ("AFP - 3 mai 2023", None),
        ("Par ailleurs, le Niger attend", None),
        ("By Monday", None),
        ("Un rapport publié par Amnesty International", None),
        ("A song by Salif Keita", None),
    ],
)
def test_find_author(line: str, author: str | None) -> None:
    assert find_author([line]) == author


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Niamey, 26 juin 2023 (AFP) - Le pétrole coule.", "2023-06-26"),
        ("N'Djamena, 3 nov 2021 (AFP) - Douze personnes", "2021-11-03"),
        ("NIAMEY, June 26 (Reuters) - Niger's oil", "--06-26"),
        ("LUSAKA, Aug 9, 2023 (Newswire) -- Copper", "2023-08-09"),
        ("Le 26 juin 2023, le pétrole a coulé - enfin.", None),
        ("Niamey - Le pétrole coule.", None),
    ],
)
def test_dateline(line: str, date: str | None) -> None:
    assert dateline(line) == date


def test_an_update_is_not_the_publication() -> None:
    line = "Publié le 18 février 2020 à 06h00 - Mis à jour le 19 février 2020 à 11h47"
    assert (published_on(line), updated_on(line), lone_date(line)) == ("2020-02-18", "2020-02-19", "2020-02-18")
    assert published_on("Mis à jour le 19 février 2020") is None
    assert clean(f"Mis à jour le 19 février 2020\n\n{BODY}").metadata.origins["published"] == "update"
