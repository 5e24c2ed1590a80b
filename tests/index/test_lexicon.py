"""What is known of words beyond the collection."""

import pytest

from index.analyse import stems
from index.lexicon import kin, rarity, translations


def stem(word: str) -> str:
    return stems([word], "fr")[0]


def test_a_word_seen_nowhere_tells_most() -> None:
    assert rarity("zzzzqx") == 1.0


def test_a_word_of_every_article_tells_less_than_one_of_few() -> None:
    assert 0 <= rarity(stem("pays")) < rarity(stem("instructeur")) <= 1


def test_what_the_collection_holds_often_tells_less() -> None:
    assert rarity("zzzzqx", 5, 5) < rarity("zzzzqx", 1, 5) < 1.0


@pytest.mark.parametrize(("one", "other"), [("signé", "signature"), ("accord", "traité"), ("convention", "accord")])
def test_kin_are_of_each_other(one: str, other: str) -> None:
    assert stem(other) in kin(stem(one))
    assert stem(one) in kin(stem(other))
    assert stem(one) not in kin(stem(one))


def test_a_word_without_kin() -> None:
    assert kin("zzzzqx") == frozenset()


@pytest.mark.parametrize(("english", "french"), [("army", "armée"), ("signed", "signé"), ("abroad", "étranger"), ("agreements", "accord")])
def test_translations(english: str, french: str) -> None:
    found = translations(english)
    assert stem(french) in {stem(word) for word in found}
    assert all(0 < weight <= 1 for weight in found.values())


def test_no_translation() -> None:
    assert translations("zzzzqx") == {}
