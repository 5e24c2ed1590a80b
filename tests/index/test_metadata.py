"""What a page says about itself."""

import pytest

from index.clean import clean
from index.dates import first_day, last_day
from index.metadata import Metadata

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
