"""The application's health at every URL, in columns, with what is wrong below each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cockpit.live.app.picture import Health
from cockpit.release.state import short_name
from cockpit.text import clean, duration, shorten, width
from cockpit.tui.charts.units import formatted
from cockpit.tui.lines import Line, Span, left, right, told
from cockpit.tui.views.sparkline import extent, sparkline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cockpit.live.app.picture import ProbePicture
    from cockpit.live.snapshot import Snapshot
    from cockpit.tui.lines import Spans

MARKS = {
    Health.FAILING: ("✗", "bad bold"),
    Health.DEGRADED: ("◐", "warn"),
    Health.UNKNOWN: ("?", "warn"),
    Health.OK: ("✓", "good"),
}
"""Shape and role by health, the gravest first. Nobody knows whether what is unknown is well."""

_RESTING = ("◌", "muted")
_INDENT = 3
_GAP = 2
_LONGEST = 28
"""Cells of a tag, a revision or a path."""
_COURSE, _LEAST_COURSE = 20, 6


class _Column(NamedTuple):
    """One column: its title, a text a row, whether they stand at the right, and which goes first without room."""

    title: str
    texts: tuple[Span, ...]
    at_right: bool = False
    rank: int = 0

    @property
    def cells(self) -> int:
        """As wide as its longest text; 0 where all are empty."""
        longest = max((width(text.text) for text in self.texts), default=0)
        return max(longest, width(self.title)) if longest else 0


def health_lines(
    probes: Sequence[ProbePicture], snapshot: Snapshot, slots: Mapping[str, int], cells: int
) -> list[Line]:
    """Every probe: its health, where, the last answer, the latencies over the window, and since when it is so."""
    columns = _fitting([each for each in _columns(probes, snapshot, slots) if each.cells], cells)
    room = cells - _cells_of(columns) - _GAP
    course = min(_COURSE, room) if room >= _LEAST_COURSE else 0
    lines = [Line(_joined([_placed(each, Span(each.title, "muted")) for each in columns]))]
    for row, probe in enumerate(probes):
        spans = _joined([_placed(each, each.texts[row]) for each in columns])
        blocks = (Span(" " * _GAP), _course(probe, course)) if course else ()
        lines += [Line((*spans, *blocks), _key(probe)), *_reason(probe, cells)]
    return lines


def failing(probes: Sequence[ProbePicture]) -> int:
    """How many are failing."""
    return sum(probe.health is Health.FAILING for probe in probes)


def mark_of(probe: ProbePicture) -> tuple[str, str, str]:
    """The shape, the word and the role for the health of one path."""
    mark, role = _RESTING if probe.resting else MARKS[probe.health]
    return mark, "resting" if probe.resting else probe.health.value, role


def where(probe: ProbePicture) -> str:
    """Which URL, in a word."""
    return shorten(clean(probe.tag), _LONGEST) or "service"


def answered(probe: ProbePicture) -> str:
    """The status of the last answer; a dash without one."""
    return str(probe.status) if probe.status else "–" if probe.probes else ""


def latency(seconds: float | None) -> str:
    """How long answers took; "" where nobody knows."""
    return "" if seconds is None else formatted(seconds, "s")


def since(probe: ProbePicture, snapshot: Snapshot) -> str:
    """For how long it has been so, or for how long at least."""
    if probe.since is None:
        return ""
    return f"{'' if probe.before else '≥ '}{duration(max(0.0, snapshot.time - probe.since))}"


def _columns(probes: Sequence[ProbePicture], snapshot: Snapshot, slots: Mapping[str, int]) -> list[_Column]:
    several = len({probe.path for probe in probes}) > 1

    def column(title: str, texts: list[str], rank: int, role: str = "", *, at_right: bool = True) -> _Column:
        return _Column(title, tuple(Span(text, role) for text in texts), at_right, rank)

    return [
        _Column("health", tuple(_word(probe) for probe in probes)),
        _Column("url", tuple(Span(where(probe), _role(probe, slots)) for probe in probes)),
        column("revision", [_revision(probe, snapshot) for probe in probes], 7, "muted", at_right=False),
        column(
            "path",
            [shorten(clean(probe.path), _LONGEST) for probe in probes],
            1 if several else 4,
            "muted",
            at_right=False,
        ),
        column("status", [answered(probe) for probe in probes], 3),
        column("now", [latency(probe.seconds) for probe in probes], 2),
        column("P50", [latency(probe.p50) for probe in probes], 6, "muted"),
        column("P95", [latency(probe.p95) for probe in probes], 5),
        column("bad", [f"{probe.bad} of {probe.probes}" if probe.bad else "" for probe in probes], 8, "warn"),
        column("since", [since(probe, snapshot) for probe in probes], 2, "muted"),
    ]


def _fitting(columns: list[_Column], cells: int) -> list[_Column]:
    """The columns that there is room for: those of the highest rank go first."""
    while len(columns) > 1 and _cells_of(columns) > cells:
        columns = [each for each in columns if each is not max(columns, key=lambda column: column.rank)]
    return columns


def _cells_of(columns: Sequence[_Column]) -> int:
    return 1 + sum(each.cells for each in columns) + _GAP * (len(columns) - 1)


def _placed(column: _Column, text: Span) -> Span:
    place = right if column.at_right else left
    return place(text.text, column.cells, text.role)


def _joined(texts: Sequence[Span]) -> Spans:
    spans: list[Span] = [Span(" ")]
    for number, text in enumerate(texts):
        spans += [Span(" " * _GAP), text] if number else [text]
    return tuple(spans)


def _word(probe: ProbePicture) -> Span:
    mark, word, role = mark_of(probe)
    return Span(f"{mark} {word}", role)


def _role(probe: ProbePicture, slots: Mapping[str, int]) -> str:
    slot = slots.get(probe.revision)
    return "" if slot is None else f"revision-{slot + 1}"


def _revision(probe: ProbePicture, snapshot: Snapshot) -> str:
    return shorten(clean(short_name(probe.revision, snapshot.ref.service)), _LONGEST) if probe.revision else ""


def _course(probe: ProbePicture, cells: int) -> Span:
    """The latencies of the last probes as blocks; a cross is one without an answer."""
    values = probe.course[-cells:]
    low, high = extent([value for value in values if value is not None])
    blocks = "".join("×" if value is None else sparkline([value], 1, min(low, 0.0), high) for value in values)
    return Span(blocks.rjust(cells), "muted" if probe.health is Health.OK else mark_of(probe)[2])


def _reason(probe: ProbePicture, cells: int) -> list[Line]:
    """What is wrong and the mend, below."""
    said = " · ".join(filter(None, (clean(probe.why), clean(probe.mend))))
    if not said or probe.health is Health.OK:
        return []
    role = "muted" if probe.resting or not probe.probes else mark_of(probe)[2].partition(" ")[0]
    lines = told([said], cells - _INDENT + 1, role)
    return [Line((Span(" " * (_INDENT - 1)), *line.spans), _key(probe)) for line in lines]


def _key(probe: ProbePicture) -> str:
    return f"{probe.url} {probe.path}"
