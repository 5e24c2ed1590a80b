"""Griot as a retriever of LlamaIndex: passages as nodes, with where each stands. Needs `llama-index-core`."""

from typing import Any

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode


class GriotRetriever(BaseRetriever):
    """The `k` passages nearest to a query. `assistant` is a `qa.Assistant` or a `qa.client.Client`.

    The metadata of a node hold `article_id`, title, path, source and published; its characters are those of the article.
    """

    def __init__(self, assistant: Any, k: int = 10) -> None:
        self._assistant = assistant
        self._k = k
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [
            NodeWithScore(
                node=TextNode(
                    id_=f"{hit.article_id}:{hit.start}-{hit.end}", text=hit.text, start_char_idx=hit.start, end_char_idx=hit.end,
                    metadata={
                        "article_id": hit.article_id, "title": hit.title, "path": hit.path, "source": hit.source,
                        "published": hit.published,
                    },
                ),
                score=hit.score,
            )
            for hit in self._assistant.search(query_bundle.query_str, self._k)
        ]  # fmt: skip
