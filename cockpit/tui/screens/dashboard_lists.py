"""Which dashboard, and which of its variables: lists to choose one of."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.content import Content

from cockpit.text import clean, shorten
from cockpit.tui.screens.dialog import Dialog
from cockpit.tui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from cockpit.metrics.dashboards.model import Variable
    from cockpit.tui.dashboard_sight import Sight, Sights

_NAME = 24


class VariableList(ChoiceList["Variable"]):
    """The variables with what they are."""

    def __init__(self, sight: Sight) -> None:
        super().__init__(sight.choices)
        self._sight = sight

    def line(self, item: Variable, _width: int, /) -> Content:
        """A variable, its value, and what it is for."""
        name = f"{shorten(clean(item.title), _NAME - 1):<{_NAME}}"
        about = f"  {clean(item.description)}" if item.description else ""
        return Content.assemble(name, (self._sight.told(item), "bold"), (about, "$text-muted"))


class DashboardList(ChoiceList["Sight"]):
    """The dashboards by title, the current one marked."""

    def __init__(self, sights: Sights) -> None:
        super().__init__(sights.all)
        self._sights = sights

    def line(self, item: Sight, _width: int, /) -> Content:
        """A dashboard, and how many panels it has."""
        mark = "● " if item is self._sights.current else "  "
        count = f"  {len(item.dashboard.panels)} panels"
        return Content.assemble((mark, "$success"), clean(item.dashboard.title), (count, "$text-muted"))


Answer = TypeVar("Answer")


class _ListScreen(Dialog[Answer]):
    """A list in a dialog; enter or a second click answers."""

    AUTO_FOCUS = "ChoiceList"
    DEAF_SECONDS: ClassVar[float] = 0.0
    BINDINGS: ClassVar[list[BindingType]] = [Binding("q", "leave", show=False)]

    def on_mount(self) -> None:
        """Say the keys."""
        self.query_one("#frame").border_subtitle = Content("⏎ chooses · esc closes")


class VariablesScreen(_ListScreen["Variable | None"]):
    """Chooses one of the variables of a dashboard."""

    def __init__(self, sight: Sight) -> None:
        super().__init__("Variables")
        self._list = VariableList(sight)

    def content(self) -> ComposeResult:
        """The variables."""
        yield self._list

    def on_choice_list_chosen(self) -> None:
        """This one."""
        self.dismiss(self._list.current)


class DashboardPickerScreen(_ListScreen["int | None"]):
    """Chooses one of the dashboards; answers its number."""

    def __init__(self, sights: Sights) -> None:
        super().__init__("Dashboards")
        self._list = DashboardList(sights)
        self._index = sights.index

    def content(self) -> ComposeResult:
        """The dashboards."""
        yield self._list

    def on_mount(self) -> None:
        """Begin with the current one."""
        self._list.cursor = self._index

    def on_choice_list_chosen(self) -> None:
        """This one."""
        self.dismiss(self._list.cursor)
