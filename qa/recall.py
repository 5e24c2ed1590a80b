"""Answers given before, as long as the articles that they come from are served."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

from qa.answer import Answer

KEPT: Final = 256
"""Answers remembered, some kilobytes each: what many readers ask, and what one asks again."""


class Recall:
    """The last `KEPT` answers of one generation. Safe to share between threads."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._lock = threading.Lock()
        self._generation: object = None
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()

    def answer(self, generation: object, asked: Hashable, make: Callable[[], Answer]) -> Answer:
        """What was answered to `asked` from `generation`, or else what `make` makes of it, which is remembered."""
        with self._lock:
            if generation is not self._generation:
                self._generation, self._answers = generation, OrderedDict()
            answers = self._answers
            if (known := answers.get(asked)) is not None:
                answers.move_to_end(asked)
                return known
        made = make()
        with self._lock:
            # Of a generation that was replaced meanwhile, it goes where nobody looks.
            answers[asked] = made
            if len(answers) > self._kept:
                answers.popitem(last=False)
        return made
