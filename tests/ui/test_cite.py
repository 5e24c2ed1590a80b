import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from qa.answer import Citation
from qa.answer import cite as cited
from tests.ui.hostile import CORPUS
from ui.cite import FORMATS, address, bibtex, escape_markdown, key, markdown, plain

ARTICLE = Article(
    id="0123456789ab", text="Le pont a rouvert lundi. La mairie s’en félicite.", path="/home/x/pont.txt", digest="0",
    title="L’accord & le pont : 100 % ?",
    url="https://www.exemple.fr/pont_neuf?a=1&b=%202", source="Le Courrier", published="2024-03-04", language="fr",
    author="Issa Garba et Awa Diop",
)  # fmt: skip
CITATION = cited(1, ARTICLE, 0, 24)
BARE_ARTICLE = replace(ARTICLE, title=None, url=None, source=None, published=None, author=None)
BARE = cited(1, BARE_ARTICLE, 0, 24)


def test_plain() -> None:
    assert plain(CITATION, ARTICLE, "fr") == (
        "«\u202fLe pont a rouvert lundi.\u202f» — Issa Garba et Awa Diop, «\u202fL’accord & le pont : 100 % ?\u202f», Le Courrier, "
        "4 mars 2024, https://www.exemple.fr/pont_neuf?a=1&b=%202"
    )
    assert plain(CITATION, None, "en") == (
        "“Le pont a rouvert lundi.” — “L’accord & le pont : 100 % ?”, Le Courrier, 4 March 2024, "
        "https://www.exemple.fr/pont_neuf?a=1&b=%202"
    )


def test_plain_says_what_is_not_known() -> None:
    assert plain(BARE, BARE_ARTICLE, "fr") == (
        "«\u202fLe pont a rouvert lundi.\u202f» — sans titre («\u202fLe pont a rouvert lundi. La mairie s’en félicite.\u202f»), "
        "non daté, sans adresse"
    )
    assert plain(BARE, None, "en") == "“Le pont a rouvert lundi.” — untitled, undated, no address"


def test_markdown() -> None:
    assert markdown(CITATION, ARTICLE, "fr") == (
        "> «\u202fLe pont a rouvert lundi.\u202f»\n>\n> — Issa Garba et Awa Diop, [L’accord \\& le pont : 100 % ?]"
        "(<https://www.exemple.fr/pont_neuf?a=1&b=%202>), *Le Courrier*, 4 mars 2024"
    )
    assert markdown(BARE, None, "en") == "> “Le pont a rouvert lundi.”\n>\n> — untitled, undated, no address"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        pytest.param("*a* _b_ `c`", r"\*a\* \_b\_ \`c\`", id="emphasis_and_code"),
        pytest.param("[a](b) ![c]", r"\[a\](b) !\[c\]", id="links"),
        pytest.param("<b> &amp;", r"\<b\> \&amp;", id="html"),
        pytest.param("# a", r"\# a", id="heading"),
        pytest.param("- a - b", r"\- a - b", id="list"),
        pytest.param("12. a 3. b", r"12\. a 3. b", id="numbered_list"),
        pytest.param("2) a", r"2\) a", id="numbered_list_with_bracket"),
        pytest.param("a | b ~c~ $d$ ^e^ {f} \\g", r"a \| b \~c\~ \$d\$ \^e\^ \{f\} \\g", id="of_other_flavours"),
        pytest.param("L’an 2024. Fin", "L’an 2024. Fin", id="nothing_to_escape"),
    ],
)
def test_markdown_signs_stay_signs(text: str, escaped: str) -> None:
    assert escape_markdown(text) == escaped


def test_bibtex() -> None:
    assert bibtex(CITATION, ARTICLE, "fr") == (
        "@misc{lecourrier2024accord,\n"
        "  author = {Issa Garba and Awa Diop},\n"
        "  title = {{L’accord \\& le pont : 100 \\% ?}},\n"
        "  howpublished = {Le Courrier},\n"
        "  url = {https://www.exemple.fr/pont_neuf?a=1&b=%202},\n"
        "  year = {2024},\n  month = mar,\n  day = {4},\n"
        "  note = {«\u202fLe pont a rouvert lundi.\u202f»}\n}"
    )
    assert bibtex(BARE, None, "en") == (
        "@misc{articlenduntitled,\n  title = {{untitled}},\n  year = {n. d.},\n  note = {“Le pont a rouvert lundi.”}\n}"
    ).replace("nduntitled", "ndsans")


