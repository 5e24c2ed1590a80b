"""Every word of the interface, in French and in English, and how each writes dates and numbers."""

from dataclasses import dataclass
from typing import Final, Literal

Language = Literal["fr", "en"]

_THIN: Final = "\u202f"  # the narrow no-break space of French typography


@dataclass(frozen=True, kw_only=True)
class Texts:
    """The interface in one language. Words in braces are filled in where the text is shown."""

    tagline: str
    new_conversation: str
    asked: str
    collection: str
    articles_one: str
    articles_many: str
    undated: str
    more_sites: str
    welcome: str
    welcome_line: str
    examples: str
    question: str
    placeholder: str
    send: str
    empty: str
    waiting: str
    sources: str
    quotes_one: str
    quotes_many: str
    from_one: str
    from_many: str
    more: str
    sources_later: str
    sources_none: str
    marker: str
    nearest: str
    understood: str
    edit: str
    read: str
    original: str
    copies: str
    unexpected: str
    no_script: str
    back: str
    missing_title: str
    missing_line: str
    quotes_here: str
    quote_nth: str
    quote_previous: str
    quote_next: str
    ask_about: str
    reprinted: str
    earlier_texts: str
    until: str
    present_text: str
    revised: str
    revised_gone: str
    revised_lost: str
    unreadable: str
    date_from_feed: str
    date_from_address: str
    date_from_name: str
    date_from_properties: str
    date_from_update: str
    date_from_text: str
    untitled: str
    no_address: str
    review: str
    compiled: str
    questions_one: str
    questions_many: str
    note: str
    note_same: str
    note_changed: str
    note_gone: str
    note_lost: str
    print_it: str
    export_failed: str


TEXTS: Final[dict[Language, Texts]] = {
    "fr": Texts(
        tagline="Des réponses citées, tirées des articles",
        new_conversation="Nouvelle conversation",
        asked="Questions posées",
        collection="Collection",
        articles_one="1 article",
        articles_many="{count} articles",
        undated="non daté",
        more_sites="et {count} autres sites",
        welcome="Que voulez-vous savoir ?",
        welcome_line="Chaque réponse est faite de phrases citées mot pour mot, avec leur source.",
        examples="Par exemple",
        question="Votre question",
        placeholder="Posez une question…",
        send="Envoyer",
        empty="Écrivez d’abord une question en quelques mots : qui, quand, où, pourquoi…",
        waiting="Lecture des articles…",
        sources="Sources",
        quotes_one="1 citation",
        quotes_many="{count} citations",
        from_one="d’un même article",
        from_many="de {count} articles",
        more="Voir aussi",
        sources_later="Les phrases citées apparaîtront ici, chacune dans son passage, avec son article et sa date.",
        sources_none="Cette réponse ne cite aucune source.",
        marker="Source {number}",
        nearest="Au plus proche",
        understood="Compris :",
        edit="Reprendre cette question pour la modifier",
        read="lire dans l’article",
        original="original",
        copies=f"Repris par{_THIN}: ",
        unexpected="Une erreur imprévue a empêché de répondre. Posez de nouveau la question ; si l’erreur revient, relancez Griot.",
        no_script="La conversation demande JavaScript, servi par cette seule machine.",
        back="Poser une question",
        missing_title="Article introuvable",
        missing_line="Cet article n’est pas, ou n’est plus, dans la collection.",
        quotes_here="Citations",
        quote_nth="Citation {number} sur {count}",
        quote_previous="Citation précédente",
        quote_next="Citation suivante",
        ask_about="Poser une question là-dessus",
        reprinted="Aussi publié par",
        earlier_texts="Textes antérieurs",
        until="jusqu’au {date}",
        present_text="Lire le texte actuel",
        revised="Cet article a changé depuis cette réponse. Voici le texte tel qu’il a été cité, remplacé le {date}.",
        revised_gone="Cet article n’est plus dans la collection. Voici le texte tel qu’il a été cité, remplacé le {date}.",
        revised_lost="Cet article a changé depuis cette réponse, et le texte cité n’a pas été gardé. Voici le texte actuel.",
        unreadable="Les articles ne peuvent pas être lus",
        date_from_feed="d’après le flux",
        date_from_address="d’après l’adresse",
        date_from_name="d’après le nom du fichier",
        date_from_properties="d’après les propriétés du document",
        date_from_update="date de mise à jour",
        date_from_text="d’après le texte",
        untitled="sans titre",
        no_address="sans adresse",
        review="Revue de presse",
        compiled="Établie le {date}",
        questions_one="1 question",
        questions_many="{count} questions",
        note="Source {number}",
        note_same="Même article que la source {number}.",
        note_changed="L’article a changé depuis (constaté le {date}).",
        note_gone="L’article n’est plus dans la collection.",
        note_lost="Citation non vérifiée, elle ne se trouve pas dans les articles.",
        print_it="Imprimer",
        export_failed="Cette conversation ne peut pas être exportée",
    ),
    "en": Texts(
        tagline="Answers quoted from the articles",
        new_conversation="New conversation",
        asked="Questions asked",
        collection="Collection",
        articles_one="1 article",
        articles_many="{count} articles",
        undated="undated",
        more_sites="and {count} other sites",
        welcome="What would you like to know?",
        welcome_line="Every answer is made of sentences quoted word for word, with their source.",
        examples="For example",
        question="Your question",
        placeholder="Ask a question…",
        send="Send",
        empty="Write a question first, in a few words: who, when, where, why…",
        waiting="Reading the articles…",
        sources="Sources",
        quotes_one="1 quote",
        quotes_many="{count} quotes",
        from_one="from one article",
        from_many="from {count} articles",
        more="See also",
        sources_later="The sentences quoted will appear here, each in its passage, with its article and date.",
        sources_none="This answer quotes no source.",
        marker="Source {number}",
        nearest="Nearest",
        understood="Understood:",
        edit="Take this question up to change it",
        read="read in the article",
        original="original",
        copies="Republished by: ",
        unexpected="An unexpected error prevented an answer. Ask again; if the error comes back, restart Griot.",
        no_script="The conversation needs JavaScript, served by this machine alone.",
        back="Ask a question",
        missing_title="Article not found",
        missing_line="This article is not, or no longer, in the collection.",
        quotes_here="Quotes",
        quote_nth="Quote {number} of {count}",
        quote_previous="Previous quote",
        quote_next="Next quote",
        ask_about="Ask about this",
        reprinted="Also published by",
        earlier_texts="Earlier texts",
        until="until {date}",
        present_text="Read the present text",
        revised="This article has changed since that answer. Here is the text as it was quoted, replaced on {date}.",
        revised_gone="This article is no longer in the collection. Here is the text as it was quoted, replaced on {date}.",
        revised_lost="This article has changed since that answer, and the text quoted was not kept. Here is the present text.",
        unreadable="The articles cannot be read",
        date_from_feed="from the feed",
        date_from_address="from the address",
        date_from_name="from the file name",
        date_from_properties="from the document properties",
        date_from_update="date of update",
        date_from_text="from the text",
        untitled="untitled",
        no_address="no address",
        review="Press review",
        compiled="Compiled on {date}",
        questions_one="1 question",
        questions_many="{count} questions",
        note="Source {number}",
        note_same="Same article as source {number}.",
        note_changed="The article has changed since (found on {date}).",
        note_gone="The article is no longer in the collection.",
        note_lost="Quote not verified, it does not stand in the articles.",
        print_it="Print",
        export_failed="This conversation cannot be exported",
    ),
}

