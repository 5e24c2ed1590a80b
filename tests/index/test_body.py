"""Which lines of a page are the article."""

import pytest

from index.body import article_lines
from index.furniture import is_furniture

FIRST = "Le conseil municipal de Dosso a adopté vendredi le budget de la commune, en hausse de quatre pour cent."
SECOND = "Les élus de l'opposition ont quitté la salle avant le vote."
THIRD = "Une nouvelle séance est prévue au mois de mai."
LAST = "Le maire de Dosso n'a pas souhaité répondre à nos questions avant cette date."
SHOUTED = "« Nous avons honte, les élus ont quitté la salle. La salle. Voilà où en est la ville », a lancé un habitant."


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
        pytest.param(
            [FIRST, SECOND, "1.Posté par Ali le 06/03/2023 12:03", "Bravo au maire et à toute son équipe."],
            [FIRST, SECOND],
            id="a_numbered_comment",
        ),
        pytest.param(
            [FIRST, SECOND, "Nouveau commentaire :", "Bravo au maire et à son équipe."], [FIRST, SECOND], id="a_form_for_comments"
        ),
        pytest.param(["3 commentaires", FIRST, SECOND], [FIRST, SECOND], id="a_counter_of_comments_on_top"),
        pytest.param(
            [FIRST, SECOND, "Articles similaires", "Le maire de Gaya a été élu hier soir.", "Il pleut."],
            [FIRST, SECOND],
            id="other_articles",
        ),
        pytest.param([FIRST, "Photo : le maire, hier.", SECOND], [FIRST, SECOND], id="a_caption"),
        pytest.param([FIRST, SECOND, FIRST, THIRD], [FIRST, SECOND, THIRD], id="said_twice"),
        pytest.param(
            [FIRST, SECOND, "« Les élus ont quitté la salle. »", SHOUTED], [FIRST, SECOND, SHOUTED], id="a_pull_quote_above_its_paragraph"
        ),
        pytest.param([FIRST, SHOUTED, "« La salle. »", THIRD], [FIRST, SHOUTED, "« La salle. »", THIRD], id="a_short_quotation_said_again"),
        pytest.param(
            [FIRST, SHOUTED, "« Les élus ont quitté »", THIRD],
            [FIRST, SHOUTED, "« Les élus ont quitté »", THIRD],
            id="a_quotation_as_a_heading",
        ),
        pytest.param(
            [FIRST, SECOND, "Que pensez-vous de ce budget ?", "Du bien", "Rien", "Voter", "1 284 votes", THIRD],
            [FIRST, SECOND, THIRD],
            id="a_poll",
        ),
        pytest.param(
            [FIRST, "Qui l'emporte, selon vous ?", "Oui.", "Non.", "1 284 votes", THIRD],
            [FIRST, "Qui l'emporte, selon vous ?", "Oui.", "Non.", THIRD],
            id="answers_above_a_number_of_votes",
        ),
        pytest.param(
            [FIRST, "Chiffres clés", "12 écoles", "30 routes", SECOND],
            [FIRST, "Chiffres clés", "12 écoles", "30 routes", SECOND],
            id="figures",
        ),
        pytest.param(
            [FIRST, "Numéros utiles", "Mairie : 0800 97 40 40", "Places restantes : 12", SECOND],
            [FIRST, "Numéros utiles", "Mairie : 0800 97 40 40", "Places restantes : 12", SECOND],
            id="labels_with_figures",
        ),
        pytest.param(
            [FIRST, "Le dessous des cartes", "Dosso : 12 écoles", "Routes : 30 km", SECOND],
            [FIRST, "Le dessous des cartes", "Dosso : 12 écoles", "Routes : 30 km", SECOND],
            id="labels_with_figures_under_any_heading",
        ),
        pytest.param(
            [FIRST, "Le meilleur du Sahel", "Cliquez ici pour en voir plus", SECOND], [FIRST, SECOND], id="a_label_above_a_button"
        ),
        pytest.param(
            [FIRST, "Un vote serré", "Publicité", SECOND], [FIRST, "Un vote serré", SECOND], id="a_heading_above_an_advertisement"
        ),
        pytest.param([FIRST, "Lire aussi", "Qui sont les élus ?", SECOND], [FIRST, SECOND], id="a_link_that_asks"),
        pytest.param(
            [FIRST, "Lire aussi", "Un pont à Gaya", "Que dit le maire ?", SECOND],
            [FIRST, "Que dit le maire ?", SECOND],
            id="a_question_below_a_link",
        ),
        pytest.param(
            [FIRST, "Lire la suite", "Que dit le maire ?", SECOND], [FIRST, "Que dit le maire ?", SECOND], id="a_question_below_a_button"
        ),
        pytest.param(
            [FIRST, SECOND, "Ce qu'il manque", "Du savon", "Des ardoises", "Une clôture", THIRD, LAST],
            [FIRST, SECOND, "Ce qu'il manque", "Du savon", "Des ardoises", "Une clôture", THIRD, LAST],
            id="a_list_that_nothing_announces",
        ),
        pytest.param(
            [FIRST, SECOND, "Vous pourriez lire", "Un pont ouvre enfin à Gaya", "Le prix du mil monte encore", THIRD, LAST],
            [FIRST, SECOND, THIRD, LAST],
            id="headlines_that_nothing_announces",
        ),
        pytest.param(
            [FIRST, SECOND, "Dosso", "Budget", "Vote", "Partager", THIRD, LAST], [FIRST, SECOND, THIRD, LAST], id="tags_above_a_button"
        ),
        pytest.param(
            ["Dosso", "Budget", "Vote", FIRST, SECOND, "Dosso", "Budget", "Vote", THIRD, LAST],
            [FIRST, SECOND, THIRD, LAST],
            id="a_menu_twice",
        ),
        pytest.param(
            [SHOUTED, "« Voilà où en est la ville »", SECOND], [SHOUTED, SECOND], id="a_pull_quote_without_a_stop_below_its_paragraph"
        ),
        pytest.param(
            [FIRST, "« Voilà où en est la ville »", SHOUTED],
            [FIRST, "« Voilà où en est la ville »", SHOUTED],
            id="a_quotation_above_its_paragraph",
        ),
        pytest.param(
            ["Sommaire", "1. Le vote", "2. La suite", FIRST, "1. Le vote", SECOND, "2. La suite", THIRD],
            [FIRST, "1. Le vote", SECOND, "2. La suite", THIRD],
            id="headings_in_a_table_of_contents",
        ),
        pytest.param([FIRST, "→ À lire aussi : Un pont à Gaya", SECOND], [FIRST, SECOND], id="a_link_behind_an_arrow"),
        pytest.param(
            [FIRST, "Ont voté pour :", "Ali Moussa", "Ada Diallo", "Issa Oumarou", "Publicité", SECOND],
            [FIRST, "Ont voté pour :", "Ali Moussa", "Ada Diallo", "Issa Oumarou", SECOND],
            id="a_short_line_that_announces_names",
        ),
        pytest.param(
            [FIRST, "La salle a ri.", "Puis crié.", "Sur le même sujet", "Un pont à Gaya", SECOND, THIRD],
            [FIRST, "La salle a ri.", "Puis crié.", SECOND, THIRD],
            id="short_sentences_above_a_box",
        ),
        pytest.param(
            [FIRST, "La salle a ri.", "Lire aussi", "Un pont à Gaya", SECOND],
            [FIRST, "La salle a ri.", SECOND],
            id="a_short_sentence_above_links",
        ),
        pytest.param([FIRST, SECOND, "18h32", "Ali Moussa", THIRD], [FIRST, SECOND, THIRD], id="who_wrote_an_entry_of_a_live_page"),
        pytest.param(
            ["La séance est levée. Voici ce qui a été voté :", "- les écoles", "- les routes", FIRST],
            ["La séance est levée. Voici ce qui a été voté :", "- les écoles", "- les routes", FIRST],
            id="an_announcement_on_top",
        ),
    ],
)
def test_article_lines(lines: list[str], kept: list[str]) -> None:
    assert article_lines(lines) == kept


