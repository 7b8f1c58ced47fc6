"""A template's text as a tree: literal text, actions, and the blocks `if` and `with`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache

_GO = {"block", "break", "call", "continue", "define", "html", "js", "range", "slice", "template", "urlquery"}
_QUERIES = {"first", "label", "query", "sortByLabel", "strvalue", "value"}
_PAGES = {"args", "graphLink", "safeHtml", "tableLink", "tmpl", "toTime"}
UNSUPPORTED = frozenset(_GO | _QUERIES | _PAGES)
"""Words of Go's templates and functions of Prometheus that are not understood here."""

_ACTION = re.compile(
    r"""\{\{(?P<left>-(?=\s))?(?P<inside>(?:\s*/\*.*?\*/|"(?:[^"\\]|\\.)*"|`[^`]*`|[^"`])*?)(?P<right>(?<=\s)-)?\}\}""",
    re.DOTALL,
)
_COMMENT = re.compile(r"\s*/\*.*\*/\s*", re.DOTALL)
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>"(?:[^"\\\n]|\\.)*"|`[^`]*`)
    |(?P<number>[+-]?(?:0[xX][0-9a-fA-F]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?))
    |(?P<variable>\$\w*)
    |(?P<field>\.[A-Za-z_]\w*)
    |(?P<dot>\.)
    |(?P<word>[A-Za-z_]\w*)
    |(?P<mark>:=|=|\||\(|\)|,)
    )""",
    re.VERBOSE,
)
_CONSTANTS = {"true": True, "false": False}
_DEEPEST = 50


class TemplateError(ValueError):
    """A template that cannot be read or filled in. `str(error)` is one line.

    `word` is what is part of Go's or Prometheus' templates but not understood here, "" for any other error.
    """

    def __init__(self, message: str, word: str = "") -> None:
        super().__init__(message)
        self.word = word


class FillError(TemplateError):
    """A template that can be read, as Prometheus would, and not be filled in."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal text, number or truth value."""

    value: str | float | int | bool


@dataclass(frozen=True, slots=True)
class Variable:
    """`$name`, or the dot where `name` is "."."""

    name: str


