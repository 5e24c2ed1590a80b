"""The tokenizer of the bundled model: whole words that share a vector when they share a stem, pieces for all others.

A static model learns one vector a row of its table. Giving "accord", "accords" and "Accord" one row lets each learn from the
others' sentences, and leaves room for more dimensions, which pay: in 14 MB, after 900 steps, 288 numbers a row reach nDCG@10
0.641 on the mean of six development sets, 384 0.657, 512 0.662; a unigram vocabulary without sharing does worse by 0.016. The
tokenizer is a plain WordPiece (Wu et al., 2016), which any program reads; the sharing is the `mapping` of model2vec's format.
The library's own trainer is not used for the pieces: it breaks ties by chance.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.errors import ModelError
from index.training.corpus import Corpus

UNKNOWN: Final = "[UNK]"
_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
_WORD = re.compile(f"[{_ALPHABET}]{{1,20}}")
_ANY_WORD = re.compile(r"[^\W_]+")
_ENGLISH_COUNT: Final = 15
"""What an English word counts for beside a French one: there is fifty times more French."""
_LONGEST_PIECE: Final = 7
_BLOCK: Final = 2_000
Rows = npt.NDArray[np.int16] | npt.NDArray[np.int32]
"""Of the narrower type where it holds every row: this is 87 kB of the bundled model."""


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """A tokenizer (tokenizers.Tokenizer) and the row of the table for each of its tokens."""

    tokenizer: Any
    mapping: Rows

    @property
    def rows(self) -> int:
        return int(self.mapping.max()) + 1

    def encode(self, texts: Sequence[str]) -> list[npt.NDArray[np.int64]]:
        """The rows of each text's tokens, in order."""
        found = self.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [self.mapping[item.ids].astype(np.int64) if item.ids else np.zeros(0, np.int64) for item in found]


def build_vocabulary(corpus: Corpus, english: Iterable[str], rows: int, pieces: int) -> Vocabulary:
    """A vocabulary of at most `rows` rows, `pieces` of them for parts of words.

    `english` are further English words to know, which the parallel lines are too few to hold.

    Raises:
        ModelError: `rows` leaves no row for whole words.
    """
    room = rows - pieces - 2 * len(_ALPHABET) - 1
    if pieces < 0 or room < 1:
        raise ModelError(f"--rows {rows} leaves no room for words beside {pieces} pieces, {2 * len(_ALPHABET)} letters and one unknown")
    french_count, english_count = _count(french_texts(corpus)), _count(line for line, _ in corpus.parallel)
    listed = {word for word in english if _WORD.fullmatch(word)}
    words = {word for word in {*french_count, *english_count, *listed} if _WORD.fullmatch(word)}
    stem = {word: _stem(word, english_count[word] * 8 > french_count[word] or not french_count[word]) for word in sorted(words)}
    counts: Counter[str] = Counter()
    for word, root in stem.items():
        counts[root] += french_count[word] + _ENGLISH_COUNT * english_count[word] + _ENGLISH_COUNT * (word in listed)
    kept = {root for root, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:room]}
    whole = sorted(word for word, root in stem.items() if root in kept)
    rare = {
        word: min(3, french_count[word] + english_count[word]) for word, root in stem.items() if root not in kept and not word.isdigit()
    }
    tokens = {UNKNOWN: UNKNOWN}
    tokens |= {piece: f"piece {piece}" for piece in [*_ALPHABET, *(f"##{letter}" for letter in _ALPHABET)] if piece not in whole}
    tokens |= {piece: f"piece {piece}" for piece in _pieces(rare, set(whole), pieces)}
    tokens |= {word: stem[word] for word in whole}
    row: dict[str, int] = {}
    for root in tokens.values():
        row.setdefault(root, len(row))
    mapping: Rows = np.array([row[root] for root in tokens.values()], np.int32)
    if len(row) <= 2**15:
        mapping = mapping.astype(np.int16)
    return Vocabulary(tokenizer=tokenizer({token: number for number, token in enumerate(tokens)}), mapping=mapping)


def tokenizer(vocabulary: dict[str, int]) -> Any:
    """A WordPiece tokenizer that sees letters and digits alone, without case, accents, ligatures and the points of acronyms."""
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers

    made = Tokenizer(models.WordPiece(vocabulary, unk_token=UNKNOWN, continuing_subword_prefix="##", max_input_chars_per_word=60))
    made.normalizer = _normalizer()
    made.pre_tokenizer = pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}]+"), "removed")
    return made


def french_texts(corpus: Corpus) -> Iterator[str]:
    """Every French text of the corpus."""
    for document in corpus.documents:
        yield from (document.title, document.heading)
        for passage in document.passages:
            yield from passage
    for question, _, _ in corpus.pairs:
        yield question
    for _, french in corpus.parallel:
        yield french


def _normalizer() -> Any:
    from tokenizers import Regex, normalizers

    points = normalizers.Replace(Regex(r"(?<=\b\p{Lu})\.(?=\p{Lu}\b)"), "")
    ligatures = [normalizers.Replace(one, two) for one, two in (("œ", "oe"), ("æ", "ae"), ("ß", "ss"))]
    return normalizers.Sequence([normalizers.NFKD(), points, normalizers.Lowercase(), normalizers.StripAccents(), *ligatures])


def _count(texts: Iterable[str]) -> Counter[str]:
    normalizer = _normalizer()
    counts: Counter[str] = Counter()
    block: list[str] = []
    for text in texts:
        block.append(text)
        if len(block) == _BLOCK:
            counts.update(_ANY_WORD.findall(normalizer.normalize_str("\n".join(block))))
            block = []
    counts.update(_ANY_WORD.findall(normalizer.normalize_str("\n".join(block))))
    return counts


def _stem(word: str, english: bool) -> str:
    import Stemmer

    if len(word) < 4 or any(letter.isdigit() for letter in word):
        return word
    return str(Stemmer.Stemmer("english" if english else "french").stemWord(word))


def _pieces(rare: dict[str, int], whole: set[str], wanted: int) -> list[str]:
    """The parts that rare words are best cut into: those found most, of the candidates that cover the most letters."""
    covered: Counter[str] = Counter()
    for word, count in rare.items():
        for length in range(2, min(_LONGEST_PIECE, len(word) - 1) + 1):
            covered[word[:length]] += count * (length - 1)
        for begin in range(1, len(word)):
            for length in range(2, min(5, len(word) - begin) + 1):
                covered[f"##{word[begin : begin + length]}"] += count * (length - 1)
    candidates = set(sorted(covered, key=lambda piece: (-covered[piece], piece))[: 4 * wanted])
    known = candidates | {word for word in whole if len(word) <= _LONGEST_PIECE} | {*_ALPHABET} | {f"##{letter}" for letter in _ALPHABET}
    used: Counter[str] = Counter()
    for word, count in rare.items():
        for piece in _greedy(word, known):
            used[piece] += count
    ordered = sorted(candidates - whole, key=lambda piece: (-used[piece], piece))
    return sorted(ordered[:wanted])


def _greedy(word: str, known: set[str]) -> Iterator[str]:
    """Cut as WordPiece cuts: the longest piece first."""
    begin = 0
    while begin < len(word):
        for length in range(min(_LONGEST_PIECE + 1, len(word) - begin), 0, -1):
            piece = ("##" if begin else "") + word[begin : begin + length]
            if piece in known:
                yield piece
                begin += length
                break
        else:
            return
