"""Which lines of a scraped page are of the page, and which are running prose."""

import re
from typing import Final

from index.analyse import fold

# Words that open or make up a line that belongs to the page and not to the article (folded; French, then English).
_FURNITURE = re.compile(
    r"^(?:(?:lire|voir|a lire|a voir)(?: aussi| egalement| la suite| plus)?\b(?!.{60})|a lire\b|(?:sur le meme sujet|dans la meme rubrique)"
    r"|partage[rz]?\b(?!.{40})|tweete[rz]\b|suivez[- ]nous|abonnez[- ]vous|s'abonner\b(?!.{40})|inscrivez[- ]vous|recevez (?:nos|notre|les|toute)(?!.{80})"
    r"|newsletter\b|laisse[rz] un commentaire|ajouter un commentaire|commentaires?\b(?!.{25})|\d+ commentaires?$|votre adresse (?:e-?mail|de messagerie)"
    r"|les champs obligatoires|enregistrer mon nom|annuler la reponse|repondre$|bouton retour|retour en haut|haut de (?:la )?page"
    r"|en savoir plus(?: sur .{1,40})?$|cliquez (?:ici|sur)(?!.{60})|tous droits reserves|copyright\b(?!.{60})|©|nous utilisons des cookies|ce site utilise"
    r"|accepter (?:et|tout|les)|politique de confidentialite(?!.{40})|mentions legales(?!.{40})|conditions generales(?!.{40})|articles? (?:similaires?|connexes?|recents?|lies?)"
    r"|vous aimerez(?!.{60})|a propos de l'auteur|mots[- ]cles\b|etiquettes?\s*:|tags?\s*:|publie (?:le|par)\b(?!.{60})|mis a jour le\b(?!.{60})|modifie le\b(?!.{60})"
    r"|temps de lecture|credits? photo|photo\s*:|©|telecharge[rz] (?:l'|notre )|publicite$|annonces?$|article (?:precedent|suivant)|(?:page )?suivante?$|precedente?$"
    r"|menu$|accueil$|rechercher?$|recherche$|imprimer$|envoyer par(?!.{30})|copier le lien|connexion$|se connecter$"
    r"|read (?:more|also|next)\b(?!.{60})|see also\b(?!.{60})|related (?:articles?|posts?|stories|topics?)\b(?!.{60})|share (?:this|on|via)\b(?!.{40})|share$|tweet$|follow us"
    r"|subscribe\b(?!.{80})|sign up (?:for|to)\b(?!.{80})|leave a (?:comment|reply)|post a comment|comments?$|your e-?mail address will not|required fields"
    r"|save my name|cancel reply|back to top|scroll to top|continue reading|all rights reserved|we use cookies|this (?:site|website) uses cookies"
    r"|accept (?:all|cookies)|privacy policy(?!.{40})|terms (?:of|and)\b(?!.{40})|about the author(?!.{60})|keywords?\s*:|published (?:on|by)\b(?!.{60})|last updated\b(?!.{60})|updated\s*:"
    r"|\d+ min(?:ute)?s? read|photo credit|image (?:source|credit)|advertisement$|previous (?:article|post)|next (?:article|post)|loading\b(?!.{20})|click here(?!.{60})"
    r"|skip to(?!.{30})|home$|search$|print$|log ?in$|facebook\b(?!.{30})|twitter\b(?!.{30})|whatsapp\b(?!.{30})|telegram\b(?!.{30})|linkedin\b(?!.{30})|pinterest\b(?!.{30})|e-?mail$)"
)
_PLEA = re.compile(
    r"pour (?:poursuivre|continuer) (?:la|votre) lecture|acces a l'ensemble des (?:archives|articles)|(?:recevoir|receive) .{0,40}newsletter|reserve aux abonnes"
    r"|to (?:continue|keep) reading|get access to|sign in to comment|connecte(?:z|r).{0,20}pour (?:commenter|publier)"
)
_MACHINE = re.compile(
    r"^(?:/[\w:-]+(?:/[\w@:='\"\[\]()-]+){2,}.*"  # element and meta paths
    r"|(?:https?://|www\.)\S+"  # an address
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d\S*"  # a time stamp
    r"|[a-z]{2}_[A-Z]{2}"  # a locale
    r"|[\d\s.,:x×*%|/+-]+(?:true|false|px)?"  # sizes and counters
    r"|[\W_]+)$"
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]+")
_PHONE = re.compile(r"(?:\(?\+\d{1,3}\)?|\b00\d{1,3}|\b0\d)[\s.\d()-]{6,}\d")
_CONTACT = re.compile(r"\b(?:contacts?|whatsapp|tel|telephone|phone|e-?mail|courriel|adresse|fax)\b")
_ENDS = re.compile(r"[.!?…][\"”»'’)\]\s]*$|:\s*$")
_LONG: Final = 120
"""Characters from which a line is prose even without a full stop."""


def is_furniture(line: str) -> bool:
    """Whether a line is of the page and not of the article, by its shape alone."""
    folded = fold(line)
    if _MACHINE.match(line) or _FURNITURE.match(folded) or (_PLEA.search(folded) and len(line) < 250):
        return True
    contact = bool(_EMAIL.search(line)) + bool(_PHONE.search(line)) + bool(_CONTACT.search(folded))
    return contact >= 2 and (bool(_EMAIL.search(line)) or not _ENDS.search(line))


def is_prose(line: str) -> bool:
    """Whether a line reads as sentences: long, or ended as a sentence and of at least four words."""
    return len(line) >= _LONG or (len(line.split()) >= 4 and bool(_ENDS.search(line)))