@pytest.mark.parametrize(
    ("published", "lines"),
    [
        ("2024-03-04", ["year = {2024}", "month = mar", "day = {4}"]), ("2024-03", ["year = {2024}", "month = mar"]),
        ("2024", ["year = {2024}"]), (None, ["year = {s. d.}"]), ("2024-13", ["year = {2024}"]), ("hier", ["year = {s. d.}"]),
        ("2024}, note = {x", ["year = {s. d.}"]),
    ],
)  # fmt: skip
def test_bibtex_dates_keep_their_precision(published: str | None, lines: list[str]) -> None:
    entry = bibtex(replace(CITATION, published=published), ARTICLE, "fr")
    assert re.findall(r"(?:year|month|day) = [^,\n]*", entry) == lines


@pytest.mark.parametrize(
    ("author", "field"),
    [
        ("Awa Diop", "Awa Diop"), ("AFP", "{AFP}"), ("Awa Diop, Dakar", "{Awa Diop, Dakar}"),
        ("Jean-Luc N’Guessan & AFP", "Jean-Luc N’Guessan and {AFP}"), ("A_B {C}", r"{A\_B \textbraceleft{}C\textbraceright{}}"),
    ],
)  # fmt: skip
def test_bibtex_authors(author: str, field: str) -> None:
    assert f"  author = {{{field}}},\n" in bibtex(CITATION, replace(ARTICLE, author=author))


@pytest.mark.parametrize(
    ("source", "url", "published", "title", "found"),
    [
        ("Le Courrier", None, "2024-03", "Les élections à Niamey", "lecourrier2024elections"),
        (None, "https://www.rfi.fr/x", "2023", "L'accord signé", "rfi2023accord"),
        (None, None, None, "Où ?", "articlendou"),
        ("中文", "https://例え.jp/", "2024", "日本", "article2024"),
        ("S" * 99, None, "2024", "x" * 99, "s" * 24 + "2024" + "x" * 24),
    ],
)  # fmt: skip
def test_a_key_of_plain_letters(source: str | None, url: str | None, published: str | None, title: str, found: str) -> None:
    assert key(replace(CITATION, source=source, url=url, published=published, title=title)) == found


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://exemple.fr/a b", "https://exemple.fr/a%20b"), ("https://exemple.fr/<x>\\{y}`z`", "https://exemple.fr/%3Cx%3E%5C%7By%7D%60z%60"),
        ("https://exemple.fr/é", "https://exemple.fr/%C3%A9"), ("javascript:alert(1)", None), ("data:text/html,x", None),
        (None, None), ("", None),
        ("https://exemple.fr/\x00\u202ex", "https://exemple.fr/x"),
    ],
)  # fmt: skip
def test_an_address_holds_no_sign_of_a_format(url: str | None, safe: str | None) -> None:
    assert address(replace(CITATION, url=url)) == safe


def _hostile(text: str) -> tuple[Citation, Article]:
    article = Article(
        id="0",
        text=text,
        path=text,
        digest="0",
        title=text,
        url=f"https://exemple.fr/{text}",
        source=text,
        published=text,
        language="fr",
        author=text,
    )
    citation = Citation(
        number=1, article_id="0", title=text, source=text, path=text, url=article.url, published=text, quote=text, start=0, end=len(text),
        link=text,
    )  # fmt: skip
    return citation, article


def _balanced(text: str) -> bool:
    """As BibTeX counts: every brace, even after a backslash."""
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0


@pytest.mark.parametrize("text", CORPUS.values(), ids=CORPUS.keys())
def test_a_hostile_article_breaks_no_format(text: str) -> None:
    citation, article = _hostile(text)
    for name, form in FORMATS.items():
        told = form(citation, article, "fr")
        told.encode("utf-8")
        assert not re.search("[\x00-\x09\x0b-\x1f\u202a-\u202e\u2066-\u2069]", told), name
    entry = bibtex(citation, article)
    assert _balanced(entry)
    assert len(re.findall(r"^@", entry, re.MULTILINE)) == 1
    assert "\n" not in plain(citation, article)
    assert [line[:1] for line in markdown(citation, article).split("\n")] == [">", ">", ">"]
    assert not re.search(r"(?<!\\)(?:\\\\)*<(?!https://exemple\.fr/)", markdown(citation, article))


@given(text=st.text(max_size=40))
def test_bibtex_is_always_balanced(text: str) -> None:
    assert _balanced(bibtex(*_hostile(text or "x")))


@given(text=st.text(alphabet="ab \\`*_{}[]<>#+-.!|~$^&()12", max_size=30))
def test_escaping_adds_backslashes_alone(text: str) -> None:
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escape_markdown(text)) == text
