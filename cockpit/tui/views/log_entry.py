"""All of a log entry as JSON for people: folded where one likes, texts with their own line breaks, and bounded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from cockpit.text import clean, shorten
from cockpit.tui.lines import Line, Span
from cockpit.tui.views.log_text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from cockpit.tui.lines import Spans

Path: TypeAlias = tuple[str | int, ...]
"""Where a value stands in an entry: keys and, of lists, indices from 0. The entry itself stands at ()."""

MOST_LINES = 2_000
MOST_DEPTH = 40
MOST_TEXT = 20_000
"""Characters of one text that are shown; copying it gives them all."""
MOST_COPIED = 1 << 18
"""Bytes that are handed to a terminal's clipboard; many take no more."""

_LONGEST_KEY = 120
_LONG = 400
"""Characters from which on a text can be folded, although it is one line."""
_INDENT = 2
_LEAST_ROOM = 16
_OPEN, _FOLDED, _LEAF = "▾ ", "▸ ", "  "
_BREAK = "\n"
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"'})


class Part(NamedTuple):
    """A line, and the path of the value that it shows, or shows a part of."""

    line: Line
    path: Path


def entry_lines(entry: Mapping[str, object], cells: int, folded: Collection[Path] = ()) -> list[Part]:
    """An entry in lines of `cells` cells, the values at the `folded` paths in one line each.

    Of what is gigantic or nested without end, what is left out is said in its place.
    """
    writer = _Writer(cells, folded)
    writer.write((), entry, (), "")
    return writer.parts


def can_fold(value: object) -> bool:
    """Whether a value takes several lines that can be one."""
    if isinstance(value, str):
        return _has_lines(value) or len(value) > _LONG
    return bool(value) and isinstance(value, dict | list)


def value_at(entry: Mapping[str, object], path: Path) -> object:
    """The value at a path. Raises KeyError, IndexError or TypeError where there is none."""
    value: object = entry
    for step in path:
        value = value[step]  # type: ignore[index]
    return value


def path_text(path: Path) -> str:
    """A path as people write it, clean: `jsonPayload.items[3].id`, with quotes around keys that have a dot."""
    said = ""
    for step in path:
        if isinstance(step, int):
            said += f"[{step}]"
            continue
        key = shorten(clean(step), _LONGEST_KEY)
        plain = key.replace("_", "").replace("-", "").isalnum()
        said += ("." if said else "") + (key if plain else f'"{key}"')
    return said


def copied(value: object) -> str:
    """A value for the clipboard: a text as it is, but clean; all else as JSON. Raises ValueError where it is too
    large, or nested too deep."""
    if isinstance(value, str):
        text = clean(value, newlines=True)
    else:
        try:
            text = json.dumps(value, indent=2, ensure_ascii=False)
        except RecursionError:
            raise ValueError("it is nested too deep to be copied") from None
        if clean(text, newlines=True) != text:
            text = json.dumps(value, indent=2)
    size = len(text.encode(errors="replace"))
    if size > MOST_COPIED:
        raise ValueError(f"{size:,} bytes are more than a terminal's clipboard takes")
    return text


class _Writer:
    def __init__(self, cells: int, folded: Collection[Path]) -> None:
        self.parts: list[Part] = []
        self._cells = cells
        self._folded = folded
        self._full = False

    def write(self, name: Spans, value: object, path: Path, comma: str) -> None:
        """A value behind its name."""
        if isinstance(value, dict | list):
            self._nest(name, value, path, comma)
        elif isinstance(value, str):
            self._text(name, value, path, comma)
        else:
            self._put(path, (*name, _scalar(value), Span(comma, "muted")))

    def _nest(self, name: Spans, value: dict[str, object] | list[object], path: Path, comma: str) -> None:
        start, end, what = ("{", "}", "field") if isinstance(value, dict) else ("[", "]", "item")
        count = f"{len(value):,} {what}{'' if len(value) == 1 else 's'}"
        if not value:
            self._put(path, (*name, Span(f"{start}{end}{comma}", "muted")))
        elif len(path) >= MOST_DEPTH:
            self._put(path, (*name, Span(f"{start} … {count}, nested deeper than is shown {end}{comma}", "warn")))
        elif path in self._folded:
            self._put(path, (*name, Span(f"{start} … {count} {end}{comma}", "muted")), mark=_FOLDED)
        else:
            self._put(path, (*name, Span(start, "muted")), mark=_OPEN)
            last = len(value) - 1
            steps: Iterable[str | int] = value if isinstance(value, dict) else range(len(value))
            for at, step in enumerate(steps):
                if self._full:
                    return
                each = value[step]  # type: ignore[index]  # a key of a dictionary, an index of a list
                named = (Span(f'"{_key(step)}"', "accent"), Span(": ", "muted")) if isinstance(step, str) else ()
                self.write(named, each, (*path, step), "," if at < last else "")
            self._put(path, (Span(f"{end}{comma}", "muted"),))

    def _text(self, name: Spans, text: str, path: Path, comma: str) -> None:
        kept = text[:MOST_TEXT]
        rest = (Span(f"… {len(text) - len(kept):,} more characters", "warn"),) if len(kept) < len(text) else ()
        lines = kept.strip(_BREAK).split(_BREAK)
        if path in self._folded and can_fold(text):
            room = self._cells // 2
            begun = Span(shorten(clean(lines[0][: 4 * room]), room), "good")
            self._put(path, (*name, begun, Span(f" ⏎ {_extent(text)}", "muted")), mark=_FOLDED)
            return
        if not _has_lines(text):
            said = clean(kept).translate(_ESCAPES)
            quoted = (Span(f'"{said}', "good"), *rest, Span('"', "good"), Span(comma, "muted"))
            self._put(path, (*name, *quoted), mark=_OPEN if can_fold(text) else _LEAF)
            return
        self._put(path, (*name, Span(f"{len(lines):,} lines{' and more' if rest else ''}", "muted")), mark=_OPEN)
        for line in lines:
            self._put(path, (Span(clean(line), "good"),), bar=True)
        if rest:
            self._put(path, rest, bar=True)

    def _put(self, path: Path, spans: Spans, *, mark: str = _LEAF, bar: bool = False) -> None:
        """One line, or as many as it takes; one more says that there is no room for others."""
        if self._full:
            return
        depth = min(_INDENT * len(path), max(0, self._cells - _LEAST_ROOM))
        edge = (Span("│ ", "muted"),) if bar else ()
        room = max(1, self._cells - len(mark) - depth - len(edge) * _INDENT)
        for at, piece in enumerate(fold(spans, room)):
            if len(self.parts) >= MOST_LINES:
                self._full = True
                said = f"  … {MOST_LINES:,} lines are shown: fold what is above to see what follows"
                self.parts.append(Part(Line((Span(said, "warn"),)), path))
                return
            begin = Span((mark if not at else _LEAF) + " " * depth, "muted")
            self.parts.append(Part(Line((begin, *edge, *piece)), path))


def _key(key: str) -> str:
    return shorten(clean(key[: 4 * _LONGEST_KEY]), _LONGEST_KEY).translate(_ESCAPES)


def _has_lines(text: str) -> bool:
    return _BREAK in text.strip(_BREAK)


def _extent(text: str) -> str:
    return f"{text.strip(_BREAK).count(_BREAK) + 1:,} lines" if _has_lines(text) else f"{len(text):,} characters"


def _scalar(value: object) -> Span:
    if value is None:
        return Span("null", "muted italic")
    if isinstance(value, bool):
        return Span("true" if value else "false", "warn")
    return Span(clean(str(value)), "revision-4" if isinstance(value, int | float) else "")
