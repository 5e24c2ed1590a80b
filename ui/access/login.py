"""Coming in and going out: one plain page that needs no script."""

from dataclasses import dataclass
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from index.errors import GriotError
from ui.access.scope import base_of, client_of, is_secure
from ui.access.sessions import LONGEST
from ui.language import language_of
from ui.texts import Language

if TYPE_CHECKING:
    from ui.access.gate import Rules

_BODY: Final = 8_192
"""Bytes of a filled-in form at most."""
_POLICY: Final = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, kw_only=True)
class _Words:
    title: str
    name: str
    password: str
    enter: str
    wrong: str
    wait: str
    leave: str


_WORDS: Final[dict[Language, _Words]] = {
    "fr": _Words(
        title="Se connecter", name="Nom", password="Mot de passe", enter="Entrer", leave="Se déconnecter",
        wrong="Ce nom et ce mot de passe ne vont pas ensemble.", wait="Trop d’essais. Attendez une minute.",
    ),
    "en": _Words(
        title="Sign in", name="Name", password="Password", enter="Enter", leave="Sign out",
        wrong="This name and this password do not go together.", wait="Too many attempts. Wait a minute.",
    ),
}  # fmt: skip


async def login_page(scope: Scope, receive: Receive, send: Send, rules: "Rules", cookie: str, token: str) -> None:
    """Show the form, or take it filled in: a right name and password begin a session."""
    request, base = Request(scope, receive), base_of(scope)
    language = language_of(request)
    wanted = _place(request.query_params.get("next"))
    if rules.accounts is None:
        await RedirectResponse(f"{base}/", status_code=303)(scope, receive, send)
        return
    if request.method != "POST":
        await _form(base, language, wanted)(scope, receive, send)
        return
    form = await _fields(request)
    name, password = form.get("name", ""), form.get("password", "")
    answer: Response
    told: dict[str, Any] = {"client": client_of(scope), "name": None, "ok": False}
    # By client and by name: one machine cannot try many passwords, nor many machines those of one person.
    if rules.logins.take(client_of(scope)) or rules.names.take(name[:64]):
        rules.note("sign-in", **told, slowed=True)
        answer = _form(base, language, wanted, _WORDS[language].wait, 429)
    else:
        try:
            account = await run_in_threadpool(partial(rules.accounts.check, name, password))
            # Only a known name: people type passwords into the wrong box.
            rules.note("sign-in", **{**told, "name": name if name in rules.accounts.all() else None, "ok": account is not None})
        except GriotError as error:
            answer = _form(base, language, wanted, str(error), 503)
        else:
            if account is None:
                answer = _form(base, language, wanted, _WORDS[language].wrong, 403)
            else:
                rules.sessions.end(token)
                answer = RedirectResponse(f"{base}{wanted}", status_code=303)
                answer.set_cookie(
                    cookie, rules.sessions.begin(account.name, account.hash), max_age=int(LONGEST), path=f"{base}/", httponly=True,
                    samesite="lax", secure=is_secure(scope),
                )  # fmt: skip
    await answer(scope, receive, send)


async def logged_out(scope: Scope, receive: Receive, send: Send, rules: "Rules", cookie: str, token: str) -> None:
    """End the session; a link alone does not, so that no image on another page can."""
    base = base_of(scope)
    answer = RedirectResponse(f"{base}/login", status_code=303)
    if scope["method"] == "POST":
        rules.sessions.end(token)
        answer.delete_cookie(cookie, path=f"{base}/", httponly=True, samesite="lax", secure=is_secure(scope))
    await answer(scope, receive, send)


async def _fields(request: Request) -> dict[str, str]:
    """The fields of a form; none of one that is too long or no form."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _BODY:
            return {}
    try:
        return {name: values[0] for name, values in parse_qs(body.decode("utf-8"), max_num_fields=8, keep_blank_values=True).items()}
    except ValueError:
        return {}


def _place(wanted: str | None) -> str:
    """A place of this site to go on to: never another site ("//elsewhere", "/\\elsewhere")."""
    good = wanted and wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable() and "\\" not in wanted
    return wanted if good and wanted and len(wanted) < 2_000 else "/"


def _form(base: str, language: Language, wanted: str, notice: str = "", status: int = 200) -> Response:
    words = _WORDS[language]
    told = f'<p class="notice" role="alert">{escape(notice)}</p>' if notice else ""
    base = escape(base)
    field = '<p><label for="{id}">{label}</label><br><input id="{id}" name="{id}" type="{kind}" autocomplete="{fill}" required{more}></p>'
    name = field.format(id="name", label=escape(words.name), kind="text", fill="username", more=" autofocus")
    password = field.format(id="password", label=escape(words.password), kind="password", fill="current-password", more="")
    html = (
        f'<!doctype html><html lang="{language}" class="plain"><head><meta charset="utf-8"><title>{escape(words.title)} · Griot</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
        f'<link rel="icon" type="image/svg+xml" href="{base}/favicon.svg"><link rel="stylesheet" href="{base}/style.css"></head>'
        f'<body><nav><span class="home">Griot</span></nav><main><h1>{escape(words.title)}</h1>{told}'
        f'<form method="post" action="{base}/login?next={quote(wanted)}" class="login">{name}{password}'
        f'<p><button type="submit">{escape(words.enter)}</button></p></form></main></body></html>'
    )
    return HTMLResponse(html, status_code=status, headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"})