def test_the_standfirst_is_kept_though_it_ends_like_a_heading() -> None:
    title, standfirst = "Dosso vote son budget", "Les élus de l'opposition ont quitté la salle avant le vote à main levée"
    lines = [title, standfirst, "Par Ali Moussa", FIRST, SECOND]
    assert article_lines(lines, title, "Ali Moussa") == [standfirst, FIRST, SECOND]


def test_an_article_goes_on_below_a_box_where_paragraphs_name_who_was_named() -> None:
    opening = [
        FIRST,
        SHOUTED,
        "Le maire, Issa Oumarou, a défendu pendant deux heures un budget que personne n'avait lu, et que peu ont voté.",
    ]
    box = ["Vous aimerez aussi :", "Un pont à Gaya", "Le prix du mil", "Les écoles rouvrent"]
    end = ["Il a promis un vote en mai.", "Personne n'a cru Issa Oumarou."]
    teasers = ["Le maire défend son budget", "Issa Oumarou répond à nos questions.", "Un pont à Gaya", "Les travaux commencent en mai."]
    assert article_lines([*opening, *box, *end]) == [*opening, *end]
    assert article_lines([*opening, *box, *teasers]) == opening
    assert article_lines([*opening, *box, "Il pleut sur le Sahel.", "Le mil est cher."]) == opening


