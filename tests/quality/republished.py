"""Articles as many sites republish them, and articles that only look alike: a labelled set made from `dispatches.txt`.

Sixty articles on twelve events; those on one event repeat its paragraphs of background, as agencies do. Each is altered in the
ways that sites alter agency copy, and in those that make another article of it. Everything follows from the seed.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

DISPATCHES = Path(__file__).parent / "dispatches.txt"
INTROS = {
    "fr": (
        "Notre rédaction suit cette affaire depuis le début et vous propose de retrouver ci-dessous les dernières informations disponibles.",
        "C'est une nouvelle qui fait réagir bien au-delà de la région, jusque sur les réseaux sociaux où les commentaires se multiplient "
        "depuis ce matin. Que sait-on exactement, qui est concerné et que va-t-il se passer maintenant ? Nous faisons le point sur la situation.",
    ),
    "en": (
        "Here is what we know so far about a story that has been widely shared by our readers since this morning.",
        "It is a story that has moved many people well beyond the region, and one that our readers have asked us about all day. What "
        "exactly happened, who is concerned, and what comes next? We take stock of what is known, and of what is not known yet.",
    ),
}
OUTROS = {
    "fr": ("Retrouvez toute l'actualité de la région sur notre application mobile et dans notre édition du week-end.",),
    "en": ("Find all our regional coverage on the mobile application and in the weekend edition of this paper.",),
}
LINKS = {
    "fr": ("Lire aussi : Ce que disent les habitants du quartier", "À lire également : notre dossier complet sur le sujet"),
    "en": ("Read also: what people in the area are saying", "Related: everything we have published on the subject"),
}
SYNONYMS = {
    "fr": {
        "selon": "d'après", "notamment": "en particulier", "désormais": "maintenant", "près de": "environ", "a annoncé": "a fait savoir",
        "depuis": "à partir de", "mais": "cependant", "plusieurs": "de nombreux", "toute": "chaque", "afin de": "pour", "aussi": "également",
        "dont": "parmi lesquels", "assure": "affirme", "promet": "annonce", "demande": "réclame", "surtout": "avant tout",
    },
    "en": {
        "said": "stated", "about": "roughly", "while": "whereas", "called": "described as", "because": "since", "but": "yet", "who": "that",
        "before": "prior to", "announced": "made known", "near": "close to", "since": "from", "asked": "requested", "largest": "biggest",
        "still": "as yet", "nearly": "almost", "only": "just",
    },
}  # fmt: skip
NAMES = {
    "fr": "Bakary Sidibé|Estelle Gomis|Karim Bello|Fatou Ndour|Jules Tchalla|Aminata Cissé|Rémi Akakpo|Nadège Sossa".split("|"),
    "en": "Oliver Strand|Ruth Achieng|Peter Valdez|Moira Keane|Simon Abara|Clara Lund|Hugh Merrow|Ivy Tan".split("|"),
}
FILLERS = {
    "fr": (
        "Sur place, {name}, qui dirige une association locale de {number} adhérents, dit n'avoir reçu aucune réponse à ses {other} courriers. "
        "« Nous demandons seulement à être entendus », répète-t-elle, en montrant les accusés de réception rangés dans une chemise bleue.",
        "Le conseil municipal a voté une aide exceptionnelle de {number} millions de francs, répartie entre {other} familles et trois écoles. "
        "L'adjoint {name} précise que les dossiers peuvent être déposés tous les matins à l'annexe de la mairie.",
        "Un sondage réalisé auprès de {number} personnes indique que {other} % d'entre elles se disent inquiètes pour les mois à venir. "
        "Le sociologue {name} appelle toutefois à lire ces chiffres avec prudence, les réponses variant beaucoup d'un quartier à l'autre.",
        "Le calendrier des prochaines semaines reste incertain. Une rencontre est prévue avec {name}, et {number} délégués sont attendus pour "
        "un débat public qui devrait durer {other} heures.",
    ),
    "en": (
        '{name}, who chairs a local association of {number} members, says that none of its {other} letters has been answered. "All we ask is '
        'to be heard," she says again, pointing at a blue folder in which every receipt has been kept.',
        "The town council has voted special aid of {number} thousand, to be shared by {other} families and three schools. Deputy mayor {name} "
        "says that applications can be handed in every morning at the annex.",
        "A poll of {number} people found that {other} percent of them were worried about the coming months. The sociologist {name} warns, "
        "however, that answers differ a great deal from one part of town to the next.",
        "What happens in the coming weeks is uncertain. A meeting is planned with {name}, and {number} delegates are expected at a public "
        "debate that should last {other} hours.",
    ),
}
BULLETINS = {
    "fr": "Prévisions pour {place} ce {day}. Le ciel sera d'abord couvert avant de se dégager dans l'après-midi, avec un vent modéré de "
    "secteur ouest. Les températures iront de {low} degrés au lever du jour à {high} degrés au plus fort de la journée. Le risque d'orage "
    "est faible et les agriculteurs peuvent poursuivre les semis dans les bas-fonds. Les usagers des routes sont invités à la prudence en "
    "raison de bancs de brume au petit matin. Prochain bulletin demain à la même heure.",
    "en": "Forecast for {place} this {day}. The sky will be overcast at first and clear in the afternoon, with a moderate wind from the "
    "west. Temperatures will range from {low} degrees at daybreak to {high} degrees in the hottest part of the day. The risk of storms is "
    "low and farmers may go on sowing in the valleys. Drivers are asked to take care because of patches of mist in the early morning. The "
    "next bulletin will be issued tomorrow at the same time.",
}
PLACES = {"fr": "Farakala Zagné Parakoua Kérou San-Gali Doubala".split(), "en": "Lundey Halvorsen Harley Brannoc Saas Tiyende".split()}
DAYS = {"fr": "lundi mardi jeudi samedi".split(), "en": "Monday Tuesday Thursday Saturday".split()}
TRANSLATIONS = {
    "Ramp failure at Halvorsen ferry terminal leaves four dead": "Quatre personnes ont été tuées et onze blessées samedi lorsque la rampe "
    "d'embarquement du terminal de ferries de Halvorsen a cédé alors que des voitures montaient à bord, selon la police. Trois véhicules sont "
    "tombés dans le port ; les plongeurs ont repêché le dernier peu avant la tombée de la nuit. Des témoins décrivent un grand bruit suivi "
    "de cris. Tous les blessés ont été transportés par hélicoptère à l'hôpital régional.",
    "Effondrement d'une travée du pont de Kembara": "A span of the Kembara bridge collapsed on Monday at about 6 in the morning, dragging two "
    "lorries and a minibus into the river, the regional governor said. Seven people died and fourteen were hurt, according to a first count. "
    "Fishermen from Sirabougou were the first to help the passengers. Traffic is cut in both directions.",
}


@dataclass(frozen=True, kw_only=True)
class Story:
    """A text of the set. Texts of one `group` are copies of each other; those of different groups are different articles."""

    group: str
    event: str
    kind: str
    language: str
    title: str
    paragraphs: tuple[str, ...]
    apart: frozenset[str] = field(default=frozenset())
    """Groups to which no label says whether this text belongs."""

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


def dispatches() -> Iterator[tuple[str, str, list[str], list[tuple[str, list[str]]]]]:
    """Event, language, paragraphs of background, and the titles with the own paragraphs of the articles."""
    for number, block in enumerate(re.split(r"^# ", DISPATCHES.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]):
        head, *articles = block.strip().split("\n## ")
        language, *background = head.split("\n")
        parted = [(lines[0], lines[1:]) for lines in (article.strip().split("\n") for article in articles)]
        yield f"event {number}", language, [line.removeprefix("= ") for line in background], parted


def originals(seed: int = 0) -> list[Story]:
    """The sixty articles, of 150 to 450 words, with one or both paragraphs of background."""
    random_ = random.Random(seed)
    stories = []
    for event, language, background, articles in dispatches():
        for title, own in articles:
            added = [_filler(language, template, random_) for template in random_.sample(FILLERS[language], random_.randrange(5))]
            shared = random_.choice([background, background, background[:1], background[1:]])
            body = [own[0], *shared[:1], *own[1:], *added, *shared[1:]] if random_.random() < 0.3 else [*own, *added, *shared]
            stories.append(Story(group=title, event=event, kind="original", language=language, title=title, paragraphs=tuple(body)))
    return stories


def _filler(language: str, template: str, random_: random.Random) -> str:
    return template.format(name=random_.choice(NAMES[language]), number=random_.randrange(30, 900), other=random_.randrange(2, 29))


def copies(story: Story, random_: random.Random) -> list[Story]:
    """A story as other sites publish it, once for each way of altering it."""
    return [replace(story, kind=kind, paragraphs=tuple(alter(story, random_))) for kind, alter in COPIES.items()]


def _intro(story: Story, random_: random.Random) -> list[str]:
    return [random_.choice(INTROS[story.language]), *story.paragraphs]


def _outro(story: Story, random_: random.Random) -> list[str]:
    return [*story.paragraphs, random_.choice(OUTROS[story.language])]


def _titled(story: Story, random_: random.Random) -> list[str]:
    name = random_.choice(NAMES[story.language])
    return [
        f"{story.title.upper()} : ce qu'il faut retenir" if story.language == "fr" else f"{story.title}: the essentials, by {name}",
        *story.paragraphs,
    ]


def _cut(story: Story, random_: random.Random, least: float = 0.65, most: float = 0.9) -> list[str]:
    words = story.text.split(" ")
    return " ".join(words[: int(len(words) * random_.uniform(least, most))]).split("\n\n")


def _half(story: Story, random_: random.Random) -> list[str]:
    return _cut(story, random_, 0.45, 0.55)


def _glued(story: Story, random_: random.Random) -> list[str]:
    return [re.sub(r"\. (?=[A-Z])", lambda match: "." if random_.random() < 0.3 else match[0], "".join(story.paragraphs))]


def _typographic(story: Story, random_: random.Random) -> list[str]:
    straight = str.maketrans({"«": '"', "»": '"', "’": "'"})
    curly = str.maketrans({"'": "’", " ": "\u00a0"} if random_.random() < 0.3 else {"'": "’", "-": "\u2011"})
    text = story.text.translate(straight if random_.random() < 0.3 else curly)
    text = re.sub(r"(?<=\d)[ ,](?=\d{3}\b)", random_.choice(["", "\u202f", "."]), text)
    return text.translate(str.maketrans("éèàêç", "eeaec")).split("\n\n") if random_.random() < 0.4 else text.split("\n\n")


def _edited(story: Story, random_: random.Random) -> list[str]:
    text = story.text
    for word, other in SYNONYMS[story.language].items():
        text = re.sub(rf"(?<!\w){word}(?!\w)", lambda match, other=other: other if random_.random() < 0.7 else match[0], text)
    words = text.split(" ")
    kept = [word for word in words if random_.random() > 0.015 or not word.isalpha()]
    return " ".join(kept).split("\n\n")


def _links(story: Story, random_: random.Random) -> list[str]:
    paragraphs = list(story.paragraphs)
    for line in LINKS[story.language]:
        paragraphs.insert(random_.randrange(1, len(paragraphs) + 1), line)
    return paragraphs


def _scanned(story: Story, random_: random.Random) -> list[str]:
    wrong = {"e": "c", "l": "1", "i": "l", "o": "0", "m": "rn", "u": "n", "h": "b", "a": "o", "é": "6"}
    return "".join(wrong.get(char, char) if random_.random() < 0.02 else char for char in story.text).split("\n\n")


def _misread(story: Story, random_: random.Random) -> list[str]:
    return story.text.encode().decode("cp1252", "replace").split("\n\n")


def _dateline(story: Story, random_: random.Random) -> list[str]:
    place, day = random_.choice(PLACES[story.language]), random_.randrange(1, 29)
    head = f"{place.upper()}, {day} mars 2024 (AFP) - " if story.language == "fr" else f"{place.upper()}, March {day} (Reuters) - "
    return [head + story.paragraphs[0], *story.paragraphs[1:], "© 2024 AFP" if story.language == "fr" else "(Reuters)"]


def _several(story: Story, random_: random.Random) -> list[str]:
    for alter in (_half, _typographic, _links, _intro):
        story = replace(story, paragraphs=tuple(alter(story, random_)))
    return list(story.paragraphs)


def _reworked(story: Story, random_: random.Random) -> list[str]:
    for alter in (_edited, _cut, _links, _dateline, _outro):
        story = replace(story, paragraphs=tuple(alter(story, random_)))
    return list(story.paragraphs)


COPIES: dict[str, Callable[[Story, random.Random], list[str]]] = {
    "new title": _titled, "intro": _intro, "outro": _outro, "cut": _cut, "first half": _half, "glued": _glued, "typography": _typographic,
    "edited": _edited, "links": _links, "scanned": _scanned, "misread": _misread, "dateline": _dateline, "intro and half": _several,
    "edited, cut and signed": _reworked,
}  # fmt: skip


def others(stories: list[Story], random_: random.Random) -> list[Story]:
    """Different articles that share much of the text of `stories`: each is a group of its own."""
    made: list[Story] = []
    for story in stories:
        made.append(_other(story, "new figures", _updated(story.paragraphs, random_)))
        made.append(_other(story, "new lead", (_lead(story, random_), *_updated(story.paragraphs[1:], random_))))
        made.append(_other(story, "new name", _renamed(story, random_)))
        background = [line for event, _, lines, _ in dispatches() if event == story.event for line in lines]
        brief = story.paragraphs[0], *background
        made.append(replace(_other(story, "brief", brief), apart=frozenset({story.group})))
        rival = random_.choice([rival for rival in stories if rival.event == story.event and rival.group != story.group])
        made.append(replace(_other(story, "next day", (*rival.paragraphs[:3], *story.paragraphs)), apart=frozenset({rival.group})))
    for event in sorted({story.event for story in stories}):
        told = [story for story in stories if story.event == event][:4]
        made.append(_other(told[0], "round-up", tuple(line for story in told for line in story.paragraphs[:2])))
    return made + list(_bulletins()) + [
        Story(group=f"{title} (translation)", event=story.event, kind="translation", language="", title=title, paragraphs=(text,))
        for title, text in TRANSLATIONS.items() for story in stories if story.title == title
    ]  # fmt: skip


def _other(story: Story, kind: str, paragraphs: tuple[str, ...]) -> Story:
    return replace(story, group=f"{story.group} ({kind})", kind=kind, paragraphs=paragraphs)


_FIGURE = re.compile(
    r"(?<![\w,.])(\d{1,3}|sept|quatorze|trois|neuf|deux|dix-huit|vingt-deux|trente|four|eleven|seven|five|three|nine|two|six)(?![\w,.%-])",
    re.IGNORECASE,
)


def _updated(paragraphs: tuple[str, ...], random_: random.Random) -> tuple[str, ...]:
    """One to three figures replaced by others; where there is none, the first word of the text by a figure's worth of new text."""
    text = "\n\n".join(paragraphs)
    places = list(_FIGURE.finditer(text))
    for match in sorted(random_.sample(places, min(len(places), random_.randrange(1, 4))), key=lambda match: -match.start()):
        text = text[: match.start()] + str(random_.randrange(31, 99)) + text[match.end() :]
    return tuple(text.split("\n\n"))


