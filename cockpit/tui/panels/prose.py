"""A text panel: Markdown or HTML as plain lines. Nothing in it is followed, fetched or run."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from cockpit.text import clean
from cockpit.tui.lines import Line, Span, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

_MOST_CHARACTERS = 20_000
_BLOCKS = frozenset(
    {"p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr"}
)
_UNSEEN = frozenset({"script", "style", "head", "template"})
_BLANKS = re.compile(r"[\t\f\v]+")


def prose(content: str, mode: str, cells: int) -> list[Line]:
    """The lines of a text in so many cells. `mode` is Grafana's: "markdown", "html", or "code" as it stands."""
    text = content[:_MOST_CHARACTERS]
    if mode == "code":
        return [Line((Span(clean(each)),)) for each in text.splitlines()]
    if mode == "html":
        return [line for each in _plain(text).splitlines() for line in _wrapped(each, cells)]
    return list(_markdown(MarkdownIt("commonmark").enable("table").parse(text), cells))


def _markdown(tokens: Sequence[Token], cells: int) -> Iterator[Line]:
    """Headings stand out, lists have their points, a table's rows are lines; blank lines part paragraphs."""
    points: list[str] = []
    row: list[str] | None = None
    before = ""
    for token in tokens:
        kind = token.type
        if kind in ("bullet_list_open", "ordered_list_open"):
            points.append("•" if kind == "bullet_list_open" else f"{token.attrGet('start') or 1}.")
        elif kind in ("bullet_list_close", "ordered_list_close"):
            points.pop()
        elif kind == "tr_open":
            row = []
        elif kind == "tr_close":
            yield from _wrapped("  ".join(row or ()), cells)
            row = None
        elif kind == "inline" and row is not None:
            row.append(_inline(token))
        elif kind == "inline":
            if before == "paragraph_close" and not points:
                yield Line()
            head = "  " * (len(points) - 1) + f"{points[-1]} " if points else ""
            yield from _wrapped(_inline(token), cells, head, "accent bold" if before == "heading_open" else "")
            points[-1:] = [_following(point) for point in points[-1:]]
        else:
            yield from _block(token, cells)
        before = kind if kind != "paragraph_open" else before


def _block(token: Token, cells: int) -> Iterator[Line]:
    """What stands by itself: a rule, code, HTML."""
    if token.type == "hr":
        yield Line((Span("─" * cells, "border"),))
    elif token.type in ("fence", "code_block"):
        yield from (Line((Span(f"  {clean(each)}", "muted"),)) for each in token.content.splitlines())
    elif token.type == "html_block":
        yield from (line for each in _plain(token.content).splitlines() for line in _wrapped(each, cells))


def _following(point: str) -> str:
    """What stands before the next of a list."""
    number = point.removesuffix(".")
    return f"{int(number) + 1}." if number.isdigit() else point


def _inline(token: Token) -> str:
    """The words of a paragraph; a link says where it leads where that is not what it says."""
    said: list[str] = []
    links: list[str] = []
    for part in token.children or ():
        if part.type in ("text", "code_inline"):
            said.append(part.content)
        elif part.type in ("softbreak", "hardbreak"):
            said.append(" " if part.type == "softbreak" else "\n")
        elif part.type == "image":
            said.append(part.content or "image")
        elif part.type == "link_open":
            links.append(str(part.attrGet("href") or ""))
        elif part.type == "link_close" and links:
            target = links.pop()
            said.append(f" ({target})" if target and said[-1:] != [target] else "")
        elif part.type == "html_inline" and part.content.lower().startswith("<br"):
            said.append("\n")
    return "".join(said)


def _wrapped(text: str, cells: int, head: str = "", role: str = "") -> Iterator[Line]:
    """A paragraph in lines; those after the first stand below its words."""
    for each in text.split("\n"):
        for piece in wrap(clean(_BLANKS.sub(" ", each).strip()), max(1, cells - len(head))):
            yield Line((Span(head), Span(piece, role)))
            head = " " * len(head)


class _Words(HTMLParser):
    """The text of HTML, a line a block."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        """A block begins a line; what is not shown is left out with all that is in it."""
        self._unseen += tag in _UNSEEN
        self.said += ["\n"] if tag in _BLOCKS else []
        self.said += ["• "] if tag == "li" else []

    def handle_endtag(self, tag: str) -> None:
        """A block ends a line."""
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        self.said += ["\n"] if tag in _BLOCKS else ["  "] if tag in ("td", "th") else []

    def handle_data(self, data: str) -> None:
        """Words."""
        if not self._unseen:
            self.said.append(" ".join(data.split()) and re.sub(r"\s+", " ", data))


def _plain(html: str) -> str:
    words = _Words()
    words.feed(html)
    words.close()
    lines = [line.strip() for line in "".join(words.said).split("\n")]
    return "\n".join(filter(None, lines))
