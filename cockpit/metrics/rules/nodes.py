"""One shape for what rules are written in, YAML or the tables of config.toml, with the place of every part.

Scalars stay the text that was written, as Prometheus reads them: `severity: 1` is the label value "1".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import yaml

from cockpit.metrics.rules.model import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

_NULL = "tag:yaml.org,2002:null"
_MERGE = "tag:yaml.org,2002:merge"
_KINDS = {yaml.ScalarNode: "text", yaml.SequenceNode: "a list", yaml.MappingNode: "a mapping"}


class ShapeError(ValueError):
    """Text that makes no nodes: `str(error)` says why, in one line, `place` where, and `mend` what to do."""

    def __init__(self, place: Place, message: str, mend: str) -> None:
        super().__init__(message)
        self.place = place
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Node:
    """A part of what was written. Only one of `text`, `items` and `fields` is set, and none for nothing at all.

    A field's name may come twice, where it was written twice.
    """

    place: Place
    text: str | None = None
    items: tuple[Node, ...] | None = None
    fields: tuple[tuple[str, Node], ...] | None = None

    @property
    def kind(self) -> str:
        """What this is, in words."""
        if self.text is not None:
            return "text"
        if self.items is not None:
            return "a list"
        return "nothing" if self.fields is None else "a mapping"


def from_yaml(text: str, file: str) -> tuple[Node, int]:
    """The first document of a YAML text, and the line at which another one begins (0 where none does).

    Raises ShapeError where it is not YAML.
    """
    try:
        loader: Any = yaml.SafeLoader(text)
        try:
            root = loader.get_node() if loader.check_node() else None
            more = loader.peek_event().start_mark.line + 1 if loader.check_node() else 0
            return (Node(Place(file, 1)) if root is None else _Reader(file, loader).node(root, "")), more
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1 if mark else 0)
        raise ShapeError(place, f"not YAML: {error.problem or error.context}", "mend this line") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ShapeError(Place(file, line), f"not YAML: {error.reason}", "take this character out") from None
    except RecursionError:
        raise ShapeError(Place(file), "nested too deeply", "rules are five levels deep") from None


def from_mapping(value: object, place: Place, lines: Mapping[str, int]) -> Node:
    """A node of plain values, as TOML gives them; `lines` are those of the paths that are known."""
    place = replace(place, line=lines.get(place.path, place.line))
    match value:
        case Mapping():
            named = ((str(name), each) for name, each in value.items())
            return Node(
                place, fields=tuple((name, from_mapping(each, place.at(name), lines)) for name, each in named)
            )
        case list() | tuple():
            items = enumerate(value)
            return Node(place, items=tuple(from_mapping(each, place.at(at), lines) for at, each in items))
        case bool():
            return Node(place, text=str(value).lower())
        case None:
            return Node(place)
        case _:
            return Node(place, text=str(value))


class _Reader:
    """Makes nodes of PyYAML's. An alias inside what it stands for would never end, so it is refused."""

    def __init__(self, file: str, loader: Any) -> None:
        self._file = file
        self._loader = loader
        self._open: set[int] = set()
        self._left = 100_000

    def node(self, node: yaml.Node, path: str) -> Node:
        """One node and everything in it. Raises ShapeError."""
        place = Place(self._file, node.start_mark.line + 1 + (getattr(node, "style", None) in ("|", ">")), path)
        self._left -= 1
        if self._left < 0 or id(node) in self._open:
            raise ShapeError(place, "aliases make this endless or huge", "write it out without aliases")
        self._open.add(id(node))
        try:
            return self._made(node, place)
        finally:
            self._open.discard(id(node))

    def _made(self, node: yaml.Node, place: Place) -> Node:
        if isinstance(node, yaml.MappingNode):
            return Node(place, fields=tuple(self._fields(node, place)))
        if isinstance(node, yaml.SequenceNode):
            items = enumerate(node.value)
            return Node(place, items=tuple(self.node(item, place.at(at).path) for at, item in items))
        return Node(place, text=None if node.tag == _NULL else str(node.value))

    def _fields(self, node: yaml.MappingNode, place: Place) -> Sequence[tuple[str, Node]]:
        if any(key.tag == _MERGE for key, _ in node.value):
            self._loader.flatten_mapping(node)
            node.value = list({key.value: (key, value) for key, value in node.value}.values())
        fields = []
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                where = Place(self._file, key.start_mark.line + 1)
                raise ShapeError(where, f"{_KINDS[type(key)]} as the name of a field", "name fields with text")
            fields.append((str(key.value), self.node(value, place.at(str(key.value)).path)))
        return fields