def _renamed(story: Story, random_: random.Random) -> tuple[str, ...]:
    """A person's name replaced by another's, wherever it stands; the figures too, as in a serial."""
    names = re.findall(r"(?<=[a-zé,] )([A-ZÉ][a-zéïîè]{3,} [A-ZÉ][a-zéï]{2,})", story.text)
    text = story.text
    if names:
        name = random_.choice(names)
        text = text.replace(name, random_.choice([other for other in NAMES[story.language] if other not in text]))
        return tuple(text.split("\n\n"))
    return _updated(story.paragraphs, random_)


def _lead(story: Story, random_: random.Random) -> str:
    number = random_.randrange(31, 99)
    if story.language == "fr":
        return (
            f"Le bilan s'est alourdi mercredi soir et s'établit maintenant à {number}, ont déclaré à la presse les autorités chargées du "
            f"dossier, qui n'excluent pas de le revoir encore dans les heures qui viennent. Une cellule d'appui a été ouverte."
        )
    return (
        f"The count was raised again on Wednesday night and now stands at {number}, officials in charge told reporters, adding that it might "
        f"well be revised further in the hours to come. A support line has been opened for those concerned."
    )


def _bulletins() -> Iterator[Story]:
    for language, template in BULLETINS.items():
        for number, place in enumerate(PLACES[language]):
            for step, day in enumerate(DAYS[language]):
                text = template.format(place=place, day=day, low=17 + (number * 5 + step) % 9, high=31 + (number + step * 3) % 8)
                yield Story(
                    group=f"{place} {day}",
                    event=f"weather {language}",
                    kind="serial",
                    language=language,
                    title=f"{place}, {day}",
                    paragraphs=(text,),
                )


def shorts(stories: list[Story]) -> list[Story]:
    """The first sentence of each story alone, as tickers run it; with another typography; and with another figure."""
    made = []
    for number, story in enumerate(stories):
        random_ = random.Random(number)
        sentence = re.split(r"(?<=[a-zé»\"]\.) ", story.paragraphs[0])[0]
        if len(sentence.split()) > 38:
            continue
        short = replace(story, group=f"{story.group} (ticker)", event=f"ticker {number}", kind="ticker", paragraphs=(sentence,))
        made += [short, replace(short, kind="ticker, typography", paragraphs=tuple(_typographic(short, random_)))]
        updated = _updated(short.paragraphs, random_)
        if updated != short.paragraphs:
            made.append(_other(short, "ticker, new figures", updated))
    return made
