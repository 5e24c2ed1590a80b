"""Griot as a retriever of LangChain: passages as documents, with where each stands. Needs `langchain-core`."""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever


class GriotRetriever(BaseRetriever):
    """The `k` passages nearest to a query. `assistant` is a `qa.Assistant` or a `qa.client.Client`.

    The metadata of a document hold `article_id`, `start` and `end` (`article.text[start:end]` is its content), and title, path, source,
    published and score.
    """

    assistant: Any
    k: int = 10

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:  # noqa: ARG002
        return [
            Document(
                page_content=hit.text,
                id=f"{hit.article_id}:{hit.start}-{hit.end}",
                metadata={
                    "article_id": hit.article_id, "start": hit.start, "end": hit.end, "title": hit.title, "path": hit.path,
                    "source": hit.source, "published": hit.published, "score": hit.score,
                },
            )
            for hit in self.assistant.search(query, self.k)
        ]  # fmt: skip
