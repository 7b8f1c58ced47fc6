"""What a variable of a dashboard is: one of its options, or several of them, or what is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from cockpit.metrics.dashboards.model import ALL, Option, VariableKind
from cockpit.text import clean, shorten
from cockpit.tui.screens.dialog import Dialog
from cockpit.tui.widgets.choice_list import ChoiceList
from cockpit.tui.widgets.fuzzy import ranked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from cockpit.metrics.dashboards.model import Variable

Chosen = tuple[str, ...]


class OptionList(ChoiceList[Option]):
    """The options; those that are chosen are ticked."""

    def __init__(self, chosen: Sequence[str]) -> None:
        super().__init__()
        self.chosen = list(chosen)

    def line(self, item: Option, width: int, /) -> Content:
        """An option, and whether it is chosen."""
        tick = "✓" if item.value in self.chosen else " "
        return Content.assemble((f"{tick} ", "$success"), shorten(clean(item.text), max(1, width - 2)))


class VariableScreen(Dialog[Chosen | None]):
    """Chooses the value of a variable among its options; answers the values, None where it was left as it is.

    `options` are all there are; `why` says why there are none.
    """

    DEFAULT_CSS = """
    VariableScreen {
        #frame { max-width: 72; max-height: 80%; }
        OptionList { height: auto; max-height: 20; }
        OptionList > .choice-list--cursor { background: $block-cursor-background; text-style: bold; }
        #state { color: $text-muted; }
    }
    """
    DEAF_SECONDS: ClassVar[float] = 0.0
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "list('move', -1)", show=False, priority=True),
        Binding("down", "list('move', 1)", show=False, priority=True),
        Binding("pageup", "list('page', -1)", show=False, priority=True),
        Binding("pagedown", "list('page', 1)", show=False, priority=True),
    ]
    AUTO_FOCUS = "Input"

    def __init__(
        self, variable: Variable, options: Sequence[Option], chosen: Sequence[str], why: str = ""
    ) -> None:
        super().__init__(variable.title)
        self._variable = variable
        self._options = tuple(options)
        self._why = why
        self._list = OptionList(chosen)
        self._before = tuple(chosen)

    def content(self) -> ComposeResult:
        """What is typed, and the options it leaves."""
        typed = self._before[0] if self._typed and self._before else ""
        yield Input(typed, placeholder="" if self._typed else "type a few letters", compact=True)
        yield Static(id="state")
        yield self._list

    def on_mount(self) -> None:
        """Every option is there at first."""
        keys = "⏎ chooses · esc leaves it"
        if self._variable.multi:
            keys = "⏎ ticks · esc applies"
        self.query_one("#frame").border_subtitle = Content(keys)
        self._list.display = not self._typed
        self._find("")

    @property
    def _typed(self) -> bool:
        return self._variable.kind is VariableKind.TEXTBOX

    def on_input_changed(self, event: Input.Changed) -> None:
        """Find while typing."""
        self._find(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the option under the cursor, or what was typed."""
        if self._typed:
            self.dismiss((event.value,))
        else:
            self._take()

    def on_choice_list_chosen(self) -> None:
        """A second click takes an option as well."""
        self._take()

    def action_list(self, what: str, by: int) -> None:
        """Move in the list while typing."""
        self._list.action_move(by) if what == "move" else self._list.action_page(by)

    def action_leave(self) -> None:
        """Several are applied when one leaves, as Grafana does it."""
        chosen = tuple(self._list.chosen)
        self.dismiss(chosen if self._variable.multi and chosen and chosen != self._before else None)

    def _take(self) -> None:
        option = self._list.current
        if option is None:
            return
        if not self._variable.multi:
            self.dismiss((option.value,))
            return
        self._list.chosen = toggled(self._list.chosen, option.value)
        self._list.refresh()

    def _find(self, text: str) -> None:
        if self._typed:
            return
        found = [option for option, _ in ranked(text, self._options, _text)]
        at = next((place for place, option in enumerate(found) if option.value in self._list.chosen), 0)
        self._list.show(found, 0 if text else at)
        said = f"{len(found):,} of {len(self._options):,}" if self._options else clean(self._why) or "no option"
        self.query_one("#state", Static).update(Content(said))


def toggled(chosen: Sequence[str], value: str) -> list[str]:
    """With a value in or out: All stands alone, and gives way to any other."""
    if value in chosen:
        return [each for each in chosen if each != value]
    return [ALL] if value == ALL else [*(each for each in chosen if each != ALL), value]


def _text(option: Option) -> str:
    return clean(option.text)
