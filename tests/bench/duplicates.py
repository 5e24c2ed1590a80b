"""How well near copies are told from different articles, and what it costs: `python -m tests.bench.duplicates`.

`--scale 50000` times the clusters of that many generated articles; `--sketches` does the same with MinHash and LSH of datasketch;
`--texts FILE.jsonl` prints what is merged in a real collection (one JSON object a line, with "text"), to be judged by eye.
"""

import argparse
import json
import random
import re
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

from index.changed import changed_facts
from index.copies import Comparison, Rule, Text, compare, contradict
from index.duplicates import Item, Verdicts, clusters
from index.shingles import Signature, signature
from tests.quality.republished import Story, copies, originals, others, shorts

SEEDS = (1, 2, 3)
# What the made articles are labelled against: beside originals, only those of the same kind.
PEERS = ("brief", "serial")


def labelled() -> tuple[list[tuple[Story, Story]], list[tuple[Story, Story]]]:
    """Pairs of copies, and pairs of different articles that share an event."""
    alike, different = [], []
    for seed in SEEDS:
        random_ = random.Random(seed)
        stories = originals(seed)
        altered = {story.group: copies(story, random_) for story in stories}
        alike += [(story, copy) for story in stories for copy in altered[story.group]]
        for one, other in combinations(stories + others(stories, random_), 2):
            told = one.kind == "original" or (one.kind == other.kind and one.kind in PEERS)
            if told and one.event == other.event and one.group != other.group and not {one.group, other.group} & (one.apart | other.apart):
                # The story against the other article, and a copy of it too.
                different.append((one, other))
                # The change may lie in what a cut copy has lost, so that nothing tells the two apart.
                whole = [copy for copy in altered.get(one.group, ()) if not {"cut", "half"} & set(re.findall(r"\w+", copy.kind))]
                different += [(random_.choice(whole), other)] if one.kind == "original" else []
        for one, other in combinations(shorts(stories), 2):
            if one.event == other.event:
                (alike if one.group == other.group else different).append((one, other))
    return alike, different


class Measured:
    """A labelled pair with what its texts share, worked out once for all rules."""

    def __init__(self, one: Story, other: Story, width: int) -> None:
        self.kinds = one.kind, other.kind
        self.stories = one, other
        first, second = Text(one.text, width), Text(other.text, width)
        self.comparison: Comparison = compare(first, second)
        self.changed = contradict(first, second, self.comparison) if self.comparison.containment > 0.2 else False

    def merged(self, rule: Rule) -> bool:
        return self.comparison.copies(rule) and not (rule.facts and self.changed)


def figures(alike: Sequence[bool], different: Sequence[bool]) -> str:
    found = sum(alike) + sum(different)
    return f"{sum(alike) / max(found, 1):9.4f} {sum(alike) / len(alike):7.4f} {sum(different):6d}"


def table(alike: Sequence[Measured], different: Sequence[Measured]) -> None:
    """Precision and recall by rule and threshold."""
    print(f"{len(alike)} pairs of copies, {len(different)} pairs of different articles\n")
    print(f"{'rule':44s} {'from':>5s} precision  recall  false")
    for threshold in (0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95):
        jaccard, containment = (
            [[getattr(pair.comparison, name) >= threshold for pair in pairs] for pairs in (alike, different)]
            for name in ("jaccard", "containment")
        )
        rows = {"Jaccard": jaccard, "containment": containment}
        for name, placed, facts in (
            ("words covered", False, False),
            ("and no fact changed", False, True),
            ("and begun alike", True, False),
            ("and begun alike, no fact changed", True, True),
        ):
            rule = Rule(covered=threshold, placed=placed, facts=facts)
            rows[name] = [[pair.merged(rule) for pair in pairs] for pairs in (alike, different)]
        for name, found in rows.items():
            print(f"{name:44s} {threshold:5.2f} {figures(*found)}")
        print()


def by_kind(alike: Sequence[Measured], different: Sequence[Measured]) -> None:
    """Recall by the way of copying, and false merges by the kind of different article."""
    for pair in different:
        if pair.merged(Rule()):
            print(f"merged, {' and '.join(pair.kinds)}: {pair.stories[1].title}")
    for name, pairs in (("copies found", alike), ("different articles merged", different)):
        print(name)
        merged, counts = Counter[str](), Counter[str]()
        for pair in pairs:
            kind = pair.kinds[1]
            counts[kind] += 1
            merged[kind] += pair.merged(Rule())
        for kind in counts:
            print(f"  {kind:28s} {merged[kind]:4d} of {counts[kind]}")


def set_of(count: int, seed: int = 0) -> Iterator[Story]:
    """`count` articles, two in ten of them copies; words are changed so that no two originals share a background."""
    random_ = random.Random(seed)
    stories = originals(seed)
    made = 0
    while made < count:
        story = random_.choice(stories)
        words = story.text.split(" ")
        turned = [word if random_.random() < 0.55 else f"{word[:3]}{random_.randrange(500)}" for word in words]
        group = f"{made}"
        base = Story(
            group=group,
            event="",
            kind="original",
            language=story.language,
            title=story.title,
            paragraphs=tuple(" ".join(turned).split("\n\n")),
        )
        batch = [base, *(copies(base, random_)[:13] if random_.random() < 0.02 else [])]
        yield from batch[: count - made]
        made += len(batch[: count - made])


