"""Which lines of a page are the article."""

import pytest

from index.body import article_lines
from index.furniture import is_furniture

FIRST = "Le conseil municipal de Dosso a adopté vendredi le budget de la commune, en hausse de quatre pour cent."
SECOND = "Les élus de l'opposition ont quitté la salle avant le vote."
THIRD = "Une nouvelle séance est prévue au mois de mai."


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        pytest.param([FIRST, "Un vote serré", SECOND], [FIRST, "Un vote serré", SECOND], id="a_heading"),
        pytest.param([FIRST, "Dosso", "Budget", SECOND], [FIRST, SECOND], id="tags"),
        pytest.param(
            [FIRST, "Voici le détail voté :", "Écoles 12", "Routes 30", SECOND],
            [FIRST, "Voici le détail voté :", "Écoles 12", "Routes 30", SECOND],
            id="a_table",
        ),
        pytest.param([FIRST, "- les écoles", "- les routes", SECOND], [FIRST, "- les écoles", "- les routes", SECOND], id="a_list"),
        pytest.param([FIRST, "Lire aussi", "Un pont à Gaya", SECOND], [FIRST, SECOND], id="an_aside"),
        pytest.param([FIRST, "Lire aussi : Un pont à Gaya", SECOND], [FIRST, SECOND], id="a_link"),
        pytest.param(["Que dit le maire ?", FIRST, "Et vous ?", "Non.", SECOND], [FIRST, "Et vous ?", "Non.", SECOND], id="short_replies"),
        pytest.param(
            [FIRST, SECOND, "2 commentaires", "Bravo au maire et à toute son équipe pour ce beau budget."], [FIRST, SECOND], id="comments"
        ),
        pytest.param(["3 commentaires", FIRST, SECOND], [FIRST, SECOND], id="a_counter_of_comments_on_top"),
        pytest.param(
            [FIRST, SECOND, "Articles similaires", "Le maire de Gaya a été élu hier soir.", "Il pleut."],
            [FIRST, SECOND],
            id="other_articles",
        ),
        pytest.param([FIRST, "Photo : le maire, hier.", SECOND], [FIRST, SECOND], id="a_caption"),
        pytest.param([FIRST, SECOND, FIRST, THIRD], [FIRST, SECOND, THIRD], id="said_twice"),
    ],
)
def test_article_lines(lines: list[str], kept: list[str]) -> None:
    assert article_lines(lines) == kept


def test_the_standfirst_is_kept_though_it_ends_like_a_heading() -> None:
    title, standfirst = "Dosso vote son budget", "Les élus de l'opposition ont quitté la salle avant le vote à main levée"
    lines = [title, standfirst, "Par Ali Moussa", FIRST, SECOND]
    assert article_lines(lines, title, "Ali Moussa") == [standfirst, FIRST, SECOND]


def test_the_box_of_the_author_ends_the_article() -> None:
    lines = [FIRST, SECOND, "Ali Moussa", "Ali Moussa est journaliste à Dosso depuis douze ans."]
    assert article_lines(lines, None, "Ali Moussa") == [FIRST, SECOND]


@pytest.mark.parametrize(
    "line",
    [
        "Nous et nos 613 partenaires stockons des cookies sur votre terminal pour afficher des publicités personnalisées.",
        "We and our 842 partners store cookies on your device to serve personalised ads.",
        "Il vous reste 74.12% de cet article à lire. La suite est réservée aux abonnés.",
        "Vous avez déjà un compte ? Entrez votre mot de passe et votre e-mail.",
        "Le maire et ses adjoints, le 3 mai à Dosso. © Ali Moussa / Agence",
        "Fishing boats at dawn on Monday. Photograph: Tom Ridley/The Courier",
        "14h05",
        "MSK/CA/AEX",
        "Accueil > Politique > Élections",
        "Reporting by Peter Sakala; Editing by Ann Hobbs",
    ],
)
def test_lines_of_the_page(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "Le quotidien a perdu un dixième de ses abonnés et la moitié de sa publicité en cinq ans, selon son directeur.",
        "« Nous lisons vos commentaires et votre courrier », assure la ministre, qui a ouvert un compte sur un réseau social.",
        "La loi oblige les sites à demander le consentement avant de déposer des cookies, rappelle la commission.",
        "Elle a été nommée à ce poste par le président en 2017.",
        "Selon l'éditeur, le premier tome, publié en 1997, demeure le plus vendu de tous.",
        "Menu unique à la cantine : les parents d'élèves protestent.",
        "Voir aussi loin dans le passé de l'univers demande un miroir de six mètres cinquante, expliquent les astronomes, qui en "
        "rêvaient depuis plus de trente ans.",
    ],
)
def test_lines_of_the_article(line: str) -> None:
    assert not is_furniture(line)
    assert article_lines([FIRST, line, SECOND]) == [FIRST, line, SECOND]
