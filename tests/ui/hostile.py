"""Text that must come out as text, and a reader of HTML that says what a browser would make of it."""

from html.parser import HTMLParser
from typing import Final

HOSTILE: Final = {
    "script": "<script>window.stolen = 1</script>",
    "image": '<img src=x onerror="window.stolen = 1">',
    "svg": "<svg/onload=window.stolen=1>",
    "closes_a_quote": '"><script>window.stolen = 1</script>',
    "closes_an_apostrophe": "' onmouseover='window.stolen = 1",
    "closes_the_mark": "</mark></blockquote></li><iframe src=javascript:window.stolen=1></iframe>",
    "closes_the_page": "</style></title></textarea></main><script>window.stolen = 1</script>",
    "entity": "&lt;script&gt;window.stolen = 1&lt;/script&gt; &amp; &#x3c;b>",
    "comment": "<!--><script>window.stolen = 1</script>-->",
    "template": "${window.stolen = 1} {{constructor.constructor('window.stolen = 1')()}} `${window.stolen = 1}`",
    "line_separator": "\u2028<script>window.stolen = 1</script>\u2029",
    "nul": "\x00<scr\x00ipt>window.stolen = 1</script>",
}


class Elements(HTMLParser):
    """The elements of some HTML, their attributes and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, name: str) -> list[str]:
        """The values of every attribute of this name."""
        return [value for key, value in self.attributes if key == name]

    @property
    def dangers(self) -> list[str]:
        """What could run: elements that load or run something, handlers, addresses that are scripts."""
        return [
            *(tag for tag in self.tags if tag in {"script", "img", "svg", "iframe", "object", "embed", "b", "base"}),
            *(name for name, _ in self.attributes if name.startswith("on")),
            *(value for name, value in self.attributes if name in {"href", "src"} and value.strip().lower().startswith("javascript:")),
        ]
