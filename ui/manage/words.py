"""Every word of the collection's page, in French and in English."""

from dataclasses import dataclass
from typing import Final

from ui.texts import Language


@dataclass(frozen=True, kw_only=True)
class Words:
    """The page in one language. Words in braces are filled in where the text is shown."""

    title: str
    back: str
    search: str
    all_sites: str
    all_languages: str
    all_years: str
    show: str
    found_one: str
    found_many: str
    none: str
    columns: tuple[str, str, str, str, str]
    copy: str
    remove: str
    sure: str
    yes: str
    keep: str
    removed: str
    undo: str
    out: str
    add: str
    files: str
    files_line: str
    send: str
    paste: str
    paste_fields: tuple[str, str, str, str, str, str]
    address: str
    address_line: str
    rebuild: str
    rebuild_line: str
    full: str
    cancel: str
    stages: dict[str, str]
    running: str
    cancelling: str
    done: str
    cancelled: str
    failed_build: str
    unforeseen: str
    failures: str
    failures_line: str
    busy: str
    later: str
    readers_only: str
    previous: str
    next: str
    kept: str
    leave: str


WORDS: Final[dict[Language, Words]] = {
    "fr": Words(
        title="Collection", back="Poser une question", search="Mots du titre ou du chemin", all_sites="Tous les sites",
        all_languages="Toutes les langues", all_years="Toutes les années", show="Afficher", found_one="1 article",
        found_many="{count} articles", none="Aucun article ne répond à ce choix.", copy="reprise",
        columns=("Titre", "Date", "Site", "Langue", "Passages"), remove="Retirer",
        sure="Retirer « {label} » de la collection ? Le fichier reste où il est.", yes="Retirer", keep="Garder",
        removed="« {label} » est retiré de la collection.", undo="Annuler", out="Retirés à la main", add="Ajouter des articles",
        files="Fichiers",
        files_line="Texte, Markdown, HTML, PDF, Word, JSON, CSV, archives zip et WARC. Déposez-les ici ou choisissez-les.",
        send="Ajouter", paste="Coller un texte", paste_fields=("Texte", "Titre", "Site", "Date", "Adresse", "Auteur"),
        address="Adresse d’une page, d’un fil ou d’un plan de site", address_line="Elle est lue à chaque mise à jour.",
        rebuild="Mettre l’index à jour",
        rebuild_line="Ce qui a changé dans les dossiers et aux adresses est relu. On peut poser des questions pendant ce temps.",
        full="Tout relire", cancel="Arrêter",
        stages={"": "Préparation", "fetch": "Pages demandées", "read": "Articles lus", "compare": "Reprises cherchées",
                "embed": "Passages indexés", "check": "Contrôle"},
        running="Mise à jour de l’index", cancelling="Arrêt…",
        done="Index à jour : {added} ajoutés, {changed} modifiés, {removed} retirés, {unchanged} inchangés, {failed} en échec.",
        cancelled="Mise à jour arrêtée : l’index d’avant reste servi, et la suivante reprendra où celle-ci s’est arrêtée.",
        failed_build="La mise à jour a échoué : l’index d’avant reste servi.",
        unforeseen="Une erreur imprévue ; le journal du serveur en dit plus.", failures="En échec",
        failures_line="À la dernière mise à jour ; la prochaine essaiera de nouveau.",
        later="Une mise à jour est déjà en cours ; la suivante commencera à sa fin.",
        busy="Une mise à jour est déjà en cours ; attendez sa fin.", readers_only="Seuls les rédacteurs changent la collection.",
        previous="Page précédente", next="Page suivante", kept="Reçu : {names}.",
        leave="Se déconnecter",
    ),
    "en": Words(
        title="Collection", back="Ask a question", search="Words of the title or path", all_sites="All sites",
        all_languages="All languages", all_years="All years", show="Show", found_one="1 article", found_many="{count} articles",
        none="No article fits this choice.", copy="copy", columns=("Title", "Date", "Site", "Language", "Passages"), remove="Remove",
        sure="Remove “{label}” from the collection? The file stays where it is.", yes="Remove", keep="Keep",
        removed="“{label}” is removed from the collection.", undo="Undo", out="Removed by hand", add="Add articles", files="Files",
        files_line="Text, Markdown, HTML, PDF, Word, JSON, CSV, zip and WARC archives. Drop them here or choose them.",
        send="Add", paste="Paste a text", paste_fields=("Text", "Title", "Site", "Date", "Address", "Author"),
        address="Address of a page, a feed or a sitemap", address_line="It is read at every update.", rebuild="Update the index",
        rebuild_line="What changed in the folders and at the addresses is read again. Questions can be asked meanwhile.",
        full="Read everything again", cancel="Stop",
        stages={"": "Preparing", "fetch": "Pages fetched", "read": "Articles read", "compare": "Copies sought", "embed": "Passages indexed",
                "check": "Check"},
        running="Updating the index", cancelling="Stopping…",
        done="Index up to date: {added} added, {changed} changed, {removed} removed, {unchanged} unchanged, {failed} failed.",
        cancelled="Update stopped: the index from before is still served, and the next update goes on where this one stopped.",
        failed_build="The update failed: the index from before is still served.",
        unforeseen="An unforeseen error; the server's log says more.", failures="Failed",
        failures_line="At the last update; the next one tries again.", busy="An update is already running; wait for its end.",
        later="An update is already running; the next one begins at its end.",
        readers_only="Only editors change the collection.", previous="Previous page", next="Next page", kept="Received: {names}.",
        leave="Sign out",
    ),
}  # fmt: skip
