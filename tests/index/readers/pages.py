"""Web pages of the usual builds, each with what is its article and what is not."""

from dataclasses import dataclass

LEAD = "Le ministre de la Défense du Niger a signé lundi à Budapest un accord de coopération militaire avec son homologue hongrois."
PARAGRAPHS = (
    LEAD,
    "« C'est une étape importante dans nos relations », a déclaré le général à l'issue de la cérémonie, devant une vingtaine de journalistes.",
    "Le texte prévoit la formation de deux cents officiers et la livraison de véhicules légers d'ici à la fin de l'année, selon le ministère.",
    "L'opposition hongroise a critiqué l'absence de débat au Parlement ; le gouvernement répond qu'un vote aura lieu en septembre.",
    "À Niamey, la société civile reste partagée : certains saluent une diversification, d'autres redoutent une dépendance nouvelle.",
)
HEADINGS = ("Une coopération ancienne", "Des critiques à Budapest")
JUNK = ("Accueil", "Mentions légales", "Abonnez-vous à notre lettre", "Partager sur Facebook", "Le prix du mil s'envole à Zinder",
        "Merci pour cet article, très complet et bien écrit, je le partage", "Nous utilisons des cookies")  # fmt: skip
_NAV = "<nav><ul><li><a href='/'>Accueil</a></li><li><a href='/monde'>Monde</a></li><li><a href='/sport'>Sport</a></li></ul></nav>"
_RELATED = (
    "<aside class='related'><h3>À lire aussi</h3><ul><li><a href='/mil'>Le prix du mil s'envole à Zinder</a></li>"
    "<li><a href='/b'>Tillabéri : la route nationale rouverte après trois mois</a></li></ul></aside>"
)
_FOOTER = (
    "<footer><p>Nous utilisons des cookies pour améliorer votre visite. <a href='/legal'>Mentions légales</a></p>"
    "<form><label>Abonnez-vous à notre lettre</label><input name='mail'></form></footer>"
)
_SHARE = "<div class='share-buttons'><a href='#'>Partager sur Facebook</a> <a href='#'>Partager sur X</a></div>"
_COMMENTS = (
    "<section id='comments' class='comments-area'><h3>2 commentaires</h3><ol><li class='comment'><p>Merci pour cet article, "
    "très complet et bien écrit, je le partage</p></li></ol></section>"
)


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page, the texts that must be read from it, and those that must not."""

    name: str
    html: str
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...] = JUNK


def document(body: str, head: str = "", language: str = "fr") -> str:
    """A whole page around `body`."""
    title = "<title>Le Niger et la Hongrie signent un accord - Le Courrier du Fleuve</title>"
    return f"<!DOCTYPE html>\n<html lang='{language}'><head><meta charset='utf-8'>{title}{head}</head><body>{body}</body></html>"


def _paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>\n" for text in texts or PARAGRAPHS)


_H1 = "<h1>Le Niger et la Hongrie signent un accord</h1>"
PAGES = (
    Page(name="article_element", wanted=PARAGRAPHS, html=document(
        f"{_NAV}<main><article>{_H1}<p class='byline'>Par Awa Issoufou, le 3 juillet 2024</p>{_SHARE}{_paragraphs()}{_SHARE}</article></main>"
        f"{_RELATED}{_COMMENTS}{_FOOTER}")),
    Page(name="div_soup", wanted=PARAGRAPHS, html=document(
        f"<div id='top'>{_NAV}</div><div class='wrap'><div class='col8'>{_H1}<div class='td-post-content'>{_paragraphs(*PARAGRAPHS[:2])}"
        f"<p><a href='/mil'>Lire aussi : Le prix du mil s'envole à Zinder</a></p>{_paragraphs(*PARAGRAPHS[2:])}</div>{_SHARE}</div>"
        f"<div class='sidebar'>{_RELATED}</div></div>{_FOOTER}")),
    Page(name="line_breaks", wanted=PARAGRAPHS, html=document(
        f"{_NAV}<div id='content'>{_H1}<div class='texte'>{'<br><br>'.join(PARAGRAPHS)}</div></div>{_RELATED}{_FOOTER}")),
    Page(name="brief", wanted=PARAGRAPHS[:1], html=document(
        f"{_NAV}<main><article>{_H1}{_paragraphs(LEAD)}</article></main>{_RELATED}{_FOOTER}")),
    Page(name="headings_lists_quotes", wanted=(*PARAGRAPHS, *HEADINGS, "Deux cents officiers formés", "Douze véhicules légers",
                                               "Le peuple nigérien a le droit de choisir ses partenaires", "2023"), html=document(
        f"{_NAV}<article>{_H1}<figure><img src='a.jpg'><figcaption>Photo AFP</figcaption></figure>{_paragraphs(*PARAGRAPHS[:2])}"
        f"<h2>{HEADINGS[0]}</h2>{_paragraphs(PARAGRAPHS[2])}<ul><li>Deux cents officiers formés</li><li>Douze véhicules légers</li></ul>"
        "<blockquote><p>Le peuple nigérien a le droit de choisir ses partenaires</p></blockquote>"
        "<table><tr><th>Année</th><th>Soldats</th></tr><tr><td>2023</td><td>140</td></tr></table>"
        f"<h2>{HEADINGS[1]}</h2>{_paragraphs(*PARAGRAPHS[3:])}</article>{_RELATED}{_COMMENTS}{_FOOTER}")),
    Page(name="paywall", wanted=PARAGRAPHS[:2], html=document(
        f"{_NAV}<article>{_H1}{_paragraphs(*PARAGRAPHS[:2])}<div class='paywall'><p>Cet article est réservé aux abonnés.</p>"
        f"<a href='/abo'>S'abonner</a></div></article>{_RELATED}{_FOOTER}")),
    Page(name="interview", wanted=(*PARAGRAPHS, "Pourquoi signer maintenant ?", "Que répondez-vous aux critiques ?"), html=document(
        f"{_NAV}<article>{_H1}{_paragraphs(LEAD)}<p><strong>Pourquoi signer maintenant ?</strong></p>{_paragraphs(*PARAGRAPHS[1:3])}"
        f"<p><strong>Que répondez-vous aux critiques ?</strong></p>{_paragraphs(*PARAGRAPHS[3:])}</article>{_RELATED}{_FOOTER}")),
    Page(name="live", wanted=PARAGRAPHS, html=document(
        f"{_NAV}<main><div class='live-feed'>{_H1}"
        + "".join(f"<section class='live-post'><time>1{hour}h05</time><h3>Point de {hour} h</h3><div><p>{text}</p></div></section>"
                  for hour, text in enumerate(PARAGRAPHS))
        + f"</div></main>{_RELATED}{_FOOTER}")),
    Page(name="table_layout", wanted=PARAGRAPHS, html=document(
        f"<table width='900'><tr><td colspan='2'>{_NAV}</td></tr><tr><td width='150'>{_RELATED}</td><td><font size='4'><b>Le Niger et la "
        f"Hongrie signent un accord</b></font>{_paragraphs()}</td></tr></table>{_FOOTER}")),
    Page(name="text_in_divs", wanted=PARAGRAPHS, html=document(
        f"{_NAV}<div class='article-body'>{_H1}" + "".join(f"<div class='para'><span>{text}</span></div>" for text in PARAGRAPHS)
        + f"</div>{_RELATED}{_FOOTER}")),
    Page(name="standfirst_apart", wanted=PARAGRAPHS, html=document(
        f"{_NAV}<article><header>{_H1}<p class='chapo'>{LEAD}</p></header><div class='body'>{_paragraphs(*PARAGRAPHS[1:])}</div></article>"
        f"{_RELATED}{_COMMENTS}{_FOOTER}")),
    Page(name="split_by_advertisements", wanted=PARAGRAPHS, html=document(
        f"{_NAV}<article>{_H1}" + "".join(f"<div class='chunk'><p>{text}</p></div><div class='ad'>Publicité</div>" for text in PARAGRAPHS)
        + f"</article>{_RELATED}{_FOOTER}"), unwanted=(*JUNK, "Publicité")),
)  # fmt: skip
