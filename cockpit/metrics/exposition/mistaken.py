"""What a body is that is not metrics, in one line that quotes its first words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cockpit.metrics.exposed import ExpositionError
from cockpit.text import clean, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.metrics.exposition.grammar import MalformedError

_LOOKED_AT = 4096
_QUOTED_CELLS = 60
_BINARY_SHARE = 0.1
_BINARY_AT_LEAST = 5

_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[!?a-zA-Z]")
_JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\{\s*(?:\}\s*\Z|"[^"\\]*+(?:\\.[^"\\]*+)*+"\s*:)|\[)')
_UNSEEN = re.compile(r"<(script|style|head|title)\b.*?(?:</\1>|\Z)|<[^>]*(?:>|\Z)", re.DOTALL | re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>([^<]+)", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_RETURN = b"\r"
_CARRIAGE = "lines must end with LF alone, not CR LF"
_COMPRESSED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd")


def refusal(body: bytes, lines: Sequence[bytes], fault: MalformedError) -> ExpositionError:
    """The error for a body that stopped at `fault`; `lines` are those that the fault's place counts."""
    start = body[:_LOOKED_AT]
    if _HTML.match(start):
        return ExpositionError(f"not metrics but a web page: {_quote(_visible(start))}", "html")
    if _JSON.match(start):
        return ExpositionError(f"not metrics but JSON: {_quote(_text(start))}", "json")
    if _is_binary(start):
        packed = "compressed data" if body.startswith(_COMPRESSED) else "binary data"
        return ExpositionError(f"not metrics but {packed}: {_quote(_text(start))}", "binary")
    reason = clean(str(fault))
    if fault.at is None:
        return ExpositionError(f"cut off, {reason}: {_quote(_text(start))}", "truncated")
    bad = lines[fault.at]
    number = 1 + fault.at + sum(before.count(b"\n") for before in lines[: fault.at])
    where = f"line {number}: {_CARRIAGE if bad.endswith(_RETURN) else reason}: {_quote(_text(bad[:_LOOKED_AT]))}"
    if fault.cut and fault.at == len(lines) - 1 and not body.endswith(b"\n"):
        return ExpositionError(f"cut off in {where}", "truncated", number)
    return ExpositionError(where, "syntax", number)


def nothing() -> ExpositionError:
    """The error for a body without a byte."""
    return ExpositionError("not metrics: the answer is empty", "empty")


def _is_binary(start: bytes) -> bool:
    odd = len(_CONTROL.findall(start)) + _text(start).count("\N{REPLACEMENT CHARACTER}")
    return start.startswith(_COMPRESSED) or odd >= max(_BINARY_AT_LEAST, _BINARY_SHARE * len(start))


def _visible(page: bytes) -> str:
    """The words of a page that its reader sees first: the title, then the text."""
    text = _text(page)
    title = _TITLE.search(text)
    words = " ".join(((title[1] + " ") if title else "", *_UNSEEN.sub(" ", text).split()))
    return words if words.strip() else text


def _text(raw: bytes) -> str:
    return raw.decode(errors="replace")


def _quote(text: str) -> str:
    return f"“{shorten(clean(' '.join(text.split())), _QUOTED_CELLS)}”"
