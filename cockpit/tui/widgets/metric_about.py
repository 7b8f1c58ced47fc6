"""One metric: what it is, the ways to look at it, and the labels that can split its chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from cockpit.metrics.breakdown import REVISION
from cockpit.metrics.exposed import MetricKind
from cockpit.metrics.measures import measures
from cockpit.text import clean
from cockpit.tui.widgets.label_list import LabelList
from cockpit.tui.widgets.metric_list import kind_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from cockpit.metrics.breakdown import Label
    from cockpit.metrics.catalogue import Metric


@dataclass(frozen=True, slots=True)
class Look:
    """How a metric is looked at: which of its measures, and the labels its chart is split by."""

    measure: int = 0
    by: tuple[str, ...] = (REVISION,)

    def toggled(self, label: str) -> Look:
        """Split by a label that was folded, or the other way round."""
        by = tuple(each for each in self.by if each != label)
        return Look(self.measure, by if len(by) < len(self.by) else (*self.by, label))


class MetricAbout(Vertical):
    """Follows the metric under the cursor. Its measures are chosen by a click too, as `screen.measure(index)`."""

    DEFAULT_CSS: ClassVar[str] = """
    MetricAbout {
        border: round $border; border-title-color: $text; border-title-style: bold;
        border-subtitle-color: $text-muted;
        &:focus-within { border: round $focus; }
        Static { height: auto; }
        #measures { link-style: none; link-color: $text-muted; link-background-hover: $panel; }
        #help { max-height: 4; color: $text-muted; }
        LabelList { height: 1fr; margin-top: 1; }
    }
    """

    def __init__(self, service: str, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._measures = Static(id="measures")
        self._help = Static(id="help")
        self.labels = LabelList(service, id="labels")

    def compose(self) -> ComposeResult:
        """From what it is to its labels."""
        yield from (self._measures, self._help, self.labels)

    def picture(self, metric: Metric | None, look: Look) -> None:
        """Show another metric, or another look at it; its labels come later."""
        self.border_title = Content(clean(metric.name) if metric else "")
        self._measures.update(_measures(metric, look.measure) if metric else "")
        self._help.update(_words(metric) if metric else "")

    def picture_labels(self, labels: Sequence[Label], look: Look, note: str = "") -> None:
        """Show the metric's labels, or what is to be said in their place (`note`, clean)."""
        same = [each.name for each in self.labels.items] == [each.name for each in labels]
        self.labels.picture(labels, look.by, self.labels.cursor if same else 0)
        self.border_subtitle = Content(note or (f"{len(labels)} labels" if len(labels) != 1 else "1 label"))


def _words(metric: Metric) -> Content:
    """Its type, how many series it has, its unit and its help."""
    series = "" if metric.series is None else f"{metric.series:,} series"
    guessed = metric.counts and metric.kind is not MetricKind.COUNTER
    kind = f"{kind_word(metric)}{', taken for a counter by its name' if guessed else ''}"
    facts = " · ".join(filter(None, (kind, series, clean(metric.unit))))
    return Content.assemble((facts, "$text"), f"\n{clean(metric.help)}" if metric.help else "")


def _measures(metric: Metric, chosen: int) -> Content:
    """Its measures, the chosen one marked."""
    parts: list[Content] = []
    for index, measure in enumerate(measures(metric)):
        title = f" {measure.title} "
        click = Style.from_meta({"@click": f"screen.measure({index})"})
        parts.append(Content.styled(title, "$accent bold reverse" if index == chosen else click))
    return Content("").join(parts)