def scale(count: int) -> None:
    """Processor time and memory of `count` articles, then of one more."""
    stories = list(set_of(count))
    texts = [story.text for story in stories]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    stored = [signature(text).to_bytes() for text in texts]
    signed = time.process_time()
    items = [Item(id=f"{number:06d}", signature=Signature.from_bytes(value)) for number, value in enumerate(stored)]
    verdicts: dict[tuple[bytes, bytes], bool] = {}
    found = clusters(items, texts.__getitem__, verdicts)
    done = time.process_time()
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    words = sum(len(text.split()) for text in texts) // count
    print(f"{count} articles of {words} words: signatures {signed - began:.1f} s, clusters {done - signed:.1f} s")
    print(f"stored: {sum(map(len, stored)) / count:.0f} bytes an article; {len(verdicts)} pairs compared")
    print(f"memory: {(after - before) / 1024:.0f} MiB more at the peak")
    report(stories, found)
    asked: list[int] = []

    def text_of(number: int) -> str:
        asked.append(number)
        return texts[number]

    texts.append(texts[0] + " Une phrase de plus, à la fin.")
    began = time.process_time()
    clusters([*items, Item(id="new", signature=signature(texts[-1]))], text_of, verdicts)
    print(f"one more, with the verdicts kept: {time.process_time() - began:.1f} s, {len(asked)} texts read")


def report(stories: Sequence[Story], found: Sequence[int]) -> None:
    """Copies joined with their original, and different articles joined."""
    first: dict[str, int] = {}
    joined = copied = false = 0
    for number, story in enumerate(stories):
        false += stories[found[number]].group != story.group
        if story.group in first:
            copied += 1
            joined += found[number] == found[first[story.group]]
        else:
            first[story.group] = number
    print(f"copies joined: {joined} of {copied}; articles put to another's copies: {false}")


def sketches(count: int, permutations: int = 128, threshold: float = 0.3) -> None:
    """The same candidates by MinHash and LSH of datasketch, for comparison."""
    from datasketch import MinHash, MinHashLSH

    stories = list(set_of(count))
    began = time.process_time()
    prepared = [Text(story.text) for story in stories]
    worded = time.process_time()
    made = []
    for text in prepared:
        sketch = MinHash(num_perm=permutations, hashfunc=int)
        sketch.update_batch([int(value) & 0xFFFFFFFF for value in text.shingles])
        made.append(sketch)
    signed = time.process_time()
    table_ = MinHashLSH(threshold=threshold, num_perm=permutations)
    found: dict[int, set[int]] = {}
    for number, sketch in enumerate(made):
        found[number] = set(table_.query(sketch))
        table_.insert(number, sketch)
    done = time.process_time()
    groups = defaultdict(list)
    for number, story in enumerate(stories):
        groups[story.group].append(number)
    pairs = [(members[0], other) for members in groups.values() for other in members[1:]]
    print(f"datasketch: words {worded - began:.1f} s, sketches {signed - worded:.1f} s, LSH {done - signed:.1f} s; "
          f"{sum(first in found[second] for first, second in pairs)} of {len(pairs)} copies met; "
          f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB at the peak")  # fmt: skip


def real(path: str) -> None:
    """What is merged among the texts of a file, and what is kept apart though it shares much."""
    rows = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
    texts = [row["text"] for row in rows]
    began = time.process_time()
    verdicts: Verdicts = {}
    items = [Item(id=f"{number:06d}", signature=signature(text)) for number, text in enumerate(texts)]
    found = clusters(items, texts.__getitem__, verdicts)
    taken = time.process_time() - began
    merged = [(leader, number) for number, leader in enumerate(found) if leader != number]
    places = {item.signature.key: number for number, item in enumerate(items)}
    apart = [(places[one], places[other]) for (one, other), verdict in verdicts.items() if not verdict]
    for name, pairs in (("merged", merged), ("kept apart", apart)):
        for one, other in pairs:
            first, second = Text(texts[one]), Text(texts[other])
            shared = compare(first, second)
            if name == "merged" or shared.containment > 0.5:
                print(f"{name} {one} {other}: {shared} {changed_facts(first, second, shared.starts)[:3]}")
                print(f"  {rows[one].get('title')} | {texts[one][:160]!r}\n  {rows[other].get('title')} | {texts[other][:160]!r}")
    print(f"{len(texts)} texts, {len(merged)} merged, {len(verdicts)} compared, {taken:.1f} s")


def main() -> None:
    """Print what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=int)
    parser.add_argument("--sketches", type=int)
    parser.add_argument("--texts")
    parser.add_argument("--width", type=int, default=4)
    asked = parser.parse_args()
    if asked.scale:
        scale(asked.scale)
    elif asked.sketches:
        sketches(asked.sketches)
    elif asked.texts:
        real(asked.texts)
    else:
        alike, different = ([Measured(*pair, asked.width) for pair in pairs] for pairs in labelled())
        table(alike, different)
        by_kind(alike, different)
        stories = [story for seed in SEEDS[:1] for story in originals(seed)]
        random_ = random.Random(0)
        everything = [*stories, *(copy for story in stories for copy in copies(story, random_))]
        texts = [story.text for story in everything]
        items = [Item(id=f"{number:06d}", signature=signature(text)) for number, text in enumerate(texts)]
        report(everything, clusters(items, texts.__getitem__))


if __name__ == "__main__":
    main()