def test_an_article_goes_on_below_lines_that_nothing_tells() -> None:
    opening = [
        FIRST,
        SHOUTED,
        "Le maire a défendu pendant deux heures un budget que personne n'avait lu, et que peu ont voté vendredi soir.",
    ]
    odd = ["Dosso", "Budget", "Imprimer", "Vote"]
    assert article_lines([*opening, *odd, "Il pleut sur le Sahel.", "Le mil est cher."]) == [
        *opening,
        "Il pleut sur le Sahel.",
        "Le mil est cher.",
    ]
    assert article_lines([*opening, *odd, "Il pleut sur le Sahel."]) == opening
    assert article_lines([*opening, *odd, "Le budget est voté."], "Dosso vote son budget") == [*opening, "Le budget est voté."]


def test_who_the_author_is_ends_the_article_unless_it_goes_on() -> None:
    life = "Ali Moussa est journaliste à Dosso depuis douze ans."
    assert article_lines([FIRST, SECOND, life, "Il aime le thé."], None, "Ali Moussa") == [FIRST, SECOND]
    assert article_lines([FIRST, SECOND, life, THIRD, LAST], None, "Ali Moussa") == [FIRST, SECOND, THIRD, LAST]
    assert article_lines([FIRST, SECOND, life, THIRD], None, "Ada Pell") == [FIRST, SECOND, life, THIRD]


def test_how_to_write_to_the_author_is_of_the_page() -> None:
    assert article_lines([FIRST, SECOND, "Contactez Ali Moussa au 555-0119.", THIRD], None, "Ali Moussa") == [FIRST, SECOND, THIRD]
    others = "Contactez Ada Diallo au 555-0119."
    assert article_lines([FIRST, SECOND, others, THIRD], None, "Ali Moussa") == [FIRST, SECOND, others, THIRD]


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
        "La suite après cette publicité",
        "Voir la recette",
        "HANDING OVER: Ada Pell with the new captain. Picture: Tom Reed",
        "Ada Pell with the bottle at Elmouth. Image: Tom Reed/FC Media.",
        "Légendes et crédits photo :",
        "Vous avez trouvé une erreur? Merci de nous la signaler.",
        "Is there anything wrong with this page?",
        "En renseignant votre adresse, vous acceptez de recevoir nos lettres d'information.",
        "Notes to editors",
        "- ENDS -",
        "Nom * :",
        "[READ ALSO] Senate to probe school chairs",
        "Contenu exclusif pour nos abonnés",
        "Stay informed! Follow The Courier on WhatsApp for real-time updates and breaking news.",
        "Votre don est déductible de vos impôts à hauteur de 66 %.",
        "La suite de l'article se poursuit sous la publicité",
        "Regardez le reportage :",
        "Durée de la vidéo : 01min 52",
        "> À lire aussi : Comment Dosso a failli disparaître",
        "Image:",
        "The Courier is now on Telegram. Click here to join our channel.",
        "For all the latest Dosso news, download the Courier app.",
        "This ad will close in 5",
        "You have 2 free articles remaining this month.",
        "By signing up, you agree to our Terms of Use.",
        "Get the morning headlines in your inbox",
        "Chaque jour à 18 h, l'essentiel de l'info près de chez vous.",
        "Vos données sont traitées par Le Courrier. Pour exercer vos droits, consultez notre politique de confidentialité.",
        "This article includes content hosted on embed.example. We ask for your permission before anything is loaded.",
        "This live blog is now closed. You can read our full report here",
        "5h ago Summary",
        "Agrandir",
        "Proposé par",
        "Le bac peut embarquer six voitures. Photo d'archives Le Courrier",
        "Ada Pell dans son atelier, en mai. LISE AUBANEL POUR LE MAGAZINE",
        "Ada Pell in her workshop. Lise Aubanel for The Courier",
        "The mayor listens to residents Monday night. (Ada Pell | The Ford News)",
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
