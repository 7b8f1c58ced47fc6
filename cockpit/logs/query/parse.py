"""The query language, read: from what somebody types to a tree, or to an error that points at the place.

    query    = all { "or" all }
    all      = term { ["and"] term }
    term     = ("-" | "NOT") term | "(" query ")" | leaf
    leaf     = field operator value | word | '"' phrase '"' | "/" regex "/"

`and` and `or` in any case; `not` in small letters is a word, unless a parenthesis or a field follows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from cockpit.logs.finding import Finder
from cockpit.logs.query.error import QueryError
from cockpit.logs.query.fields import FIELDS, Clock, MisreadError, meant_by
from cockpit.logs.query.nodes import And, Form, Not, Or, Query, Text, quoted

if TYPE_CHECKING:
    from datetime import tzinfo

    from cockpit.logs.query.fields import Field
    from cockpit.logs.query.nodes import Leaf, Node

LONGEST = 10_000
"""Characters of a query."""
DEEPEST = 50
"""Parentheses and negations inside one another."""

_OPERATOR = r"(>=|<=|!=|[=!]~|[:=<>])"
_KNOWN = re.compile(rf"({'|'.join(FIELDS)})\s*{_OPERATOR}\s*", re.IGNORECASE)
_FIELD = re.compile(rf"([A-Za-z][\w.]*){_OPERATOR}(?=[^\s()])")
_JOINING = re.compile(r"(and|or)(?=[\s()]|\Z)", re.IGNORECASE)
_NEGATING = re.compile(rf"NOT(?=[\s(]|\Z)|not(?=\s*\(|\s+{_KNOWN.pattern})")
_REGEX = re.compile(r"/((?:[^/\\]|\\.)*(?:[^/\\\s]|\\.))/(?=[\s()]|\Z)", re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\])')
_SPACE = re.compile(r"\s*")
_ONLY_REGEX = re.compile(r"/.*[|\[\]*+?^$\\{}]")
_INSIDE = (":", "/")
"""What the "value" of std::string and http://host begins with: words, and no fields."""


def parse(text: str, *, now: int, zone: tzinfo) -> Query:
    """What a text asks for; nothing but space asks for everything. Raises QueryError.

    Moments are reckoned from `now` (Unix ns), those without a zone are of `zone`.
    """
    if len(text) > LONGEST:
        raise QueryError(f"the query is longer than {LONGEST:,} characters", LONGEST, 1, "ask for less at once")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise QueryError("this is no character", error.start, 1, "write it in UTF-8") from None
    return _Parser(text, Clock(now, zone)).query()


