"""The articles that ship with Griot: untouched, and read right."""

import hashlib

import pytest

from index.clean import CleanDocument, clean
from index.read import read_file
from tests.paths import SEEDS

SHA256 = {
    "000_e31c5e6a7ec759d1.txt": "bb47651ad356d430bcf31e230f7a624c20110cdef4f63e6bc757117c8db453bc",
    "001_30de79932a313d96.txt": "5af78774e3089a0632519485fcea565e75c1d9ba0a175f3cbbc194f6f2106f16",
    "002_a2448660cf064e09.txt": "5cd6967f7b8c8187e451d8f4dd628f0108e960ac6d61f7ea3a9bde296b58f4e2",
    "003_9a3e68ef7874bfea.txt": "72859a45bc4788732a48c4c88257a87775483cc55afb74c025f5c793e6691145",
    "004_c182ba5a6abb9fb6.txt": "f6cc2585e1473442841404873875124c843b066c518a28db48bc070e15f85b66",
}
SPUTNIK = "https://fr.sputniknews.africa/20240119/le-niger-mise-sur-la-russie-pour-le-renforcement-de-ses-capacites-antiterroristes-1064694599.html"


def read(number: str) -> CleanDocument:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    return clean(read_file(path).text)


def test_the_five_files_are_as_they_came() -> None:
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in SEEDS.glob("*.txt")} == SHA256


@pytest.mark.parametrize(
    ("number", "title", "published", "url"),
    [
        ("000", None, "2023-07", None),
        ("001", "Le Niger mise sur la Russie pour le renforcement de ses capacités antiterroristes", "2024-01-19", SPUTNIK),
        ("002", None, None, None),
        ("003", "Niger : des instructeurs russes déjà à Niamey", None, None),
        ("004", "Niger-Russie : Nouvelle alliance pour la sécurité Sahélienne", None, None),
    ],
)
def test_what_each_says_of_itself(number: str, title: str | None, published: str | None, url: str | None) -> None:
    metadata = read(number).metadata
    assert (metadata.title, metadata.published, metadata.url) == (title, published, url)


@pytest.mark.parametrize(
    ("number", "source"), [("000", None), ("001", "Sputnik Afrique"), ("002", None), ("003", "Referenceur"), ("004", "Journal du niger")]
)
def test_the_site_of_each(number: str, source: str | None) -> None:
    assert read(number).metadata.source == source


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
@pytest.mark.parametrize(
    "debris",
    [
        "@",
        "http",
        "/html",
        "Abonnez",
        "+7495",
        "fr_FR",
        "1920",
        "Continue reading",
        "Laisser un commentaire",
        "Bouton retour",
        "Archives -",
        "MAGNAWOE",
        "\x1e",
    ],
)
def test_no_debris(number: str, debris: str) -> None:
    assert debris not in read(number).text


@pytest.mark.parametrize(
    ("number", "opening", "ending"),
    [
        (
            "000",
            "Une nouvelle étape de leadership en matière de coopération",
            "ils peuvent être des partenaires stratégiques l’un pour l’autre.",
        ),
        ("001", "Niamey attend que Moscou l’aide", 'la mise en commun de nos moyens pour nous défendre", a dit Ali Lamine Zeine.'),
        ("002", "Dans une démarche visant à renforcer les relations bilatérales", "sur plusieurs aspects de la vie nationale nigérienne."),
        ("003", "Le Niger a récemment pris la décision", "le développement économique et l’aide humanitaire."),
        ("004", "Dans un monde où les dynamiques géopolitiques", "vers la paix et la stabilité dans la région."),
    ],
)
def test_the_whole_body_is_kept(number: str, opening: str, ending: str) -> None:
    text = read(number).text
    assert text.startswith(opening)
    assert text.endswith(ending)


def test_a_description_whose_end_is_the_date_and_site_loses_only_them() -> None:
    assert "Ali Lamine Zeine, Premier ministre...\n" in read("001").text


@pytest.mark.parametrize(
    "parted",
    [
        "à Moscou. La Russie",
        "Ali Lamine Zeine. Plus tôt",
        'Salifou Mody. "Rapports millénaires"',
        "trois pays\n\nAli Lamine",
        "Burkina Faso. Créée",
    ],
)
def test_glued_sentences_are_parted(parted: str) -> None:
    assert parted in read("001").text
