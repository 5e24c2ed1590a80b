"""Griot: questions in, answers quoted from articles out.

>>> from qa import Assistant
>>> assistant = Assistant.open(".griot")
>>> print(assistant.ask("Quand l'accord a-t-il été signé ?").text)
"""

from index.article import Article, Passage
from index.errors import GriotError
from index.report import Failure, Report
from qa.answer import Answer, Citation, Hit
from qa.assistant import Assistant, Overview
from qa.trace import Trace

__all__ = ["Answer", "Article", "Assistant", "Citation", "Failure", "GriotError", "Hit", "Overview", "Passage", "Report", "Trace"]
