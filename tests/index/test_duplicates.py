"""Copies of one dispatch are one cluster; different articles never are."""

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.changed import figures
from index.copies import Rule, Text, compare, same
from index.duplicates import Item, clusters
from index.errors import DamagedIndex
from index.shingles import LEAST, Signature, shingles, signature, tokens, word_hashes
from tests.quality.republished import Story, copies, originals, others
from tests.strategies import prose

LEAD = (
    "Une travée du pont de Kembara s'est effondrée lundi vers 6 heures, entraînant dans le fleuve deux camions et un minibus, a annoncé "
    "le gouverneur de la région. Sept personnes ont péri et quatorze autres ont été blessées, selon un premier bilan."
)
BODY = (
    "Les pêcheurs du quartier Sirabougou ont été les premiers à porter secours aux passagers. La circulation est interrompue dans les "
    "deux sens. Les autorités demandent aux voyageurs de passer par le bac de Doubala, à 35 kilomètres en amont de la ville."
)
BACKGROUND = (
    "Le pont de Kembara, long de 412 mètres, a été construit en 1987 avec l'appui d'un consortium de bailleurs étrangers. Il porte la "
    "seule route bitumée qui relie le nord de la région à la capitale, et près de 3 400 véhicules l'empruntent chaque jour."
)
DISPATCH = f"{LEAD}\n\n{BODY}\n\n{BACKGROUND}"


def grouped(texts: Sequence[str], published: Sequence[str | None] | None = None) -> list[int]:
    dates = published or [None] * len(texts)
    items = [
        Item(id=f"{number:03d}", signature=signature(text), published=date)
        for number, (text, date) in enumerate(zip(texts, dates, strict=True))
    ]
    return clusters(items, texts.__getitem__)


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param(DISPATCH.replace("'", "’").replace("3 400", "3\u202f400").upper(), id="typography"),
        pytest.param(DISPATCH.replace("é", "e").replace("î", "i"), id="accents_lost"),
        pytest.param(DISPATCH.encode().decode("cp1252"), id="read_in_another_encoding"),
        pytest.param(f"Drame au pont de Kembara : ce que l'on sait\n\n{DISPATCH}", id="a_title_in_front"),
        pytest.param(f"KEMBARA, 12 mars 2024 (AFP) - {DISPATCH}\n\n© 2024 AFP", id="dateline_and_agency"),
        pytest.param(
            f"Notre rédaction suit cette affaire depuis le début et vous propose d'en retrouver ici l'essentiel.\n\n{DISPATCH}", id="intro"
        ),
        pytest.param(f"{DISPATCH}\n\nRetrouvez toute l'actualité de la région sur notre application mobile.", id="outro"),
        pytest.param(f"{LEAD}\n\nLire aussi : Ce que disent les habitants\n\n{BODY}\n\n{BACKGROUND}", id="a_link_within"),
        pytest.param(f"{LEAD}\n\n{BODY}", id="background_cut"),
        pytest.param(DISPATCH.replace("\n\n", " "), id="paragraphs_joined"),
        pytest.param(DISPATCH.replace("Sept personnes", "7 personnes").replace("quatorze", "14"), id="numbers_in_digits"),
        pytest.param(DISPATCH.replace("ont été les premiers à porter secours", "ont d'abord secouru"), id="a_small_edit"),
        pytest.param(DISPATCH.replace("lundi vers 6 heures, ", ""), id="a_date_left_out"),
    ],
)
def test_copies(copy: str) -> None:
    assert same(Text(DISPATCH), Text(copy))
    assert same(Text(copy), Text(DISPATCH))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(DISPATCH.replace("Sept", "Neuf"), id="another_toll"),
        pytest.param(DISPATCH.replace("quatorze", "22"), id="another_toll_in_digits"),
        pytest.param(DISPATCH.replace("Sept", "Plusieurs"), id="a_toll_made_vague"),
        pytest.param(DISPATCH.replace("lundi", "mardi"), id="another_day"),
        pytest.param(DISPATCH.replace("Sirabougou", "Farako"), id="another_name"),
        pytest.param(f"{BODY} {BODY[::-1]}\n\n{BACKGROUND}", id="another_article_with_the_background"),
        pytest.param(
            "Le bilan s'est alourdi mercredi soir et s'établit à douze morts, ont déclaré les autorités, qui n'excluent pas de le revoir encore.\n\n"
            f"{BODY}\n\n{BACKGROUND}",
            id="a_new_lead",
        ),
        pytest.param(" ".join(f"mot{number}" for number in range(80)) + f"\n\n{DISPATCH}", id="the_next_day:the_dispatch_as_background"),
        pytest.param(f"{DISPATCH}\n\n" + " ".join(f"mot{number}" for number in range(300)), id="a_round_up_that_begins_with_it"),
        pytest.param(BACKGROUND, id="the_background_alone"),
        pytest.param("", id="nothing"),
    ],
)
def test_different_articles(other: str) -> None:
    assert not same(Text(DISPATCH), Text(other))
    assert not same(Text(other), Text(DISPATCH))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param("Le pont de Kembara s'est effondré.", "LE PONT DE KEMBARA S’EST EFFONDRE", True, id="the_same"),
        pytest.param("Le pont de Kembara s'est effondré.", "Le pont de Kembara s'est effondré lundi vers 6 heures.", False, id="more"),
        pytest.param("Page 7 du journal officiel.", "Page 8 du journal officiel.", False, id="another_number"),
        pytest.param("", "", False, id="no_words"),
    ],
)
def test_short_texts(one: str, other: str, expected: bool) -> None:
    assert same(Text(one), Text(other)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("douze morts", {"12"}, id="a_word"),
        pytest.param("quatre-vingt-dix-sept blessés", {"97"}, id="a_long_number"),
        pytest.param("trois mille cinq cents", {"3500"}, id="thousands"),
        pytest.param("twenty-three people", {"23"}, id="english"),
        pytest.param("1 200 hommes, 1.200 et 1,200", {"1200"}, id="digits_in_groups"),
        pytest.param("5 millions, puis cinq millions", {"5000000"}, id="digits_and_words"),
        pytest.param("le lundi 3 avril", {"lundi", "3", "month 4"}, id="a_date"),
        pytest.param("des dizaines, une centaine", {"vague"}, id="vague"),
        pytest.param("un homme et une femme, the one", set(), id="articles_are_no_figures"),
    ],
)
def test_figures(text: str, expected: set[str]) -> None:
    assert figures(tokens(text)) == expected