_MONTHS: Final[dict[Language, tuple[str, ...]]] = {
    "fr": tuple("janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()),
    "en": tuple("January February March April May June July August September October November December".split()),
}


def spoken(language: str | None) -> Language:
    """The interface language for `language`: English for "en", French for all else."""
    return "en" if language == "en" else "fr"


def preferred(accept_language: str | None) -> Language:
    """The language that a browser's `Accept-Language` header asks for: French unless English is preferred to it."""
    weights: dict[Language, float] = {"fr": 0.0, "en": 0.0}
    for item in (accept_language or "").split(","):
        tag, _, parameters = item.strip().partition(";")
        name = tag.strip().lower().partition("-")[0]
        if name in ("fr", "en"):
            chosen = spoken(name)
            weights[chosen] = max(weights[chosen], _weight(parameters))
    return "en" if weights["en"] > weights["fr"] else "fr"


def date_in_words(published: str | None, language: Language) -> str:
    """ "2023-06-26" as "26 juin 2023", "2023-07" as "juillet 2023", "2023" as it is; "non daté" when unknown."""
    if not published:
        return TEXTS[language].undated
    parts = published.split("-")
    if not all(part.isdecimal() for part in parts) or len(parts) > 3:
        return published
    if len(parts) == 1:
        return parts[0]
    month = int(parts[1])
    if not 1 <= month <= 12:
        return published
    words = f"{_MONTHS[language][month - 1]} {parts[0]}"
    if len(parts) == 2:
        return words
    day = int(parts[2])
    return f"{'1er' if day == 1 and language == 'fr' else day} {words}"


def period_in_words(earliest: str | None, latest: str | None, language: Language) -> str:
    """The dates that a collection covers, as "juillet 2023 – 19 janvier 2024"; empty when no article is dated."""
    ends = [date_in_words(date, language) for date in (earliest, latest) if date]
    return " – ".join(dict.fromkeys(ends))


def count_in_words(count: int, one: str, many: str, language: Language) -> str:
    """ "1 article", "5 articles", "12 345 articles"."""
    separator = _THIN if language == "fr" else ","
    return one if count == 1 else many.format(count=f"{count:,}".replace(",", separator))


def duration_in_words(seconds: float, language: Language) -> str:
    """ "12 ms", "1,2 s"."""
    if seconds < 1:
        return f"{max(1, round(seconds * 1000))} ms"
    return f"{seconds:.1f} s".replace(".", "," if language == "fr" else ".")


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
