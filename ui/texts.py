"""Every word of the interface, in French and in English, and how each writes dates and numbers."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Language = Literal["fr", "en"]

_THIN: Final = "\u202f"  # the narrow no-break space of French typography


@dataclass(frozen=True, kw_only=True)
class Texts:
    """The interface in one language. Words in braces are filled in where the text is shown."""

    tagline: str
    new_conversation: str
    conversations: str
    fold: str
    unfold: str
    close: str
    today: str
    yesterday: str
    earlier: str
    more_actions: str
    rename: str
    export_markdown: str
    export_html: str
    export_print: str
    delete: str
    deleted: str
    undo: str
    other_language: str
    collection: str
    articles_one: str
    articles_many: str
    plot: str
    plot_months: str
    plot_years: str
    undated: str
    more_sites: str
    welcome: str
    welcome_line: str
    examples: str
    suggestions: str
    question: str
    placeholder: str
    send: str
    stop: str
    editing: str
    stop_editing: str
    empty: str
    full: str
    waiting: str
    ready: str
    ready_without: str
    sources: str
    sources_one: str
    sources_many: str
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
    cite: str
    cite_plain: str
    cite_markdown: str
    cite_bibtex: str
    copies_one: str
    copies_many: str
    in_french: str
    in_english: str
    steps_question: str
    steps_words: str
    steps_passages: str
    steps_kept: str
    steps_kept_none: str
    steps_time: str
    copy: str
    copied: str
    retry: str
    change: str
    remove: str
    link: str
    linked: str
    useful: str
    useless: str
    reason: str
    reason_send: str
    thanks: str
    unanswered: str
    lost: str
    changed: str
    gone: str
    damaged_store: str
    dropped: str
    full_store: str
    offline: str
    busy: str
    empty_collection: str
    empty_collection_line: str
    add_articles: str
    missing_index: str
    stale_index: str
    damaged_index: str
    busy_index: str
    bad_model: str
    bad_question: str
    other_failure: str
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
    same_article: str
    note_changed: str
    note_gone: str
    note_lost: str
    print_it: str
    export_failed: str


TEXTS: Final[dict[Language, Texts]] = {
    "fr": Texts(
        tagline="Des réponses citées, tirées des articles",
        new_conversation="Nouvelle conversation",
        conversations="Conversations",
        fold="Replier le volet",
        unfold="Ouvrir le volet",
        close="Fermer",
        today="Aujourd’hui",
        yesterday="Hier",
        earlier="Plus tôt",
        more_actions="Autres actions",
        rename="Renommer",
        export_markdown="Exporter en Markdown",
        export_html="Exporter en HTML",
        export_print="Imprimer la revue",
        delete="Supprimer",
        deleted="Conversation supprimée.",
        undo="Rétablir",
        other_language="English",
        collection="Collection",
        articles_one="1 article",
        articles_many="{count} articles",
        plot=f"Articles datés, par {{unit}}{_THIN}: {{listed}}",
        plot_months="mois",
        plot_years="année",
        undated="non daté",
        more_sites="et {count} autres sites",
        welcome=f"Que voulez-vous savoir{_THIN}?",
        welcome_line="Chaque réponse est faite de phrases citées mot pour mot, avec leur source.",
        examples="Par exemple",
        suggestions="Pour continuer",
        question="Votre question",
        placeholder="Posez une question…",
        send="Envoyer",
        stop="Arrêter",
        editing="Vous modifiez la dernière question.",
        stop_editing="Y renoncer",
        empty=f"Écrivez d’abord une question en quelques mots{_THIN}: qui, quand, où, pourquoi…",
        full="Cette conversation est longue. Commencez-en une nouvelle pour la question suivante.",
        waiting="Lecture des articles…",
        ready=f"Réponse{_THIN}: {{text}}",
        ready_without="Les articles ne répondent pas à cette question.",
        sources="Sources",
        sources_one="1 source",
        sources_many="{count} sources",
        quotes_one="1 citation",
        quotes_many="{count} citations",
        from_one="d’un même article",
        from_many="de {count} articles",
        more="Voir aussi",
        sources_later="Les phrases citées apparaîtront ici, chacune dans son passage, avec son article et sa date.",
        sources_none="Cette réponse ne cite aucune source.",
        marker="Source {number}",
        nearest="Au plus proche",
        understood=f"Compris{_THIN}:",
        edit="Reprendre cette question pour la modifier",
        read="lire dans l’article",
        original="original",
        cite="citer",
        cite_plain="Texte",
        cite_markdown="Markdown",
        cite_bibtex="BibTeX",
        copies_one="repris par une autre source",
        copies_many="repris par {count} autres sources",
        in_french="en français",
        in_english="en anglais",
        steps_question="Question cherchée",
        steps_words="Mots cherchés",
        steps_passages="Passages lus",
        steps_kept="Retenu",
        steps_kept_none="aucune phrase ne répond",
        steps_time="Durée",
        copy="Copier",
        copied="Copié",
        retry="Poser de nouveau",
        change="Modifier la question",
        remove="Retirer de la conversation",
        link="Copier le lien de cette question",
        linked="Lien copié",
        useful="Réponse utile",
        useless="Réponse inutile",
        reason=f"Qu’est-ce qui ne va pas{_THIN}? (facultatif)",
        reason_send="Noter",
        thanks="C’est noté, dans le dossier de l’index et nulle part ailleurs.",
        unanswered="Cette question est restée sans réponse.",
        lost="Une phrase citée ici ne se retrouve plus dans les articles. Posez de nouveau la question.",
        changed="Article modifié depuis",
        gone="Article retiré depuis de la collection",
        damaged_store="Une conversation gardée par ce navigateur est abîmée et ne peut plus être lue. Les autres sont intactes.",
        dropped="Une partie de cette conversation était abîmée et n’a pas pu être relue. Le reste est intact.",
        full_store="Ce navigateur n’a plus de place pour garder les conversations. Supprimez-en d’anciennes.",
        offline="Griot ne répond plus. Vos conversations sont gardées ici, et la page reprendra d’elle-même.",
        busy="L’index est en cours de mise à jour. En attendant, les réponses viennent de la version précédente.",
        empty_collection="Il n’y a pas encore d’article",
        empty_collection_line="Ajoutez des fichiers, un dossier ou une adresse, puis rechargez cette page.",
        add_articles="Ajouter des articles",
        missing_index="Il n’y a pas encore d’index des articles. Il faut le construire.",
        stale_index="L’index a été fait par une autre version ou un autre modèle. Il faut le refaire.",
        damaged_index="L’index des articles est abîmé. Les articles eux-mêmes n’ont rien, il suffit de le refaire.",
        busy_index="L’index est en cours de mise à jour par une autre commande. Réessayez dans un instant.",
        bad_model="Le modèle qui sert à chercher dans les articles ne peut pas être utilisé.",
        bad_question="Cette question ne peut pas être posée telle quelle.",
        other_failure="Griot n’a pas pu faire ce qui était demandé.",
        unexpected="Une erreur imprévue a empêché de répondre. Posez de nouveau la question. Si l’erreur revient, relancez Griot.",
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
        same_article="Même article que {number}",
        note_changed="L’article a changé depuis (constaté le {date}).",
        note_gone="L’article n’est plus dans la collection.",
        note_lost="Citation non vérifiée, elle ne se trouve pas dans les articles.",
        print_it="Imprimer",
        export_failed="Cette conversation ne peut pas être exportée",
    ),
    "en": Texts(
        tagline="Answers quoted from the articles",
        new_conversation="New conversation",
        conversations="Conversations",
        fold="Fold the side panel",
        unfold="Open the side panel",
        close="Close",
        today="Today",
        yesterday="Yesterday",
        earlier="Earlier",
        more_actions="More actions",
        rename="Rename",
        export_markdown="Export as Markdown",
        export_html="Export as HTML",
        export_print="Print the review",
        delete="Delete",
        deleted="Conversation deleted.",
        undo="Undo",
        other_language="Français",
        collection="Collection",
        articles_one="1 article",
        articles_many="{count} articles",
        plot="Dated articles, by {unit}: {listed}",
        plot_months="month",
        plot_years="year",
        undated="undated",
        more_sites="and {count} other sites",
        welcome="What would you like to know?",
        welcome_line="Every answer is made of sentences quoted word for word, with their source.",
        examples="For example",
        suggestions="To go on",
        question="Your question",
        placeholder="Ask a question…",
        send="Send",
        stop="Stop",
        editing="You are changing the last question.",
        stop_editing="Leave it as it was",
        empty="Write a question first, in a few words: who, when, where, why…",
        full="This conversation is long. Start a new one for the next question.",
        waiting="Reading the articles…",
        ready="Answer: {text}",
        ready_without="The articles do not answer this question.",
        sources="Sources",
        sources_one="1 source",
        sources_many="{count} sources",
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
        cite="cite",
        cite_plain="Text",
        cite_markdown="Markdown",
        cite_bibtex="BibTeX",
        copies_one="republished by one other source",
        copies_many="republished by {count} other sources",
        in_french="in French",
        in_english="in English",
        steps_question="Question searched",
        steps_words="Words searched",
        steps_passages="Passages read",
        steps_kept="Kept",
        steps_kept_none="no sentence answers",
        steps_time="Time",
        copy="Copy",
        copied="Copied",
        retry="Ask again",
        change="Change the question",
        remove="Remove from the conversation",
        link="Copy a link to this question",
        linked="Link copied",
        useful="Useful answer",
        useless="Useless answer",
        reason="What is wrong? (optional)",
        reason_send="Note it",
        thanks="Noted, in the folder of the index and nowhere else.",
        unanswered="This question was left without an answer.",
        lost="A sentence quoted here is no longer found in the articles. Ask the question again.",
        changed="Article changed since",
        gone="Article taken out of the collection since",
        damaged_store="A conversation kept by this browser is damaged and can no longer be read. The others are whole.",
        dropped="A part of this conversation was damaged and could not be read. The rest is whole.",
        full_store="This browser has no room left to keep conversations. Delete old ones.",
        offline="Griot does not answer. Your conversations are kept here, and the page will go on by itself.",
        busy="The index is being updated. Meanwhile answers come from the version before.",
        empty_collection="There are no articles yet",
        empty_collection_line="Add files, a folder or an address, then reload this page.",
        add_articles="Add articles",
        missing_index="There is no index of the articles yet. It must be built.",
        stale_index="The index was made by another version or another model. It must be made again.",
        damaged_index="The index of the articles is damaged. The articles themselves are whole, so it only has to be made again.",
        busy_index="The index is being updated by another command. Try again in a moment.",
        bad_model="The model that searches the articles cannot be used.",
        bad_question="This question cannot be asked as it is.",
        other_failure="Griot could not do what was asked.",
        unexpected="An unexpected error prevented an answer. Ask again. If the error comes back, restart Griot.",
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
        same_article="Same article as {number}",
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

_AGES: Final[dict[Language, dict[str, str]]] = {
    "fr": {
        "today": "aujourd’hui", "day": "hier", "days": "il y a {count} jours", "month": "il y a 1 mois", "months": "il y a {count} mois",
        "year": "il y a 1 an", "years": "il y a {count} ans",
    },
    "en": {
        "today": "today", "day": "yesterday", "days": "{count} days ago", "month": "1 month ago", "months": "{count} months ago",
        "year": "1 year ago", "years": "{count} years ago",
    },
}  # fmt: skip


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


def age_in_words(published: str | None, today: date, language: Language) -> str:
    """How long ago `published` was, to the precision that it has: "il y a 3 jours", "il y a 2 ans"; empty when unknown or to come."""
    try:
        parts = [int(part) for part in (published or "").split("-")]
        years = today.year - parts[0]
        months = 12 * years + (today.month - parts[1] if len(parts) > 1 else 0)
        days = (today - date(*parts)).days if len(parts) == 3 else None
    except (ValueError, TypeError):
        return ""
    if days is not None and 0 <= days < 31:
        return _AGES[language]["today" if days == 0 else "day" if days == 1 else "days"].format(count=days)
    if days is not None and days >= 0:
        months = max(1, months - (parts[2] > today.day))
    if (days is not None and days < 0) or (len(parts) == 1 and years < 1) or months < 1:
        return ""
    unit, count = ("year", months // 12) if months >= 12 else ("month", months)
    return _AGES[language][unit if count == 1 else f"{unit}s"].format(count=count)


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
