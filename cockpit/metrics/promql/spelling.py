"""Spellings that PromQL has and the parser does not know, put in ones that it does."""

from __future__ import annotations

import re

from cockpit.metrics.engine import QueryError
from cockpit.metrics.promql.tokens import Token, tokens

_ESCAPES = re.compile(r"(?P<bytes>(?:\\x[0-9a-fA-F]{2}|\\[0-3][0-7]{2})+)|\\.", re.DOTALL)
_BYTE = re.compile(r"\\x(..)|\\(...)")


def respelled(expression: str) -> str:
    """The expression with numbers like 1_000 without underscores, and with the bytes that strings escape as the
    characters they are: the parser takes `"\\xc3\\xa9"` for two.

    Raises QueryError("syntax") for bytes that are no UTF-8.
    """
    if "_" not in expression and "\\" not in expression:
        return expression
    parts, end = [], 0
    for token in tokens(expression):
        parts += [expression[end : token.at], _respelled(token)]
        end = token.at + len(token.text)
    return "".join([*parts, expression[end:]])


def _respelled(token: Token) -> str:
    if token.kind == "number":
        return token.text.replace("_", "")
    if token.kind == "string" and "\\" in token.text and not token.text.startswith("`"):
        return _ESCAPES.sub(lambda escape: _as_characters(escape, token.at), token.text)
    return token.text


def _as_characters(escape: re.Match[str], at: int) -> str:
    written = escape["bytes"]
    raw = bytes(int(sixteen, 16) if sixteen else int(eight, 8) for sixteen, eight in _BYTE.findall(written or ""))
    if raw.isascii():
        return escape[0]
    try:
        return "".join(f"\\U{ord(character):08x}" for character in raw.decode())
    except UnicodeDecodeError:
        message = f"{written} is not UTF-8, as names and values of labels are"
        raise QueryError(message, "syntax", "write the characters themselves", at + escape.start()) from None