def test_what_is_shared_is_counted_in_words() -> None:
    shared = compare(Text(f"{LEAD}\n\n{BODY}"), Text(LEAD))
    assert shared.starts == (0, 0)
    assert shared.words == (len(tokens(LEAD)) + len(tokens(BODY)), len(tokens(LEAD)))
    assert shared.covered[1] == 1.0
    assert shared.containment == 1.0
    # LEAD has n words and n - 3 shingles, all of them in the n + m - 3 of both.
    assert shared.jaccard == (shared.words[1] - 3) / (shared.words[0] - 3)


def test_the_representative_is_the_earliest_then_the_longest_then_the_first_id() -> None:
    cut = f"{LEAD}\n\n{BODY}"
    assert grouped([DISPATCH, cut, cut.upper()], ["2024-03-13", "2024-03-12", None]) == [1, 1, 1]
    assert grouped([cut, DISPATCH, cut], ["2024-03-12", "2024-03-12", "2024-03-12"]) == [1, 1, 1]
    assert grouped([cut, cut], [None, None]) == [0, 0]


def test_a_month_is_taken_to_end_after_its_days() -> None:
    assert grouped([DISPATCH, DISPATCH], ["2024-03", "2024-03-30"]) == [1, 1]


def test_likeness_is_not_handed_on() -> None:
    # The cut text is a copy of both versions of the dispatch, which differ in a figure after the cut.
    cut = f"{LEAD}\n\n{BODY}"
    updated = DISPATCH.replace("3 400", "5 100")
    assert same(Text(cut), Text(DISPATCH))
    assert same(Text(cut), Text(updated))
    assert grouped([DISPATCH, cut, updated], ["2024-03-12", "2024-03-13", "2024-03-14"]) == [0, 0, 2]


def test_texts_without_words_are_all_different() -> None:
    assert grouped(["", "…", ""]) == [0, 1, 2]
    assert grouped([]) == []


