"""For people: the web chat and the `griot` command; `mount` puts the chat into another program's site."""

from ui.mounted import mount

__all__ = ["mount"]
