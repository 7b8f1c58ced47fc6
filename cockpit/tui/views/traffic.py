"""The traffic block: asked, serving and observed as bars over each other, and their numbers in columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.agreement import asked, observed_note, serving, serving_note
from cockpit.live.snapshot import FeedState
from cockpit.release.state import short_name
from cockpit.text import clean, duration, width
from cockpit.tui.colours import FILLS
from cockpit.tui.lines import Line, Span, crop, left, right
from cockpit.tui.views.unknown import LABEL, ROWS, no_traffic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cockpit.live.snapshot import Snapshot
    from cockpit.tui.lines import Spans

LEAST_BAR = 12
NUMBER = 4
HIDDEN = 4
BARE_MARK = 3
SPELT_OUT = 92
NOTES = ((110, 35), (SPELT_OUT, 31), (40, BARE_MARK))
"""From how many cells on a row ends in a note, and how wide it is; a bare mark is explained by the notices."""


def active(snapshot: Snapshot) -> list[str]:
    """The revisions that are asked for, serve, answered requests or have a tag: most traffic first."""
    service, observed = snapshot.service, snapshot.observed
    if service is None:
        return []
    shares = [asked(service), serving(service), dict(observed.by_revision) if observed else {}]
    tagged = [target.revision for target in service.serving if target.tag]
    names = sorted({*tagged, *(name for share in shares for name in share)}, reverse=True)
    return sorted(
        names, key=lambda name: tuple(-share.get(name, 0) for share in (shares[1], shares[0], shares[2]))
    )


def traffic(snapshot: Snapshot, slots: Mapping[str, int], cells: int) -> list[Line]:
    """The three rows at a width: names are shortened, then counted as "+2"."""
    service, observed = snapshot.service, snapshot.observed
    if service is None:
        return no_traffic()
    seen = dict(observed.by_revision) if observed else {}
    shares: list[Mapping[str, float]] = [
        asked(service),
        serving(service),
        {name: 100 * count / observed.total for name, count in seen.items()}
        if observed and observed.total
        else {},
    ]
    with_traffic = [name for name in active(snapshot) if any(share.get(name) for share in shares)]
    columns = _Columns(with_traffic, service.ref.service, cells)
    notes = [(), _serving_note(snapshot), _observed_note(snapshot)]
    return [
        Line(
            (
                Span(f" {word:<{LABEL - 1}}", "muted"),
                *bar(share, with_traffic, slots, columns.bar),
                *columns.numbers(share, slots, named=word == "asked"),
                Span("  "),
                *(crop(note, columns.note - 2) if columns.note > BARE_MARK else note_mark(note)),
            )
        )
        for word, share, note in zip(ROWS, shares, notes, strict=True)
    ]


def bar(share: Mapping[str, float], names: Sequence[str], slots: Mapping[str, int], cells: int) -> Spans:
    """A bar of exactly `cells` cells. Whoever has a share gets a cell; the rest goes by largest remainder."""
    parts = [(name, share[name]) for name in names if share.get(name)]
    if not parts:
        return (Span("·" * cells, "muted"),)
    return tuple(
        Span(FILLS[slots[name]] * length, f"revision-{slots[name] + 1}")
        for (name, _), length in zip(parts, lengths([value for _, value in parts], cells), strict=True)
    )


def lengths(values: Sequence[float], cells: int) -> list[int]:
    """`values`, all above 0, as whole lengths that sum to `cells`: at least 1 each as far as there are cells."""
    if len(values) > cells:
        return [1] * cells + [0] * (len(values) - cells)
    spare, whole = cells - len(values), sum(values)
    exact = [value * cells / whole for value in values]
    grown = [max(0.0, length - 1) for length in exact]
    scale = spare / sum(grown) if any(grown) else 0
    floored = [int(length * scale) for length in grown]
    by_remainder = sorted(range(len(values)), key=lambda at: floored[at] - grown[at] * scale)
    for at in by_remainder[: spare - sum(floored)]:
        floored[at] += 1
    return [1 + length for length in floored]


class _Columns:
    """How the cells of a row are shared out: label, bar, a column a revision, note."""

    def __init__(self, names: Sequence[str], service: str, cells: int) -> None:
        self.note = next((note for least, note in NOTES if cells >= least), 0)
        room = cells - LABEL - max(LEAST_BAR, cells // 4) - self.note
        full = [clean(short_name(name, service)) for name in names]
        brief = [text.partition("-")[0] for text in full]
        texts = full if len(set(brief)) < len(brief) or _column(full) * len(names) <= room else brief
        self._wide = _column(texts)
        fitting = min(len(names), max(0, room) // self._wide)
        self._shown = dict(zip(names[:fitting], texts, strict=False))
        self._hidden = len(names) - fitting
        self.bar = max(0, cells - LABEL - fitting * self._wide - (HIDDEN if self._hidden else 0) - self.note)

    def numbers(self, share: Mapping[str, float], slots: Mapping[str, int], *, named: bool) -> Spans:
        """One cell a revision: with its fill and name in the first row, its number alone in the others."""
        spans: list[Span] = []
        for name, text in self._shown.items():
            role = f"revision-{slots[name] + 1}"
            head = f"  {FILLS[slots[name]]} {text}" if named else ""
            number = _number(share.get(name, 0)) if share else "–"
            spans += [left(head, self._wide - NUMBER, role), right(number, NUMBER)]
        if self._hidden:
            spans.append(left(f" +{self._hidden}" if named else "", HIDDEN, "muted"))
        return tuple(spans)


def note_mark(note: Spans) -> Spans:
    """The mark that a note that warns begins with, "!" for one of words alone; nothing of a calm one."""
    return tuple(
        Span("!" if span.text[:1].isalpha() else span.text[:1], span.role)
        for span in note[:1]
        if "warn" in span.role
    )


def _column(texts: Sequence[str]) -> int:
    """The width of a column: a gap, a fill, the name and the number."""
    return max(map(width, texts), default=0) + 4 + NUMBER


def _number(value: float) -> str:
    return "<1" if 0 < value < 0.5 else f"{value:.0f}"


def _serving_note(snapshot: Snapshot) -> Spans:
    note = serving_note(snapshot) or _old(snapshot, "service")
    return (Span(note, "warn bold"),) if note else ()


def _observed_note(snapshot: Snapshot) -> Spans:
    observed = snapshot.observed
    if observed is None:
        return (Span("no request log yet", "muted"),)
    if note := _old(snapshot, "requests") or observed_note(snapshot):
        return (Span(note, "warn bold"),)
    rate = observed.total * 60 / observed.window
    return (Span(f"{rate:,.0f} requests/min" if observed.total else "no requests", "muted"),)


def _old(snapshot: Snapshot, name: str) -> str:
    """How old the data of a feed are, where that is older than it should be."""
    feed = snapshot.feed(name)
    if feed is None or feed.state not in {FeedState.STALE, FeedState.FAILED}:
        return ""
    return f"as of {duration(feed.age(snapshot.at))} ago" if feed.fresh_at is not None else "unknown"
