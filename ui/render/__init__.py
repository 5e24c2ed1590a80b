"""Answers, sources and the rest of the page as HTML. Pure functions, a module for each panel; every word that is not ours is escaped."""

from ui.render.conversation import conversation, suggestions
from ui.render.notices import failed, notice, trouble
from ui.render.rail import bar, hint, holdings, masthead
from ui.render.sources import panel
from ui.render.view import Holdings, Turn, View
from ui.render.words import about, excerpt, title_html, web_address

__all__ = [
    "Holdings",
    "Turn",
    "View",
    "about",
    "bar",
    "conversation",
    "excerpt",
    "failed",
    "hint",
    "holdings",
    "masthead",
    "notice",
    "panel",
    "suggestions",
    "title_html",
    "trouble",
    "web_address",
]
