"""Our expressions as another engine wants them asked: with its names for our labels, and of one service alone.

An expression is not parsed and printed anew, as the other side may know more PromQL than we do: names of labels
are replaced, matchers are put in, and everything else stays as it was written.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from cockpit.metrics.labels import label_name, labels_of
from cockpit.sources.prometheus.marks import Role, marks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cockpit.metrics.labels import Labels
    from cockpit.metrics.promql.tokens import Token


class _Edit(NamedTuple):
    """`text` in place of `length` characters from `at`, counted from 0."""

    at: int
    length: int
    text: str


@dataclass(frozen=True, slots=True)
class Template:
    """`labels` is what another engine calls our labels: by our name theirs. `matchers`, as PromQL writes them in
    braces and in our labels, are put into every selector, so that series of other services are left out.

    A label of theirs that bears one of our names without being it comes back as `exported_NAME`.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    matchers: str = ""

    def asked(self, expression: str) -> str:
        """An expression of ours as it is asked there."""
        return _edited(expression, self._edits(expression))

    def place(self, expression: str, position: int) -> int:
        """Where in our expression a position in theirs (characters from 0) is."""
        shift = 0
        for edit in self._edits(expression):
            begins = edit.at + shift
            if position < begins:
                break
            if position < begins + len(edit.text):
                return edit.at
            shift += len(edit.text) - edit.length
        return max(0, min(position - shift, len(expression)))

    def answered(self, pairs: Mapping[str, str]) -> Labels:
        """A label set of theirs, in our labels."""
        if not self.labels:
            return labels_of(pairs)
        ours = {theirs: name for name, theirs in self.labels.items()}
        taken = {name: f"exported_{name}" for name in self.labels}
        return labels_of({ours.get(name) or taken.get(name, name): value for name, value in pairs.items()})

    def _edits(self, expression: str) -> Iterator[_Edit]:
        """What makes our expression theirs, in order."""
        matchers = replace(self, matchers="").asked(f"{{{self.matchers}}}")[1:-1] if self.matchers else ""
        for role, token, following in marks(expression) if self.labels or matchers else ():
            end = token.at + len(token.text)
            if role is Role.LABEL and (theirs := self.labels.get(_label(token))):
                yield _Edit(token.at, len(token.text), _written(theirs, token))
            elif role is Role.METRIC and matchers:
                yield _Edit(end, 0, f"{{{matchers}}}")
            elif role is Role.MATCHERS and matchers:
                yield _Edit(end, 0, matchers if following == "}" else f"{_gap(token)}{matchers},")


def _edited(expression: str, edits: Iterator[_Edit]) -> str:
    parts: list[str] = []
    done = 0
    for edit in edits:
        parts += (expression[done : edit.at], edit.text)
        done = edit.at + edit.length
    return "".join((*parts, expression[done:]))


def _label(token: Token) -> str:
    """The label that a token names."""
    return token.text[1:-1] if token.kind == "string" else token.text


def _written(name: str, token: Token) -> str:
    """Their name where ours stood: quoted where that was a string, or where it cannot stand without."""
    return f"{token.text[0]}{name}{token.text[0]}" if token.kind == "string" else label_name(name)


def _gap(token: Token) -> str:
    """What must stand between a token and the matchers."""
    return "" if token.kind == "open" else " "
