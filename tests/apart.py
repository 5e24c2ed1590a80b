"""Asynchronous code in a thread of its own: a browser that another test holds open keeps a loop running in this one."""

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import anyio

_Told = TypeVar("_Told")


def apart(function: Callable[..., Awaitable[_Told]], *arguments: Any) -> _Told:
    """What `function(*arguments)` comes to."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(anyio.run, function, *arguments).result()
