"""Pages saved as text, with known truth: what is of the article is kept, what is of the page is not."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunk import chunk
from index.clean import clean, clean_document, tidy
from index.document import Document
from index.errors import ArticleError
from index.furniture import is_furniture, is_prose
from index.metadata import Metadata, told
from index.normalise import unglue, unwrap
from index.sentences import sentence_spans
from tests.strategies import any_text, character, prose

FIRST = "Le gouvernement du Bénin a signé mardi à Cotonou un accord de pêche avec le Togo, après deux ans de discussions."
SECOND = "« C’est une étape importante », a déclaré le ministre de la Pêche, Koffi Mensah, devant les journalistes."
THIRD = "Le texte entrera en vigueur le 1er mars 2025."

FRENCH_PAGE = f"""Accueil
Menu
Rechercher
Politique
Économie
Sport

Bénin-Togo : un accord de pêche signé à Cotonou

Publié le 14 janvier 2025
Temps de lecture : 3 min
Partager sur Facebook
Nous utilisons des cookies pour vous garantir la meilleure expérience. Accepter

{FIRST}

Lire aussi : Le Togo ouvre un port

{SECOND}

Un texte attendu

{THIRD}

Bénin
Togo
Pêche

Mots-clés : pêche, accord
Partager
WhatsApp
Abonnez-vous à notre newsletter pour recevoir nos articles
Votre adresse e-mail
Contacts : redaction@exemple.bj (+229) 21 30 00 00
© 2025 Le Matin Exemple. Tous droits réservés.
Laisser un commentaire
"""

ENGLISH_FIRST = "Kenya's parliament passed a water bill on Tuesday after a long debate in Nairobi, the speaker said."
ENGLISH_SECOND = "The law gives counties 40 billion shillings over three years to repair pipes and wells."
ENGLISH_PAGE = f"""Skip to content
Home
World
Subscribe

Kenya passes water bill after long debate

Published on 3 March 2024
5 min read
Share this on Twitter

{ENGLISH_FIRST}

Read more: Why wells run dry

{ENGLISH_SECOND}

