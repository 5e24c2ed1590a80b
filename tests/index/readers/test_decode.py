"""Which encoding a text is in."""

import pytest

from index.errors import ArticleError
from index.readers.decode import decode, legacy_encoding, marked_encoding

FRENCH = (
    "L'été dernier a été très chaud à Niamey.", "« Voilà », dit-il.", "Où est la clé ?", "Noël à Nîmes", "ÉDITORIAL : L'ÉCOLE ET L'ÉTAT",
    "Le ministère de la Défense a reçu 3 000 € de crédits : un début, a déclaré le général.", "garçon",
    "L’accord prévoit l’envoi de 200 soldats ; le général s’est félicité d’une « coopération exemplaire »…",
    "Œuvre complète, cœur, sœur – naïf, aïeul, ambiguë.", "Le maire de Besançon reçoit François à déjeuner.",
    "Réf. n° 12, art. 3, § 4 : 25 °C", "Il a payé 15 £ — trop cher",
)  # fmt: skip
ENGLISH = (
    "The café’s owner said: “We’re closed”—for now.", "The minister's £5m plan was naïve, critics said.", "It cost 20€ – or less…",
    "Beyoncé sang in São Paulo.", "Resumé", "Façade of the hôtel", "Don’t panic",
)  # fmt: skip
LONG = (
    "\n\n".join(FRENCH * 4), "\n\n".join(ENGLISH * 4), "The committee met on Monday to discuss the budget. " * 60 + "It’s over.",
    "Le bureau a fini son travail lundi dernier dans la salle du conseil. " * 60 + "Un été.",
)  # fmt: skip
PLAINER = str.maketrans({"’": "'", "«": '"', "»": '"', "…": "...", "“": '"', "”": '"', "—": "-", "–": "-", "€": "EUR", "œ": "oe", "Œ": "OE",
                         "ã": "a", "§": "par.", "£": "GBP", "°": "o"})  # fmt: skip


def written(text: str, encoding: str) -> str:
    """`text` with what `encoding` lacks put otherwise, as typists did."""
    for char in sorted({char for char in text if char.translate(PLAINER) != char}):
        try:
            char.encode(encoding)
        except UnicodeEncodeError:
            text = text.replace(char, char.translate(PLAINER))
    return text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "iso8859-15", "mac_roman", "cp850", "cp437"])
@pytest.mark.parametrize("texts", [pytest.param(FRENCH, id="french"), pytest.param(ENGLISH, id="english"), pytest.param(LONG, id="long")])
def test_every_text_is_read_back(texts: tuple[str, ...], encoding: str) -> None:
    for text in (written(text, encoding) for text in texts):
        try:
            data = text.encode(encoding)
        except UnicodeEncodeError:
            continue  # capitals with accents that cp437 lacks
        assert decode(data) == text


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        pytest.param(b"\xef\xbb\xbfa", "utf-8-sig", id="utf-8"),
        pytest.param(b"\xff\xfea\0", "utf-16", id="utf-16"),
        pytest.param(b"\xff\xfe\0\0a\0\0\0", "utf-32", id="utf-32_and_not_utf-16"),
        pytest.param(b"abc", None, id="none"),
    ],
)
def test_byte_order_marks(data: bytes, encoding: str | None) -> None:
    assert marked_encoding(data) == encoding


def test_bytes_that_make_no_french_in_any_encoding() -> None:
    assert legacy_encoding(bytes(range(0xA1, 0xA8)) * 3) is None
    with pytest.raises(ArticleError, match="in no known encoding"):
        decode(bytes(range(0xA1, 0xA8)) * 3)
