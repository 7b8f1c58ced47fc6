"""Templates filled in with what an alert knows: its labels and its value."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cockpit.metrics.rules.templates.functions import FUNCTIONS, call, shown, true
from cockpit.metrics.rules.templates.syntax import (
    Action,
    Branch,
    Call,
    Constant,
    Field,
    FillError,
    TemplateError,
    Variable,
    parse,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cockpit.metrics.rules.templates.syntax import Piece, Term

Scope = ChainMap[str, object]
"""Values by variable, the innermost block's first; the dot is the variable "."."""

_VARIABLES = ("$labels", "$value", "$externalLabels", "$externalURL")


@dataclass(frozen=True, slots=True)
class Known:
    """What a template may use: the labels of the sample, its value, and the labels of whoever evaluates it."""

    labels: Mapping[str, str]
    value: float
    external_labels: Mapping[str, str] = field(default_factory=dict)

    def field(self, name: str) -> object:
        """What the dot gives by this name. Raises TemplateError."""
        match name:
            case "Labels":
                return self.labels
            case "Value":
                return self.value
            case "ExternalLabels":
                return self.external_labels
            case "ExternalURL":
                return ""
            case _:
                raise TemplateError(f"there is no .{name}; known are .Labels, .Value and .ExternalLabels")

    def scope(self) -> Scope:
        """The variables a template begins with, and the dot."""
        values = (self, self, self.labels, self.value, self.external_labels, "")
        return ChainMap(dict(zip((".", "$", *_VARIABLES), values, strict=True)))


def render(template: str, known: Known) -> str:
    """The text of a template. Raises TemplateError."""
    if "{{" not in template:
        return template
    return "".join(_written(parse(template), known.scope()))


def rendered_or_raw(template: str, known: Known) -> str:
    """The text of a template, or the template itself where it cannot be filled in."""
    try:
        return render(template, known)
    except TemplateError:
        return template


def check(template: str) -> None:
    """Find what is wrong with a template before there is an alert. Raises TemplateError, a FillError where it can
    at least be read."""
    if "{{" in template:
        _check(parse(template), {".", "$", *_VARIABLES})


def labels_used(template: str) -> frozenset[str]:
    """The labels that a template reads off the alert's sample. Raises TemplateError."""
    pieces = parse(template) if "{{" in template else ()
    sources = (Variable("$labels"), Field(Variable("."), "Labels"), Field(Variable("$"), "Labels"))
    return frozenset(term.name for term in _terms(pieces) if isinstance(term, Field) and term.inside in sources)


def _written(pieces: tuple[Piece, ...], scope: Scope) -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, str):
            yield piece
        elif isinstance(piece, Action):
            value = _value(piece.term, scope)
            if piece.into:
                _keep(piece, value, scope)
            else:
                yield shown(value)
        else:
            inner = scope.new_child()
            test = _value(piece.condition.term, inner)
            if piece.condition.into:
                _keep(piece.condition, test, inner)
            if true(test) and piece.moves_dot:
                inner["."] = test
            yield from _written(piece.body if true(test) else piece.otherwise, inner)


def _keep(action: Action, value: object, scope: Scope) -> None:
    """Set a variable, in the block that declared it where this one does not."""
    holders = [each for each in scope.maps if action.into in each]
    if not action.declares and not holders:
        raise TemplateError(f"the variable {action.into} is not known")
    (scope if action.declares else holders[0])[action.into] = value


def _value(term: Term, scope: Mapping[str, object]) -> object:
    match term:
        case Constant():
            return term.value
        case Variable():
            if term.name not in scope:
                raise TemplateError(f"the variable {term.name} is not known")
            return scope[term.name]
        case Field():
            return _field(_value(term.inside, scope), term)
        case Call():
            return call(term.function, [_value(argument, scope) for argument in term.arguments])


def _field(inside: object, term: Field) -> object:
    if isinstance(inside, Known):
        return inside.field(term.name)
    if isinstance(inside, Mapping):
        return inside.get(term.name, "")
    raise TemplateError(f"{shown(inside)} has no field {term.name}")


def _check(pieces: tuple[Piece, ...], known: set[str]) -> None:
    for term in _terms(pieces):
        if isinstance(term, Call) and term.function not in FUNCTIONS:
            raise TemplateError(f"there is no function {term.function}")
        if isinstance(term, Call):
            function = FUNCTIONS[term.function]
            count = len(term.arguments)
            if count < function.least or (function.most is not None and count > function.most):
                raise FillError(f"{term.function} does not take {count} arguments")
    _check_variables(pieces, known)


def _check_variables(pieces: tuple[Piece, ...], known: set[str]) -> None:
    for piece in pieces:
        if isinstance(piece, str):
            continue
        action = piece if isinstance(piece, Action) else piece.condition
        for term in _inside(action.term):
            if isinstance(term, Variable) and term.name not in known:
                raise TemplateError(f"the variable {term.name} is not known")
        if action.into and not action.declares and action.into not in known:
            raise TemplateError(f"the variable {action.into} is not known")
        if isinstance(piece, Branch):
            inner = known | ({action.into} if action.into else set())
            _check_variables(piece.body, set(inner))
            _check_variables(piece.otherwise, set(inner))
        elif action.into:
            known.add(action.into)


def _terms(pieces: tuple[Piece, ...]) -> Iterator[Term]:
    """Every term of every action, the inner ones too."""
    for piece in pieces:
        if isinstance(piece, Action):
            yield from _inside(piece.term)
        elif isinstance(piece, Branch):
            yield from _inside(piece.condition.term)
            yield from _terms(piece.body)
            yield from _terms(piece.otherwise)


def _inside(term: Term) -> Iterator[Term]:
    yield term
    if isinstance(term, Field):
        yield from _inside(term.inside)
    elif isinstance(term, Call):
        for argument in term.arguments:
            yield from _inside(argument)