class _Parser:
    """One text, read from left to right by recursive descent; `_at` is how far."""

    def __init__(self, text: str, clock: Clock) -> None:
        self._text = text
        self._clock = clock
        self._at = 0
        self._depth = 0
        self._last = (0, 0)
        """The last operator or parenthesis, which wants something behind it: its place and length."""

    def query(self) -> Query:
        self._skip_space()
        if self._at_end:
            return Query()
        node = self._any_of()
        if not self._at_end:
            self._fail("this parenthesis was never opened", self._at, 1, 'open it, or write ")" in quotes')
        return Query(node)

    def _any_of(self) -> Node:
        parts = [self._all_of()]
        while self._take_word("or"):
            parts.append(self._all_of())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all_of(self) -> Node:
        parts = [self._term()]
        while self._take_word("and") or self._starts_term():
            parts.append(self._term())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _term(self) -> Node:
        self._skip_space()
        if self._at_end or self._text[self._at] == ")" or _JOINING.match(self._text, self._at):
            self._missing()
        if self._text[self._at] == "(":
            return self._group()
        if _NEGATING.match(self._text, self._at):
            return self._negated(len("not"))
        if self._text[self._at] == "-":
            return self._negated(1)
        return self._leaf()

    def _group(self) -> Node:
        opened = self._at
        self._last = (opened, 1)
        self._deeper()
        self._at += 1
        node = self._any_of()
        if self._at_end:
            self._fail("this parenthesis is not closed", opened, 1, 'close it with ), or write "(" in quotes')
        self._at += 1
        self._depth -= 1
        return node

    def _negated(self, length: int) -> Node:
        self._last = (self._at, length)
        self._deeper()
        self._at += length
        if length == 1 and self._at_space:
            self._missing()
        node = Not(self._term())
        self._depth -= 1
        return node

    def _leaf(self) -> Leaf:
        start = self._at
        if self._text[start] == '"':
            return Text(self._quoted(), Form.PHRASE)
        if regex := _REGEX.match(self._text, start):
            self._at = regex.end()
            return _checked(Text(regex[1], Form.REGEX), start + 1)
        if known := _KNOWN.match(self._text, start):
            return self._comparison(known)
        self._refuse_unknown(start)
        word = self._bare()
        if _ONLY_REGEX.match(word):
            mend = f"close it with /, or write {quoted(word)} for the text"
            self._fail("this regular expression is not closed", start, len(word), mend)
        return Text(word)

    def _comparison(self, found: re.Match[str]) -> Leaf:
        field, op = FIELDS[found[1].lower()], found[2]
        if op not in field.operators:
            takes = f"{field.name} takes {' '.join(field.operators)}"
            self._fail(f"{field.name} cannot be compared with {op}", found.start(2), len(op), takes)
        self._at = found.end()
        if self._at_end or self._text[self._at] in "()":
            mend = _one_value(field, self._rest)
            self._fail(f"{field.name}{op} what?", found.start(), len(found[0].rstrip()), mend)
        start = self._at
        value = self._quoted() if self._text[start] == '"' else self._bare()
        try:
            return field.read(field.name, op, value, self._clock)
        except MisreadError as error:
            self._fail(str(error), start, self._at - start, error.mend)

    def _refuse_unknown(self, start: int) -> None:
        """What looks like a field and is none is more likely a slip than a text to be found."""
        found = _FIELD.match(self._text, start)
        if found is None or self._text.startswith(_INSIDE, found.end()):
            return
        name, meant = found[1], meant_by(found[1])
        if "." in name and not meant:
            return
        word = self._bare()
        as_text = f"write {quoted(word)} to find the text"
        mend = f"did you mean {meant}? Else {as_text}" if meant else as_text
        self._fail(f"there is no field {name!r}", start, len(name), mend)

    def _quoted(self) -> str:
        start = self._at
        found = _QUOTED.match(self._text, start)
        if found is None:
            self._fail("these quotes are not closed", start, 1, 'close them with "')
        if not found[1]:
            self._fail("there is nothing in these quotes", start, 2, "write what is to be found between them")
        self._at = found.end()
        return _ESCAPED.sub(r"\1", found[1])

    def _bare(self) -> str:
        """A word up to the next space or to a parenthesis that it did not open itself: `main(args)` is one."""
        start, opened = self._at, 0
        while not self._at_space:
            opened += {"(": 1, ")": -1}.get(self._text[self._at], 0)
            if opened < 0:
                break
            self._at += 1
        word = self._text[start : self._at]
        if opened > 0:
            place = start + word.index("(")
            self._fail("this parenthesis is not closed", place, 1, f"close it with ), or write {quoted(word)}")
        return word

    def _starts_term(self) -> bool:
        self._skip_space()
        return not (self._at_end or self._text[self._at] == ")" or _JOINING.match(self._text, self._at))

    def _take_word(self, word: str) -> bool:
        self._skip_space()
        found = _JOINING.match(self._text, self._at)
        if found is None or found[1].lower() != word:
            return False
        self._last = (self._at, len(word))
        self._at = found.end()
        return True

    def _missing(self) -> NoReturn:
        """Something has nothing behind it; or there is a word that joins and nothing before it."""
        place, length = self._last
        if not length:
            place, length = self._at, 1
            found = _JOINING.match(self._text, self._at)
            if found is None:
                self._fail("this parenthesis was never opened", place, 1, 'open it, or write ")" in quotes')
            word = found[1]
            self._fail(f"there is nothing before {word!r}", place, len(word), f'write "{word}" to find the word')
        what = self._text[place : place + length]
        mend = f'write what is meant, or "{what}" in quotes to find it'
        self._fail(f"there is nothing behind {what!r}", place, length, mend)

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            mend = f"at most {DEEPEST} parentheses and negations may stand inside one another"
            self._fail("this is nested too deeply", self._at, 1, mend)

    def _skip_space(self) -> None:
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at

    @property
    def _rest(self) -> str:
        return self._text[self._at :]

    @property
    def _at_end(self) -> bool:
        return self._at >= len(self._text)

    @property
    def _at_space(self) -> bool:
        return self._at_end or self._text[self._at].isspace()

    def _fail(self, message: str, position: int, length: int, mend: str) -> NoReturn:
        raise QueryError(message, position, length, mend)


def _one_value(field: Field, rest: str) -> str:
    if rest.startswith("("):
        return f"it takes one value; for several write {field.name}:a or {field.name}:b"
    return field.usage


def _checked(text: Text, position: int) -> Text:
    """A regular expression, if it can be looked for; it stands at `position`. RE2 names the part to blame."""
    try:
        Finder(text.pattern, regex=True, ignore_case=text.ignore_case)
    except QueryError as error:
        part = str(error).rpartition(": ")[2]
        at = text.pattern.rfind(part)
        start, length = (position, len(text.pattern)) if at < 0 else (position + at, len(part))
        mend = "write it as RE2 has it, or in quotes to find it as it stands"
        raise QueryError(str(error), start, length, mend) from None
    return text
