"""Train the bundled model: `python -m index.training.embedding --articles FILE ... --pairs FOLDER ... --parallel FILE ... --out DIR`.

A static embedding (`index/training/loop.py` says how it learns). Everything is drawn from --seed: on the same machine the same options
give the same file, on a GPU nearly (it sums in no fixed order). Progress is kept beside --out, and the same command goes on after an
interruption. About half an hour on two cores; a GPU is used where torch finds one. Needs the extras `training` and `minilm`.
"""

import argparse
import json
import shlex
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Final

import numpy as np

from index.digest import write_listing
from index.errors import GriotError, ModelError
from index.files import write_atomically
from index.training.batches import Batches
from index.training.card import card, table
from index.training.corpus import Leaks, read_corpus
from index.training.loop import Options, train
from index.training.teacher import known_english, starting_vectors
from index.training.vocabulary import UNKNOWN, Vocabulary, build_vocabulary
from index.vectors import FloatMatrix

LARGEST: Final = 16_000_000
"""Bytes that the model's folder may take."""
# As sentence-transformers 6 writes it, without Normalize: that adds 1e-12 to a length in float16, where it is 0, and so gives no
# numbers for a text without a token. Cosine similarity does not miss it.
_MODULES: Final = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding"}
]


def export(vocabulary: Vocabulary, trained: FloatMatrix, folder: Path, about: str) -> None:
    """Write a model folder that sentence-transformers and `index.static` load, and list its digests beside it.

    The layout is model2vec's, which gives several tokens one row. A folder that is already there is replaced as a whole.

    Raises:
        ModelError: it would be larger than `LARGEST`, or the folder holds something else than a model.
    """
    from safetensors.numpy import save

    scaled = trained / np.abs(trained).max()
    # What the vocabulary cannot spell has no vector, rather than one for all scripts of the world.
    scaled[vocabulary.mapping[vocabulary.tokenizer.token_to_id(UNKNOWN)]] = 0
    weights = {"embeddings": scaled.astype(np.float16), "mapping": vocabulary.mapping}
    files = {
        "model.safetensors": save(weights),
        "tokenizer.json": vocabulary.tokenizer.to_str(pretty=False).encode(),
        "modules.json": json.dumps(_MODULES, indent=1).encode() + b"\n",
        "config_sentence_transformers.json": b'{"model_type": "SentenceTransformer", "similarity_fn_name": "cosine"}\n',
        "README.md": about.encode(),
    }
    _refuse_beyond(sum(len(content) for content in files.values()))
    _refuse_others(folder)
    new = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    for name, content in files.items():
        write_atomically(new / name, content)
    if folder.exists():
        shutil.rmtree(folder)
    new.replace(folder)
    write_listing(folder)


def _refuse_beyond(size: int) -> None:
    if size > LARGEST:
        raise ModelError(f"the model takes {size:,} bytes, more than {LARGEST:,}; lower --rows or --dimension")


def _refuse_others(folder: Path) -> None:
    if folder.exists() and not (folder / "modules.json").is_file():
        raise ModelError(f"{folder} is there and holds no model, so it is not replaced; give --out the name of a new folder")


def run(options: argparse.Namespace, command: str) -> None:
    """Read, train and export, by the options of the command.

    Raises:
        GriotError: a file cannot be used, or the model would be too large: said before the training wherever it can be.
    """
    settings = Options(**{field.name: getattr(options, field.name) for field in fields(Options)})
    _refuse_others(options.out)
    figures = table(options.figures)
    corpus = read_corpus(options.articles, options.pairs, options.parallel, Leaks(options.exclude), options.limit)
    sys.stderr.write(
        f"{len(corpus.documents)} documents, {len(corpus.pairs)} pairs, {len(corpus.parallel)} lines; {corpus.dropped} left out\n"
    )
    english = known_english()
    vocabulary = build_vocabulary(corpus, english, settings.rows, settings.pieces)
    _refuse_beyond(2 * vocabulary.rows * settings.dimension + vocabulary.mapping.nbytes + len(vocabulary.tokenizer.to_str().encode()))
    batches = Batches(corpus, vocabulary, settings.seed, settings.batch)
    start = starting_vectors(corpus, vocabulary, english, batches.counts(), settings.dimension, np.random.default_rng(settings.seed))
    draft = options.out.with_name(f"{options.out.name}.draft")
    trained = train(batches, start, settings, draft)
    about = asdict(settings) | {
        "tokens": len(vocabulary.mapping), "rows": vocabulary.rows, "megabytes": trained.size * 2 / 1e6
    }  # fmt: skip
    export(vocabulary, trained, options.out, card(corpus, about, command, figures))
    shutil.rmtree(draft, ignore_errors=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=Path, nargs="+", required=True, help="JSONL, gzipped or not: text, and title and heading if any")
    parser.add_argument("--pairs", type=Path, nargs="*", default=[], help="folders in BEIR form: questions and their passages")
    parser.add_argument("--parallel", type=Path, nargs="*", default=[], help="JSONL of en and fr")
    parser.add_argument("--exclude", type=Path, nargs="*", default=[], help="folders in BEIR form that it will be measured by")
    parser.add_argument("--limit", type=int, help="keep the first so many articles of each file")
    parser.add_argument("--figures", type=Path, help="what griot eval --json printed, for the card")
    parser.add_argument("--out", type=Path, required=True)
    for field in fields(Options):
        parser.add_argument(f"--{field.name}", type=type(field.default), default=field.default)
    words = [Path(word).name if "/" in word else word for word in (sys.argv[1:] if arguments is None else arguments)]
    try:
        run(parser.parse_args(arguments), shlex.join(["python", "-m", "index.training.embedding", *words]))
    except GriotError as error:
        raise SystemExit(f"griot: {error}") from error
    except KeyboardInterrupt as error:
        raise SystemExit("interrupted; the same command goes on from the last saved step") from error


if __name__ == "__main__":
    main()