Related articles
Sign up for our newsletter
We use cookies to improve your experience
Your email address will not be published. Required fields are marked *
Leave a comment
Copyright 2024 Example Times. All rights reserved.
Back to top
"""


def test_a_french_page() -> None:
    document = clean(FRENCH_PAGE)
    assert document.text == "\n\n".join([FIRST, SECOND, "Un texte attendu", THIRD])
    assert document.metadata.title == "Bénin-Togo : un accord de pêche signé à Cotonou"
    assert document.metadata.published == "2025-01-14"
    assert document.metadata.url is None


def test_an_english_page() -> None:
    document = clean(ENGLISH_PAGE)
    assert document.text == f"{ENGLISH_FIRST}\n\n{ENGLISH_SECOND}"
    assert document.metadata.title == "Kenya passes water bill after long debate"
    assert document.metadata.published == "2024-03-03"


def test_a_title_said_twice_is_the_title_and_not_text() -> None:
    heads = ["Un menu de quatre mots ici", "Accord de pêche", "Le Bénin signe", "Le Bénin signe enfin", "Le Bénin signe enfin"]
    page = "\n\n".join([*heads, FIRST, SECOND])
    document = clean(page)
    assert document.metadata.title == "Le Bénin signe enfin"
    assert document.text == f"{FIRST}\n\n{SECOND}"


def test_machine_debris_around_the_body() -> None:
    page = "\n".join(
        [
            "/html/head/meta[@name='og:title']/@content",
            "2025-01-14T08:30:00+0100",
            "fr_FR",
            "1920 1080 true",
            "https://cdn.exemple.bj/img/a.jpg",
            FIRST,
            SECOND,
            "12 34 56",
            "Exemple redaction@exemple.bj +22921300000",
        ]
    )
    document = clean(page)
    assert document.text == f"{FIRST}\n\n{SECOND}"
    assert document.metadata.published == "2025-01-14"
    assert document.metadata.url is None


def test_a_paragraph_said_twice_is_kept_once() -> None:
    assert clean(f"{FIRST}\n\n{SECOND}\n\n{FIRST}").text == f"{FIRST}\n\n{SECOND}"


def test_hard_wrapped_lines_are_joined() -> None:
    wrapped = (
        "Le gouvernement du Bénin a signé mardi à Cotonou un accord de pêche avec\n"
        "le Togo, après deux ans de discussions entre les deux capitales de cette\n"
        "région, où les pêcheurs attendaient un texte depuis la fin de l'année der-\n"
        "nière, selon un communiqué du ministère de la Pêche et des Ressources en\n"
        "eau publié dans la soirée.\n"
        "\n"
        "Le texte entrera en vigueur le 1er mars."
    )
    assert clean(wrapped).text == (
        "Le gouvernement du Bénin a signé mardi à Cotonou un accord de pêche avec le Togo, après deux ans de discussions entre les deux "
        "capitales de cette région, où les pêcheurs attendaient un texte depuis la fin de l'année dernière, selon un communiqué du "
        "ministère de la Pêche et des Ressources en eau publié dans la soirée.\n\nLe texte entrera en vigueur le 1er mars."
    )


def test_lines_of_a_list_are_not_joined() -> None:
    lines = ["Un", "Deux", "Trois", "", "Quatre"]
    assert unwrap(lines) == lines


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param("Le gouver\u00adnement a signé un accord.", "Le gouvernement a signé un accord.", id="soft_hyphen"),
        pytest.param(
            "Il vaut 12\u00a0000\u202ffrancs\u00a0: peu de chose.", "Il vaut 12 000 francs : peu de chose.", id="non_breaking_spaces"
        ),
        pytest.param("L'e\u0301te\u0301 a e\u0301te\u0301 chaud.", "L'été a été chaud.", id="composed"),
        pytest.param("Un\u200b mot\ufeff caché ici.", "Un mot caché ici.", id="zero_width"),
        pytest.param("Un\x07 bruit de cloche.\x00", "Un bruit de cloche.", id="control_characters"),
        pytest.param(
            "Une ligne de texte.\r\nUne autre ligne de texte.\r", "Une ligne de texte.\n\nUne autre ligne de texte.", id="line_breaks"
        ),
        pytest.param("  Une   ligne\tde texte.  ", "Une ligne de texte.", id="runs_of_spaces"),
    ],
)
def test_characters(raw: str, text: str) -> None:
    assert clean(raw).text == text


@pytest.mark.parametrize(
    "raw", ["", "\n\n", "Menu\nAccueil\nRechercher\n", "https://exemple.bj/a/b\n2025-01-14T08:30:00+0100", "*****\n-----"]
)
def test_nothing_to_quote(raw: str) -> None:
    with pytest.raises(ArticleError, match="no article text"):
        clean(raw)


def test_a_short_note_without_a_full_stop_is_kept() -> None:
    assert clean("Réunion reportée à mardi").text == "Réunion reportée à mardi"


@pytest.mark.parametrize(
    ("glued", "parted"),
    [
        pytest.param("Il est à Moscou.La Russie attend.", "Il est à Moscou. La Russie attend.", id="sentences"),
        pytest.param('Il est parti."Nous restons", dit-elle.', 'Il est parti. "Nous restons", dit-elle.', id="quote"),
        pytest.param(
            "Un accord entre les paysAli parle. Puis Ali sort.", "Un accord entre les pays\n\nAli parle. Puis Ali sort.", id="heading"
        ),
        pytest.param("Elle vole avec easyJet vers Nice.", "Elle vole avec easyJet vers Nice.", id="name_with_a_capital_inside"),
        pytest.param("« Nous restons »,a dit Ali,hier.", "« Nous restons », a dit Ali, hier.", id="commas"),
        pytest.param("Il vaut 3,5 et x,y dans a/b,cd ou a,b=c.", "Il vaut 3,5 et x,y dans a/b,cd ou a,b=c.", id="not_commas_of_prose"),
        pytest.param("Il est parti.« Nous restons »", "Il est parti. « Nous restons »", id="french_quote"),
        pytest.param('Il dit "non".Puis il part.', 'Il dit "non". Puis il part.', id="behind_a_quote"),
        pytest.param('He said "Go home." Then "Now!" Then he left.', 'He said "Go home." Then "Now!" Then he left.', id="closing_quote"),
        pytest.param("Il vaut 3 €.Elle a 9 m².Le « bac ».Un tri.", "Il vaut 3 €. Elle a 9 m². Le « bac ». Un tri.", id="behind_signs"),
        pytest.param("Il vaut 3.5 et le site est lemonde.fr ici.", "Il vaut 3.5 et le site est lemonde.fr ici.", id="not_sentences"),
    ],
)
def test_unglue(glued: str, parted: str) -> None:
    assert unglue(glued) == parted


@pytest.mark.parametrize(
    "line",
    [
        "Lire aussi : Le Togo ouvre un port",
        "Partager sur Facebook",
        "Abonnez-vous à notre newsletter",
        "Tous droits réservés",
        "Mots-clés : pêche",
        "Laisser un commentaire",
        "3 commentaires",
        "Temps de lecture : 3 min",
        "Read more: Why wells run dry",
        "Share this",
        "All rights reserved",
        "Skip to content",
        "We use cookies to improve your experience",
        "https://exemple.bj/x",
        "2025-01-14T08:30:00+0100",
        "fr_FR",
        "1920 1080 true",
        "/html/head/meta[@name='og:title']/@content",
        "Contacts : redaction@exemple.bj (+229) 21 30 00 00",
        "* * *",
        "Advertisement",
        "12:50FranceLes profs sont épuisés",
        "Fil info",
        "Lecture : 3 minutes.",
        "Cet article vous a-t-il été utile ?",
        "Support local journalism",
        "Follow Dana Whitlock on Twitter @danawexample.",
        "Suivez le club sur Facebook !",
        "Watch video below:",
        "Offre spéciale : 1 € le premier mois",
    ],
)
def test_lines_of_the_page(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        FIRST,
        SECOND,
        THIRD,
        ENGLISH_FIRST,
        ENGLISH_SECOND,
        "Terms of the agreement were not disclosed by the two governments on Monday, officials said.",
        "Loading docks at the port of Lagos were closed on Monday after a strike by the workers.",
        "Copyright cases rose by a fifth last year, according to figures of the ministry of justice.",
        "Privacy policy changes at the company drew criticism from regulators across Europe on Monday.",
        "Support local journalism or lose it: that was the message of the mayor to the three hundred readers who came to the town hall.",
        "Watch the video of the arrest closely and the officer's account falls apart, the lawyer said.",
        "Facebook a annoncé lundi la fermeture de son bureau de Lagos, ouvert il y a trois ans.",
        "Partager les eaux du fleuve reste le premier objet des négociations entre les trois pays voisins.",
        "Le ministre a donné son numéro de téléphone aux familles des victimes de l'inondation.",
        "Les articles récents du code pénal ne prévoient aucune peine de ce genre, a rappelé le juge.",
    ],
)
def test_lines_of_the_article(line: str) -> None:
    assert not is_furniture(line)
    assert is_prose(line)


@given(
    st.one_of(
        any_text,
        prose,
        st.lists(
            st.sampled_from(
                [
                    FIRST,
                    SECOND,
                    "date 2023-13 x",
                    "date 2024-02-30",
                    "9999-99-99T99:99:99",
                    "0000-00-00T00:00:00",
                    "http://[votre-site]/page",
                    "https://[::1/x/y",
                    "Tıtle: un",
                    "SİTE: deux",
                    "url: http://[a]/b",
                    "Date: hier",
                    "source: ",
                    "titre = Un titre de page",
                    "31/02/2024, Un site",
                    "http://exemple.bj:port/page",
                ]
            ),
            max_size=8,
        ).map("\n".join),
        st.text(character),
    )
)
def test_any_text_is_cleaned_or_refused(raw: str) -> None:
    try:
        document = clean(raw)
    except ArticleError:
        return
    text = document.text
    assert any(char.isalnum() for char in text)
    assert text == text.strip()
    assert unicodedata.is_normalized("NFC", text)
    assert not [char for char in text if char != "\n" and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co")]
    assert "\u00a0" not in text


@given(prose)
def test_every_word_of_clean_prose_was_in_the_page(raw: str) -> None:
    try:
        text = clean(raw).text
    except ArticleError:
        return
    before = "".join(unicodedata.normalize("NFC", raw).split())
    for line in text.split("\n\n"):
        assert "".join(line.split()) in before


@pytest.mark.timeout(20)
@pytest.mark.parametrize("run", ["a", "0", "A.", ".", "Aa", "a-", "1/", "a@", "*", "[a"])
def test_one_endless_word_stalls_nothing(run: str) -> None:
    # A dump of bytes pasted in a text: work that grew with the square of its length would take minutes.
    endless = run * (120_000 // len(run))
    text = clean(f"{FIRST}\n\n{endless} est cité ici.\n\n{SECOND}").text
    assert text.startswith(FIRST)
    assert text.endswith(SECOND)
    assert chunk(text, sentence_spans(text, "fr"))[-1][1] == len(text)


@pytest.mark.timeout(20)
def test_one_endless_line_stalls_nothing() -> None:
    text = clean(" ".join([SECOND] * 5_000)).text
    assert chunk(text, sentence_spans(text, "fr"))[-1][1] == len(text)


def test_tidy_repairs_and_drops_nothing() -> None:
    assert tidy("Menu\n\nIl est Ã\xa0 Moscou.La Russie\u00ad attend.\nPartager") == "Menu\n\nIl est à Moscou. La Russie attend.\n\nPartager"


def test_a_document_that_a_reader_has_told_from_its_page() -> None:
    document = Document(text=f"Partager\n\n{FIRST}", digest="", metadata=told("JSON-LD", published="2025-01", title="Un accord"))
    found = clean_document(document, "2025-01-14-accord.html")
    assert found.text == f"Partager\n\n{FIRST}"
    assert found.metadata == Metadata(title="Un accord", published="2025-01-14", language="fr")
    assert found.metadata.origins == {"title": "JSON-LD", "published": "file name", "language": "text"}


def test_a_dateline_dates_what_its_container_does_not() -> None:
    text = "NIAMEY, 26 juin 2023 (Agence) - Le Bénin et le Togo ont signé un accord de pêche."
    found = clean_document(Document(text=text, digest=""), "depeche.docx")
    assert (found.metadata.published, found.metadata.origins["published"]) == ("2023-06-26", "dateline")
    stated = told("Word properties", published="2024-02-01")
    assert clean_document(Document(text=text, digest="", metadata=stated), "depeche.docx").metadata.published == "2023-06-26"


def test_the_day_of_the_text_only_refines_what_its_container_says() -> None:
    text = "Le Bénin et le Togo ont signé, ce lundi 26 juin 2023 à Cotonou, un accord de pêche."
    stated = told("column", published="2023-06")
    metadata = clean_document(Document(text=text, digest="", metadata=stated), "a.csv").metadata
    assert (metadata.published, metadata.origins["published"]) == ("2023-06-26", "column, text")
    assert clean_document(Document(text=text, digest=""), "a.csv").metadata.published is None
    page = clean_document(Document(text=f"Date : juin 2023\n{text}", digest="", scraped=True), "a.txt").metadata
    assert (page.published, page.origins["published"]) == ("2023-06-26", "header, text")


def test_fields_hold_what_a_text_may() -> None:
    stated = told("column", title="Un \x1b[31maccord\x1b]0;x\x07 de\u00a0pÃªche\u202e", source="Le\nMatin", author="Ali\x00 Moussa")
    metadata = clean_document(Document(text=FIRST, digest="", metadata=stated), "a.csv").metadata
    assert (metadata.title, metadata.source, metadata.author) == ("Un [31maccord]0;x de pêche", "Le Matin", "Ali Moussa")


def test_an_address_names_the_site_where_nothing_else_does() -> None:
    stated = told("front matter", url="https://www.exemple.bj/a")
    metadata = clean_document(Document(text=FIRST, digest="", metadata=stated), "a.md").metadata
    assert (metadata.source, metadata.origins["source"]) == ("exemple.bj", "host")
    assert clean_document(Document(text=FIRST, digest="", metadata=told("column", url="https://[x")), "a.csv").metadata.source is None


def test_a_title_with_a_picture_right_below_it() -> None:
    heads = ["Accueil", "Toutes les news Monde", "Le Bénin et le Togo signent un accord", "©Panoramic", "A lire aussi", "Monde",
             "Un port ouvre à Lomé", "Agence, publié le mardi 14 janvier 2025 à 19h32"]  # fmt: skip
    found = clean("\n".join([*heads, FIRST, SECOND]))
    assert (found.metadata.title, found.metadata.published) == ("Le Bénin et le Togo signent un accord", "2025-01-14")
    assert found.text == f"{FIRST}\n\n{SECOND}"


def test_a_caption_with_a_credit_below_it_is_no_title() -> None:
    heads = ["Le Bénin et le Togo signent un accord", "Des pirogues devant le port de Cotonou", "©Panoramic", "14 janvier 2025"]
    assert clean("\n".join([*heads, FIRST, SECOND])).metadata.title == "Le Bénin et le Togo signent un accord"


def test_teasers_cut_short_hide_no_date() -> None:
    teasers = [line for number in range(1, 6) for line in ("News", f"Le procès du maire : ce que dit le numéro {number} ... du ...",
                                                           f"0{number} février 2025")]  # fmt: skip
    heads = [*teasers, "Le Bénin et le Togo signent un accord", "AFP, publié le mardi 14 janvier 2025 à 10h29"]
    found = clean("\n".join([*heads, FIRST, SECOND]), date(2025, 3, 1))
    assert (found.metadata.title, found.metadata.published) == ("Le Bénin et le Togo signent un accord", "2025-01-14")


def test_a_headline_of_the_ticker_above_the_title_is_not_it() -> None:
    title = "Bénin-Togo : un accord de pêche signé à Cotonou après deux ans"
    heads = ["DERNIÈRE MINUTE", "Lutte : Gris 2 bat Tapha par chute", title, "Rédigé par Ada Pell le 14 janvier 2025"]
    assert clean("\n".join([*heads, FIRST, SECOND, THIRD])).metadata.title == title
    own = "Un accord de pêche bien tard"
    assert clean("\n".join([own, title, "Rédigé par Ada Pell le 14 janvier 2025", FIRST, SECOND, THIRD])).metadata.title == own


def test_a_caption_that_names_more_of_the_article_is_not_the_title() -> None:
    title, caption = "Nairobi finally agrees, and not a day too soon", "The speaker of Kenya's parliament in Nairobi"
    heads = [title, "Ada Pell", "Reporter:", "Ada Pell", "March 3, 2024", "Email:", "ada@paper.example", caption]
    found = clean("\n".join([*heads, ENGLISH_FIRST, ENGLISH_SECOND])).metadata
    assert (found.title, found.published) == (title, "2024-03-03")


def test_an_update_written_with_the_month_first() -> None:
    page = ["Kenya passes water bill", "Updated January 29 2020 - 4:15pm, first published 9:00am", ENGLISH_FIRST, ENGLISH_SECOND]
    assert clean("\n".join(page)).metadata.published == "2020-01-29"


def test_the_name_of_the_site_above_a_date_is_not_the_title() -> None:
    heads = ["Agence Nouvelles du Sahel", "14 janvier 2025", "Société", "Togo : la pêche en commun", "Toutes nos dépêches"]
    assert clean("\n".join([*heads, FIRST, SECOND, THIRD])).metadata.title == "Togo : la pêche en commun"


def test_names_with_ages_are_of_a_list_of_the_dead_and_not_titles() -> None:
    heads = ["Latest obituaries", "Delbert J. Ankrum, 91", "Rev. Otis Pell, 77", "Kenya passes water bill", "By Ada Pell", "March 3, 2024"]
    assert clean("\n".join([*heads, ENGLISH_FIRST, ENGLISH_SECOND])).metadata.title == "Kenya passes water bill"


def test_a_live_page_is_known_by_the_line_that_leads_into_it() -> None:
    title, lead = (
        "Kenya votes on water bill – live",
        "Counties could get 40 billion shillings to repair pipes as the long debate comes to a close",
    )
    heads = [
        title,
        "This live blog is now closed",
        lead,
        "Latest: speaker calls vote",
        "Key events",
        "5h ago Summary",
        "Ada Pell (now) and Tom Reed (earlier)",
    ]
    found = clean("\n".join([*heads, ENGLISH_FIRST, ENGLISH_SECOND]))
    assert found.metadata.title == title
    assert found.text == f"{lead}\n\n{ENGLISH_FIRST}\n\n{ENGLISH_SECOND}"


@pytest.mark.parametrize(
    ("line", "author"),
    [
        pytest.param("Ada Pell | apell@paper.example", "Ada Pell", id="with_an_address"),
        pytest.param("Ada Pell (avec Tom Reed)", "Ada Pell", id="with_another"),
        pytest.param("Ada Pell (now) and Tom Reed (earlier)", "Ada Pell", id="in_turn"),
        pytest.param("Auteur : Ada Pell", "Ada Pell", id="behind_a_colon"),
        pytest.param("Rédigé par Ada Pell le Lundi 4 Mars 2024 à 11:24", "Ada Pell", id="with_a_day"),
        pytest.param("Words Ada Pell", "Ada Pell", id="of_a_magazine"),
        pytest.param("Words Matter", None, id="a_heading_that_begins_like_one"),
        pytest.param("PARTAGES", None, id="a_word_that_begins_like_par"),
        pytest.param("Port Amity (Kenya)", None, id="a_place"),
    ],
)
def test_bylines(line: str, author: str | None) -> None:
    page = ["Kenya passes water bill", line, "March 3, 2024", ENGLISH_FIRST, ENGLISH_SECOND]
    assert clean("\n".join(page)).metadata.author == author


def test_a_name_above_an_office_is_the_author() -> None:
    page = ["Kenya passes water bill", "Ada Pell", "Water correspondent, Nairobi", ENGLISH_FIRST, ENGLISH_SECOND]
    assert clean("\n".join(page)).metadata.author == "Ada Pell"
    place = ["Kenya passes water bill", "Port Amity", "A town of the coast", ENGLISH_FIRST, ENGLISH_SECOND]
    assert clean("\n".join(place)).metadata.author is None


def test_a_scraped_document() -> None:
    found = clean_document(Document(text=ENGLISH_PAGE, digest="", scraped=True), "page.txt")
    assert found.text == f"{ENGLISH_FIRST}\n\n{ENGLISH_SECOND}"
    assert found.metadata.language == "en"
    assert found.metadata.origins == {"title": "heading", "published": "byline", "language": "text"}


@pytest.mark.parametrize("scraped", [True, False])
def test_a_document_without_text(scraped: bool) -> None:
    with pytest.raises(ArticleError, match="no article text"):
        clean_document(Document(text=" *** ", digest="", scraped=scraped), "a.txt")


@pytest.mark.timeout(60)
@given(
    st.lists(
        st.sampled_from(
            ["Par ", "Publié le ", "2023 ", "A", "a.B", "Accueil > ", "|", "© ", "Â©", "- ", "1/", "é", "(photo ", '"', "\u00a0"]
        ),
        min_size=1,
        max_size=6,
    ),
    st.integers(1, 4000),
)
def test_long_odd_lines_stall_nothing(parts: list[str], times: int) -> None:
    odd = "".join(parts) * times
    assert tidy(odd).count("A") == odd.count("A")
    assert SECOND in clean(f"{FIRST}\n{odd}\n{SECOND}").text