def test_only_likely_copies_are_read_and_verdicts_kept() -> None:
    texts = [
        DISPATCH,
        "Un tout autre texte, sur la récolte de cacao et le prix payé aux planteurs cette année.",
        f"{LEAD}\n\n{BODY}",
        DISPATCH,
    ]
    items = [Item(id=str(number), signature=signature(text)) for number, text in enumerate(texts)]
    read: list[int] = []

    def text_of(number: int) -> str:
        read.append(number)
        return texts[number]

    verdicts: dict[tuple[bytes, bytes], bool] = {}
    assert clusters(items, text_of, verdicts) == [0, 1, 0, 0]
    assert sorted(read) == [0, 2]
    assert verdicts == {(items[0].signature.key, items[2].signature.key): True}
    read.clear()
    assert clusters(items, text_of, verdicts) == [0, 1, 0, 0]
    assert read == []


def test_a_signature_is_the_same_in_every_process_and_comes_back_as_stored() -> None:
    made = signature("Le pont de Kembara s'est effondré lundi.")
    stored = made.to_bytes()
    assert made.key.hex() == "075e705cf915a45b14a23b1e95ab06c8"
    assert made.words == 8
    back = Signature.from_bytes(stored)
    assert (back.key, back.words) == (made.key, 8)
    np.testing.assert_array_equal(back.sample, made.sample)
    with pytest.raises(DamagedIndex, match="has 7 bytes"):
        Signature.from_bytes(stored[:7])


def test_samples_hold_one_shingle_in_eight_and_never_too_few() -> None:
    long = " ".join(f"mot{number}" for number in range(4003))
    assert 400 <= len(signature(long).sample) <= 600
    assert len(signature(" ".join(long.split()[:40])).sample) == LEAST
    assert len(signature("un deux trois quatre cinq").sample) == 2
    hashed = word_hashes(tokens("un deux trois quatre cinq"))
    assert len(shingles(hashed, 2)) == 4
    assert len(shingles(hashed, 9)) == 1


@pytest.fixture(scope="module")
def labelled() -> list[Story]:
    random_ = random.Random(7)
    stories = [story for story in originals(7) if story.event in ("event 0", "event 7")]
    return [*stories, *(copy for story in stories for copy in copies(story, random_)), *others(stories, random_)]


def test_no_pair_of_different_articles_is_merged_and_nearly_all_copies_are(labelled: list[Story]) -> None:
    stories = {story.group: Text(story.text) for story in labelled if story.kind == "original"}
    found = {
        (story.group, original): same(stories[original], Text(story.text))
        for story in labelled
        for original in stories
        if original not in story.apart and (story.kind == "original" or story.group not in stories)
    }
    assert [pair for pair, merged in found.items() if merged != (pair[0] == pair[1])] == []
    joined = [same(stories[story.group], Text(story.text)) for story in labelled if story.group in stories]
    assert len(joined) == 150
    assert sum(joined) >= 0.97 * len(joined)


def test_a_stricter_rule_merges_less(labelled: list[Story]) -> None:
    story = next(story for story in labelled if story.kind == "edited, cut and signed")
    original = next(other for other in labelled if other.kind == "original" and other.group == story.group)
    pair = Text(original.text), Text(story.text)
    assert not same(*pair, Rule(covered=1.0, lead=1.0, ratio=1.0))


@settings(max_examples=40)
@given(st.lists(st.tuples(prose, st.sampled_from([None, "2023", "2024-03", "2024-03-12"])), max_size=8), st.randoms(use_true_random=False))
def test_clusters_are_a_partition_that_no_order_changes_and_a_copy_joins(
    articles: list[tuple[str, str | None]], random_: random.Random
) -> None:
    articles = [*articles, (DISPATCH, "2024-03-12"), (f"{LEAD}\n\n{BODY}", None), (DISPATCH.replace("Sept", "Neuf"), None)]
    texts = [text for text, _ in articles]
    items = [Item(id=f"{number:03d}", signature=signature(text), published=date) for number, (text, date) in enumerate(articles)]
    found = clusters(items, texts.__getitem__)
    assert all(found[leader] == leader for leader in found)
    order = random_.sample(range(len(items)), len(items))
    shuffled = clusters([items[number] for number in order], lambda number: texts[order[number]])
    assert {order[number]: order[leader] for number, leader in enumerate(shuffled)} == dict(enumerate(found))
    copied = random_.randrange(len(items))
    later = Item(id="zzz", signature=items[copied].signature)
    again = clusters([*items, later], [*texts, texts[copied]].__getitem__)
    assert again[:-1] == found
    assert again[-1] == (found[copied] if later.signature.words else len(items))
