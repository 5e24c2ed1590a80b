"""What went wrong, said to a reader: a plain sentence in the language of the page, and the technical line below it."""

import logging
from dataclasses import dataclass
from typing import Final

from index.errors import BusyIndex, DamagedIndex, GriotError, MissingIndex, ModelError, QuestionError, StaleIndex
from ui.texts import TEXTS, Language

_SENTENCES: Final[tuple[tuple[type[GriotError], str], ...]] = (
    (MissingIndex, "missing_index"),
    (StaleIndex, "stale_index"),
    (DamagedIndex, "damaged_index"),
    (BusyIndex, "busy_index"),
    (ModelError, "bad_model"),
    (QuestionError, "bad_question"),
    (GriotError, "other_failure"),
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """`sentence` is for everyone; `detail` names the file or value and the remedy, in English, empty where nothing safe is known."""

    sentence: str
    detail: str = ""


def failure_of(error: Exception, language: Language) -> Failure:
    """What to say of `error`. What was not foreseen goes to the log, and none of it to the page."""
    name = next((name for kind, name in _SENTENCES if isinstance(error, kind)), None)
    if name is None:
        _log.error("a question failed", exc_info=error)
        return Failure(sentence=TEXTS[language].unexpected)
    return Failure(sentence=getattr(TEXTS[language], name), detail=str(error))
