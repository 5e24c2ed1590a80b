"""What a model wants written before a question or a passage: as its folder declares, else as its card says."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from index.locate import read_object


@dataclass(frozen=True, kw_only=True)
class Prompts:
    """Written before each text that is encoded; mostly nothing."""

    query: str = ""
    document: str = ""

    def __str__(self) -> str:
        """For a fingerprint: nothing where there are none."""
        return f"{self.query}\0{self.document}" if self.query or self.document else ""


@dataclass(frozen=True, kw_only=True)
class Family:
    """Models whose cards ask for the same prompts, though most of their folders declare none. `models` is a pattern."""

    owner: str
    models: str
    prompts: Prompts
    source: str


FAMILIES: Final = (
    Family(
        owner="intfloat",
        models=r"(multilingual-)?e5-(small|base|large)(-v2|-unsupervised)?",
        prompts=Prompts(query="query: ", document="passage: "),
        source="https://huggingface.co/intfloat/multilingual-e5-base, question 1 of its FAQ",
    ),
    Family(
        owner="intfloat",
        models=r"multilingual-e5-large-instruct",
        prompts=Prompts(query="Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: "),
        source="https://huggingface.co/intfloat/multilingual-e5-large-instruct",
    ),
    Family(
        owner="BAAI",
        models=r"bge-(small|base|large)-en(-v1\.5)?",
        prompts=Prompts(query="Represent this sentence for searching relevant passages: "),
        source="https://huggingface.co/BAAI/bge-base-en-v1.5, its list of models",
    ),
    Family(
        owner="nomic-ai",
        models=r"nomic-embed-text-v1(\.5)?",
        prompts=Prompts(query="search_query: ", document="search_document: "),
        source="https://huggingface.co/nomic-ai/nomic-embed-text-v1.5",
    ),
    Family(
        owner="OrdalieTech",
        models=r"Solon-embeddings-large-0\.1",
        prompts=Prompts(query="query : "),
        source="https://huggingface.co/OrdalieTech/Solon-embeddings-large-0.1",
    ),
)


def prompts_of(folder: Path, name: str = "") -> Prompts:
    """The prompts of the model in `folder`, which may be called `name` on the hub.

    sentence-transformers 6.2 itself overlooks a declared "passage" where no "document" is declared: its own empty one comes first.

    Raises:
        ModelError: the file that declares prompts is no JSON.
    """
    declared = read_object(folder / "config_sentence_transformers.json").get("prompts")
    texts = {key: text for key, text in declared.items() if isinstance(text, str) and text} if isinstance(declared, dict) else {}
    if texts:
        return Prompts(
            query=texts.get("query", ""), document=next((texts[key] for key in ("document", "passage", "corpus") if key in texts), "")
        )
    known = (family_prompts(found) for found in (name, *_names(folder)))
    return next((prompts for prompts in known if prompts), Prompts())


def family_prompts(name: str) -> Prompts | None:
    """The prompts of the family that a hub name, with or without its owner, belongs to."""
    for family in FAMILIES:
        if re.fullmatch(f"({re.escape(family.owner)}/)?{family.models}", name, re.IGNORECASE):
            return family.prompts
    return None


def _names(folder: Path) -> list[str]:
    """What the files of a model say it is called: its results in the head of README.md, then the configuration.

    None where the card names a base model: the model was trained further, and whether with the prompts of its base only its author knows.
    """
    try:
        card = (folder / "README.md").read_text(encoding="utf-8", errors="replace")
    except OSError:
        card = ""
    head = card.split("\n---", 1)[0] if card.startswith("---") else ""
    if re.search(r"^base_model:", head, re.MULTILINE):
        return []
    names = re.findall(r"^model-index:\s*\n\s*-\s+name:\s*(\S+)", head, re.MULTILINE)
    configured = read_object(folder / "config.json").get("_name_or_path")
    return [*names, configured] if isinstance(configured, str) else names
