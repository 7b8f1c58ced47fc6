"""The timeline as a table: time, action, notes, as operators keep it by hand; to read and to copy."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cockpit.text import age, clean, shorten, width
from cockpit.tui.lines import Line, Span, crop, left, right
from cockpit.tui.views.markdown import plain as escaped
from cockpit.tui.views.timeline_marks import MARKS, WORD

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import tzinfo

    from cockpit.release.events import Event
    from cockpit.tui.views.timeline_scene import Scene

NOTHING = "nothing is known to have happened yet"
HEAD = ("Time", "Action", "Notes", "By")

_AGO, _WHO = 9, 24
_WITH_WORD, _WITH_WHO, _WITH_AGO = 56, 90, 70


def listed(scene: Scene, cells: int, rows: int) -> list[Line]:
    """Some rows of the table around the event that is told of, which stands last unless it is selected."""
    if rows <= 0:
        return []
    told = scene.told
    if told is None:
        return [Line((Span(f" {shorten(NOTHING, cells - 1)}", "muted"),))]
    behind = min((rows - 1) // 2, len(scene.events) - 1 - told) if scene.selected is not None else 0
    start = max(0, told + behind - rows + 1)
    return _lines(scene, range(start, min(start + rows, len(scene.events))), cells)


def table(scene: Scene, cells: int, rows: int) -> list[Line]:
    """What happened in the time that is in view, the event that is told of among it."""
    places = scene.within(scene.window.start, scene.window.end + 1)
    if not places:
        return [
            Line((Span(" nothing is known to have happened in this time", "muted"),)),
            *listed(scene, cells, rows - 1),
        ]
    told = scene.told
    last = places.stop - 1 if told is None or told not in places else told
    behind = (rows - 1) // 2 if scene.selected is not None else 0
    stop = max(min(places.stop, last + behind + 1), min(places.stop, places.start + rows))
    return _lines(scene, range(max(places.start, stop - rows), stop), cells)


def _lines(scene: Scene, places: range, cells: int) -> list[Line]:
    """A line an event, their times in as many cells as the longest takes."""
    times = [moment(scene.events[place].at, scene.now, scene.zone) for place in places]
    most = max(map(len, times), default=0)
    return [_line(scene, place, time.ljust(most), cells) for place, time in zip(places, times, strict=True)]


def _line(scene: Scene, place: int, time: str, cells: int) -> Line:
    """One event in one line; what it has no room for goes: who, then how long ago, then what it is about."""
    event = scene.events[place]
    mark, muted = MARKS[event.kind], "muted"
    later = event.at > scene.now
    spans = [
        Span(f" {time}  ", muted),
        Span(f"{mark.shape} ", f"{mark.role} bold"),
    ]
    if cells >= _WITH_WORD:
        spans.append(Span(f"{mark.word:<{WORD}} ", muted))
    who = clean(event.who) if cells >= _WITH_WHO else ""
    ends: list[Span] = []
    if who:
        ends.append(Span(f"  {shorten(who, _WHO)}", muted))
    if cells >= _WITH_AGO:
        ago = f"{age(scene.now - event.at)} ago" if not later else f"in {age(event.at - scene.now)}"
        ends.append(right(ago, _AGO, muted))
    room = cells - sum(width(span.text) for span in (*spans, *ends))
    spans.append(left(clean(event.text), max(0, room), "dim" if later else ""))
    ground = "cursor" if place == scene.selected else ""
    return Line(crop((*spans, *ends), cells), event.key, ground)


def moment(at: float, now: float, zone: tzinfo | None = None) -> str:
    """A time of day; with the day, and without seconds, where that is not the day of `now`."""
    then, today = _local(at, zone), _local(now, zone)
    if then.date() == today.date():
        return f"{then:%H:%M:%S}"
    return f"{then:%m-%d %H:%M}" if then.year == today.year else f"{then:%Y-%m-%d}"


def markdown(events: Iterable[Event]) -> str:
    """A table in Markdown, times in UTC."""
    lines = [f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}"]
    lines += [f"| {' | '.join(map(escaped, _cells(event)))} |" for event in events]
    return "\n".join(lines) + "\n"


def plain(events: Iterable[Event]) -> str:
    """A table in aligned columns, times in UTC."""
    rows = [HEAD, *map(_cells, events)]
    widths = [max(width(row[at]) for row in rows) for at in range(len(HEAD))]
    return "".join(f"{_aligned(row, widths)}\n" for row in rows)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(text + " " * (cells - width(text)) for text, cells in zip(row, widths, strict=True)).rstrip()


def _cells(event: Event) -> tuple[str, str, str, str]:
    stamp = f"{datetime.fromtimestamp(event.at, UTC):%Y-%m-%d %H:%M:%S}Z"
    return stamp, MARKS[event.kind].word, clean(event.text), clean(event.who)


def _local(at: float, zone: tzinfo | None) -> datetime:
    return datetime.fromtimestamp(at).astimezone() if zone is None else datetime.fromtimestamp(at, zone)
