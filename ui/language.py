"""The language that a reader is spoken to in."""

from collections.abc import Mapping
from typing import Final, Protocol

from ui.texts import Language, preferred, spoken

COOKIE: Final = "griot-language"


class Asking(Protocol):
    """What a request says of the language: Starlette's `Request`, and Gradio's."""

    @property
    def query_params(self) -> Mapping[str, str]: ...
    @property
    def cookies(self) -> Mapping[str, str]: ...
    @property
    def headers(self) -> Mapping[str, str]: ...


def language_of(request: Asking) -> Language:
    """That of `?lang=`, else the one chosen before (a cookie), else the one that the browser prefers."""
    for chosen in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if chosen in ("fr", "en"):
            return spoken(chosen)
    return preferred(request.headers.get("accept-language"))


def cookie(language: Language, base: str = "") -> str:
    """A `Set-Cookie` header that keeps a choice for a year, for the site below `base` of this server alone."""
    return f"{COOKIE}={language}; Path={base}/; Max-Age=31536000; SameSite=Lax"