@dataclass(frozen=True, slots=True)
class Field:
    """`.name` of something."""

    inside: Term
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments; what a pipe hands on is the last of them."""

    function: str
    arguments: tuple[Term, ...]


Term = Constant | Variable | Field | Call


@dataclass(frozen=True, slots=True)
class Action:
    """What a pipeline comes to is written, or kept in the variable `into` where that is not "": in a new one of
    this block with `declares`, else in the one there is."""

    term: Term
    into: str = ""
    declares: bool = True


@dataclass(frozen=True, slots=True)
class Branch:
    """`if`, or `with` where `moves_dot`: one of two bodies."""

    condition: Action
    body: tuple[Piece, ...]
    otherwise: tuple[Piece, ...]
    moves_dot: bool


Piece = str | Action | Branch


@lru_cache(1024)
def parse(text: str) -> tuple[Piece, ...]:
    """The pieces of a template. Raises TemplateError."""
    pieces, end = _body(_split(text), 0)
    if end is not None:
        raise TemplateError(f"{{{{{end}}}}} closes nothing")
    return pieces


def _split(text: str) -> list[str | _Inside]:
    """Literal texts and the insides of actions, trimmed as the marks `{{-` and `-}}` ask; the next one last."""
    parts: list[str | _Inside] = []
    at, trim = 0, False
    for found in _ACTION.finditer(text):
        before = text[at : found.start()]
        before = before.lstrip() if trim else before
        parts.append(before.rstrip() if found["left"] else before)
        if not _COMMENT.fullmatch(found["inside"]):
            parts.append(_Inside(found["inside"].strip()))
        at, trim = found.end(), bool(found["right"])
    rest = text[at:]
    if "{{" in rest:
        raise TemplateError("an action that is opened by {{ is not closed by }}")
    parts.append(rest.lstrip() if trim else rest)
    return [part for part in reversed(parts) if part or isinstance(part, _Inside)]


class _Inside(str):
    """What stands between the braces of an action."""

    __slots__ = ()


def _body(parts: list[str | _Inside], depth: int) -> tuple[tuple[Piece, ...], str | None]:
    """Pieces up to the `else` or `end` that closes them, and that word with what follows it; None at the end."""
    if depth > _DEEPEST:
        raise TemplateError("blocks are nested too deeply")
    pieces: list[Piece] = []
    while parts:
        part = parts.pop()
        if not isinstance(part, _Inside):
            pieces.append(part)
            continue
        word = part.split(maxsplit=1)[0] if part.split() else ""
        if word in ("end", "else"):
            return tuple(pieces), part
        if word in ("if", "with"):
            pieces.append(_branch(word, part[len(word) :], parts, depth))
        else:
            pieces.append(_Tokens(part).action())
    return tuple(pieces), None


def _branch(word: str, condition: str, parts: list[str | _Inside], depth: int) -> Branch:
    test = _Tokens(condition).action()
    body, end = _body(parts, depth + 1)
    otherwise: tuple[Piece, ...] = ()
    if end is not None and end.startswith("else"):
        chained = end.removeprefix("else").strip()
        if chained:
            inner, _, rest = chained.partition(" ")
            if inner != word:
                raise TemplateError(f"{{{{{end}}}}} inside {word}")
            return Branch(test, body, (_branch(word, rest, parts, depth + 1),), moves_dot=word == "with")
        otherwise, end = _body(parts, depth + 1)
    if end != "end":
        raise TemplateError(f"{{{{{word}}}}} without its {{{{end}}}}")
    return Branch(test, body, otherwise, moves_dot=word == "with")


class _Tokens:
    """The words of one action, read from left to right."""

    def __init__(self, inside: str) -> None:
        self._inside = inside.strip()
        self._tokens = list(self._read(self._inside))
        self._at = 0
        self._depth = 0

    @staticmethod
    def _read(inside: str) -> list[tuple[str, str, bool]]:
        """Kind, text, and whether space stands before it."""
        found, at = [], 0
        while at < len(inside):
            token = _TOKEN.match(inside, at)
            if not token:
                raise TemplateError(
                    f"{inside[at:].split(maxsplit=1)[0]!r} is not understood in {{{{ {inside} }}}}"
                )
            kind = str(token.lastgroup)
            found.append((kind, token[kind], token.start(kind) > at or at == 0))
            at = token.end()
        return found

    def action(self) -> Action:
        """The whole action. Raises TemplateError."""
        into, declares = "", True
        kinds = [token[:2] for token in self._tokens[:2]]
        if len(kinds) == 2 and kinds[0][0] == "variable" and kinds[1] in (("mark", ":="), ("mark", "=")):
            into, declares = kinds[0][1], kinds[1][1] == ":="
            self._at = 2
        term = self._pipeline()
        if self._at < len(self._tokens):
            raise self._unexpected()
        return Action(term, into, declares)

    def _pipeline(self) -> Term:
        term = self._command(None)
        while self._is("|"):
            self._at += 1
            term = self._command(term)
        return term

    def _command(self, piped: Term | None) -> Term:
        kind, word, _ = self._peek()
        handed = () if piped is None else (piped,)
        if kind == "word" and word not in _CONSTANTS:
            self._at += 1
            if word in UNSUPPORTED:
                raise TemplateError(f"{word} is not supported here", word)
            arguments = self._arguments()
            return Call(word, (*arguments, *handed))
        term = self._operand()
        if piped is not None:
            raise TemplateError(f"{word!r} after a pipe is no function")
        return term

    def _arguments(self) -> tuple[Term, ...]:
        arguments = []
        while self._at < len(self._tokens) and not (self._is("|") or self._is(")")):
            arguments.append(self._operand())
        return tuple(arguments)

    def _operand(self) -> Term:
        kind, word, _ = self._peek()
        self._at += 1
        term: Term
        match kind:
            case "text":
                return Constant(_unquoted(word))
            case "number":
                return Constant(_number(word))
            case "variable":
                term = Variable(word)
            case "dot":
                return Variable(".")
            case "field":
                term = Field(Variable("."), word[1:])
            case "word":
                if word in UNSUPPORTED:
                    raise TemplateError(f"{word} is not supported here", word)
                return Constant(_CONSTANTS[word]) if word in _CONSTANTS else Call(word, ())
            case _ if word == "(":
                term = self._parenthesis()
            case _:
                self._at -= 1
                raise self._unexpected()
        while (
            self._at < len(self._tokens) and self._tokens[self._at][0] == "field" and not self._tokens[self._at][2]
        ):
            term = Field(term, self._tokens[self._at][1][1:])
            self._at += 1
        return term

    def _parenthesis(self) -> Term:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise TemplateError("parentheses are nested too deeply")
        term = self._pipeline()
        if not self._is(")"):
            raise TemplateError(f"a parenthesis is not closed in {{{{ {self._inside} }}}}")
        self._at += 1
        self._depth -= 1
        return term

    def _is(self, mark: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at][:2] == ("mark", mark)

    def _peek(self) -> tuple[str, str, bool]:
        if self._at >= len(self._tokens):
            raise TemplateError(f"a value is missing in {{{{ {self._inside} }}}}")
        return self._tokens[self._at]

    def _unexpected(self) -> TemplateError:
        return TemplateError(f"{self._tokens[self._at][1]!r} is not expected in {{{{ {self._inside} }}}}")


def _unquoted(text: str) -> str:
    if text[0] == "`":
        return text[1:-1]
    try:
        return str(json.loads(re.sub(r"\\x([0-9a-fA-F]{2})", r"\\u00\1", text), strict=False))
    except ValueError:
        raise TemplateError(f"{text} has an escape that is not understood") from None


def _number(text: str) -> float | int:
    try:
        return int(text, 0)
    except ValueError:
        return float(text)
