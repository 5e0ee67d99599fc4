"""Markdown, as packs and notes hold it, to HTML that is safe to show."""

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

TAGS = {
    *("p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "a"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "th": {"scope"}}

_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def html_from_markdown(text: str, heading_offset: int = 0) -> Markup:
    """The same text as HTML. `heading_offset=1` turns # into h2, for a text that stands below a page's own heading.

    Two guards: HTML in the text is shown as text, and whatever comes out passes an allow list.
    """
    tokens = _markdown.parse(text)
    for token in tokens:
        _settle(token, heading_offset)
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return Markup(
        nh3.clean(
            html,
            tags=TAGS,
            attributes=ATTRIBUTES,
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel="nofollow noopener",
        )
    )


def _settle(token: Token, heading_offset: int) -> None:
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{min(int(token.tag[1]) + heading_offset, 6)}"
    elif token.type == "th_open":
        token.attrs = {"scope": "col"}  # a table without header cells is no table to a screen reader or to PDF/UA
    elif token.type == "td_open":
        token.attrs = {}  # alignment comes as a style attribute, which our Content-Security-Policy forbids
