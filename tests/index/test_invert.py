"""Lists of terms on disk: written in runs, merged, and merged again from other segments."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import index.invert
from index.analyse import pairs, terms
from index.column import Column, mapped
from index.errors import DamagedIndex, StoreError
from index.hashes import pair_hashes, term_hash, term_hashes
from index.invert import merge_lexical, write_lexical, write_sections
from index.lexical import Lexical, LexicalSegment
from index.sections import Hashing, Sections

ANY = st.text(st.characters(codec=None), max_size=6)
WORDS = st.text("abé1", min_size=1, max_size=2)


@pytest.mark.parametrize(("wide", "bytes_each"), [(2**32, 4), (1, 8)], ids=["in_32_bits", "in_64"])
def test_places_take_as_many_bits_as_they_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wide: int, bytes_each: int) -> None:
    monkeypatch.setattr(index.invert, "_WIDE", wide)
    write_lexical(tmp_path / "one", [["accord", "niger"], ["niger"]])
    write_lexical(tmp_path / "other", [["niger", "niger"]])
    merge_lexical(tmp_path / "both", [(tmp_path / "one", np.array([2, 0])), (tmp_path / "other", np.array([1]))])
    assert mapped(tmp_path / "both" / "starts.npy").itemsize == bytes_each
    found = Lexical([LexicalSegment.load(tmp_path / "both")])
    assert (found.frequency("niger"), found.frequency("accord")) == (3, 1)
    assert found.search({"accord": 1.0}, 5)[1].tolist() == [2]
    assert found.search({"niger": 1.0}, 5)[1].tolist() == [1, 0, 2]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def many() -> list[list[str]]:
    generator = np.random.default_rng(5)
    return [[f"t{min(rank, 500)}" for rank in generator.zipf(1.4, size=generator.integers(0, 50))] for _ in range(600)]


def test_a_list_worked_out_by_hand(tmp_path: Path) -> None:
    write_lexical(tmp_path, [["b", "a", "b"], [], ["b", "c d"]])
    order = sorted(["a", "b", "c d"], key=term_hash)
    assert mapped(tmp_path / "hashes.npy").tolist() == [term_hash(term) for term in order]
    lists = {"a": ([0], [1]), "b": ([0, 2], [2, 1]), "c d": ([2], [1])}
    assert mapped(tmp_path / "rows.npy").tolist() == [row for term in order for row in lists[term][0]]
    assert mapped(tmp_path / "counts.npy").tolist() == [times for term in order for times in lists[term][1]]
    assert mapped(tmp_path / "starts.npy").tolist() == np.cumsum([0, *(len(lists[term][0]) for term in order)]).tolist()
    assert mapped(tmp_path / "lengths.npy").tolist() == [3, 0, 2]
    assert (tmp_path / "lexical.json").read_text() == '{"size": 3, "length": 5, "letters": "ab"}'


def test_runs_and_ranges_of_any_size_make_the_same_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_lexical(tmp_path / "at_once", many())
    monkeypatch.setattr(index.invert, "RUN", 900)
    monkeypatch.setattr(index.invert, "PART", 700)
    write_lexical(tmp_path / "in_pieces", iter(many()))
    assert contents(tmp_path / "in_pieces") == contents(tmp_path / "at_once")


@pytest.mark.parametrize("times", [255, 256, 70_000], ids=["one_byte", "two_bytes", "more_than_are_told_apart"])
def test_a_term_that_fills_its_passage(tmp_path: Path, times: int) -> None:
    write_lexical(tmp_path, [["a"] * times])
    counts = mapped(tmp_path / "counts.npy")
    assert (counts.tolist(), counts.itemsize) == ([min(times, 65_535)], 1 if times < 256 else 2)
    assert mapped(tmp_path / "lengths.npy").tolist() == [times]


def test_segments_merged_are_as_if_written_at_once(tmp_path: Path) -> None:
    passages = many()
    places = np.random.default_rng(6).permutation(len(passages))
    # Some are left out, and the others come in any order.
    places[places >= 400] = -1
    write_lexical(tmp_path / "one", passages[:250])
    write_lexical(tmp_path / "two", passages[250:])
    assert merge_lexical(tmp_path / "merged", [(tmp_path / "one", places[:250]), (tmp_path / "two", places[250:])]) == 400
    write_lexical(tmp_path / "expected", [passages[int(old)] for old in np.argsort(places)[200:]])
    found, expected = contents(tmp_path / "merged"), contents(tmp_path / "expected")
    assert found.pop("lexical.json").startswith(b'{"size": 400')
    assert expected.pop("lexical.json")
    assert found == expected


def test_nothing_merged_is_an_empty_segment(tmp_path: Path) -> None:
    assert merge_lexical(tmp_path / "merged", []) == 0
    write_lexical(tmp_path / "expected", [])
    assert contents(tmp_path / "merged") == contents(tmp_path / "expected")


@pytest.mark.parametrize("places", [[0, 0], [0, 2], [1, 2]], ids=["twice", "a_gap", "none_first"])
def test_rows_to_merge_to_must_follow_each_other(tmp_path: Path, places: list[int]) -> None:
    write_lexical(tmp_path / "one", [["a"], ["b"]])
    with pytest.raises(StoreError, match="0, 1, 2 and so on"):
        merge_lexical(tmp_path / "merged", [(tmp_path / "one", np.array(places))])


def test_nothing_is_left_of_the_runs_when_reading_fails(tmp_path: Path) -> None:
    def failing() -> object:
        yield ["a"]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_lexical(tmp_path, failing())  # type: ignore[arg-type]
    assert not list(tmp_path.glob("runs-*"))


@given(st.lists(ANY, max_size=8))
def test_many_hashes_are_those_of_each(terms: list[str]) -> None:
    assert term_hashes(terms).tolist() == [term_hash(term) for term in terms]


def test_hashes_stay_what_they_are() -> None:
    # An index written once is read ever after. Worked out apart: BLAKE2b of each word, and SplitMix64's last steps of both.
    assert term_hash("accord") == 0x4D799D7B367A2E44
    assert term_hash("accord militaire") == 0xA6A89F6E9A871175


@given(st.lists(WORDS, min_size=1, max_size=6))
def test_hashes_of_pairs_are_those_of_the_words_together(words: list[str]) -> None:
    found = pair_hashes(term_hashes(words[:-1]), term_hashes(words[1:]))
    assert found.tolist() == [term_hash(pair) for pair in pairs(words)]


@given(
    st.lists(
        st.lists(st.lists(WORDS, max_size=5), min_size=1, max_size=4).flatmap(
            lambda words: st.tuples(st.just(words), st.lists(st.lists(st.integers(0, len(words) - 1), max_size=4), min_size=1, max_size=4))
        ),
        max_size=4,
    )
)
def test_sections_are_counted_as_the_terms_they_stand_for(
    tmp_path_factory: pytest.TempPathFactory, articles: list[tuple[list[list[str]], list[list[int]]]]
) -> None:
    folder = tmp_path_factory.mktemp("lists")
    expected = [[term for number in used for term in [*words[number], *pairs(words[number])]] for words, uses in articles for used in uses]
    sections = [Sections([term_hashes(section) for section in words], uses) for words, uses in articles]
    assert write_sections(folder / "sections", sections, {"ß"}) == len(expected)
    write_lexical(folder / "terms", expected)
    found, wanted = contents(folder / "sections"), contents(folder / "terms")
    assert json.loads(found.pop("lexical.json"))["letters"] == "ß"
    assert json.loads(wanted.pop("lexical.json"))["letters"] == "".join(
        sorted({letter for terms in expected for term in terms if term.isalpha() for letter in term})
    )
    assert found == wanted


@pytest.mark.parametrize("language", ["fr", "en", "de", None])
@given(texts=st.lists(st.text(max_size=40), max_size=3))
def test_texts_hashed_are_their_terms_hashed(texts: list[str], language: str | None) -> None:
    hashing = Hashing()
    expected = [terms(text, language) for text in texts]
    assert [hashing.hashes(text, language).tolist() for text in texts] == [term_hashes(found).tolist() for found in expected]
    assert hashing.letters == {letter for found in expected for term in found if term.isalpha() for letter in term}


def test_a_column_grows_row_by_row(tmp_path: Path) -> None:
    with Column(tmp_path / "column.npy", np.float32, 2) as column:
        column.append(np.ones((3, 2)))
        column.append(np.zeros((0, 2)))
        with pytest.raises(StoreError, match=r"rows of the shape \(2,\), not \(3,\)"):
            column.append(np.ones((1, 3)))
        column.append(np.full((1, 2), 7))
    assert mapped(tmp_path / "column.npy").tolist() == [[1, 1]] * 3 + [[7, 7]]
    with Column(tmp_path / "empty.npy", np.int64):
        pass
    assert mapped(tmp_path / "empty.npy").shape == (0,)


@pytest.mark.parametrize("size", [0, 5, 60, 135], ids=["empty", "cut_in_its_magic", "cut_in_its_header", "cut_in_its_data"])
def test_a_cut_column_is_damage(tmp_path: Path, size: int) -> None:
    path = tmp_path / "column.npy"
    with Column(path, np.int64) as column:
        column.append(np.arange(1))
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(DamagedIndex, match=r"column\.npy cannot be read"):
        mapped(path)
