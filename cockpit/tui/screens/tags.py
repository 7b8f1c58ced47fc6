"""Tags: a URL of its own for a revision. Put one on, move it, take it away."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Label

from cockpit.live.session import RefusedError
from cockpit.release.traffic import TrafficError, check_tag, same_split, tags
from cockpit.text import clean, shorten
from cockpit.text import width as cells
from cockpit.tui.screens.change_dialog import ChangeDialog
from cockpit.tui.widgets.candidates import candidates, row_of, shown_name
from cockpit.tui.widgets.choice_list import ChoiceList
from cockpit.tui.widgets.percent_editor import Candidate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

    from cockpit.live.session import Session
    from cockpit.live.snapshot import Snapshot
    from cockpit.release.service import Service
    from cockpit.release.traffic import Split

MOVED = "the tags have changed since this was planned: r starts again from what stands now"


@dataclass(frozen=True, slots=True)
class Tagged:
    """A row of the list: a tag with what it is on, or "" for the tag to be."""

    tag: str = ""
    revision: str = ""
    shown: str = ""
    url: str = ""


class TagList(ChoiceList[Tagged]):
    """The tags there are, after a row for a new one."""

    removing = ""
    _columns = (0, 0)

    def look(self, items: Sequence[Tagged]) -> None:
        """The longest tag and the longest revision set the widths of their columns."""
        names = max((cells(clean(row.tag)) for row in items), default=0)
        self._columns = (names, max((cells(row.shown) for row in items), default=0))

    def line(self, item: Tagged, width: int, /) -> Content:
        """Tag, revision, URL."""
        if not item.tag:
            return Content.styled("+ new tag", "$accent")
        gone = item.tag == self.removing
        names, where = (min(width // 3, column) for column in self._columns)
        return Content.assemble(
            ("✗ " if gone else "  ", "$error"),
            (f"{shorten(clean(item.tag), names):<{names}}", "strike" if gone else "bold"),
            f"  {shorten(item.shown, where):<{where}}  ",
            (clean(item.url), "$text-muted"),
        )


class RevisionList(ChoiceList[Candidate]):
    """Where a tag may point: every revision that can serve, whatever its traffic."""

    _longest = 0

    def look(self, items: Sequence[Candidate]) -> None:
        """The longest name sets the width of its column."""
        self._longest = max((cells(row.shown) for row in items), default=0)

    def line(self, item: Candidate, width: int, /) -> Content:
        """Name and the tags that are on it."""
        why = f"✗ {item.blocked}" if item.blocked else ""
        names = min(width // 2, self._longest)
        name = f"  {shorten(item.shown, names):<{names}}  "
        return Content.assemble(name, (item.tags, "$accent"), (why, "$error"))


class TagsScreen(ChangeDialog):
    """Choose or type a tag, choose its revision, answer. `selected` is the revision a new tag is meant for."""

    DEFAULT_CSS = """
    TagsScreen {
        TagList { max-height: 8; }
        RevisionList { max-height: 8; }
        #name { height: 1; }
        #name Label { width: 6; color: $text-muted; }
        #name Input { width: 1fr; }
        #where { color: $text-muted; }
        &.-tall #name { margin-top: 1; }
        &.-short { TagList { max-height: 3; } RevisionList { max-height: 3; } }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d,delete", "remove", show=False),
        Binding("r", "again", show=False),
    ]

    def __init__(
        self, session: Session, *, selected: str = "", clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(f"Tags · {session.snapshot.ref.service}", session, verb="Change tags", clock=clock)
        self._selected = row_of(session.snapshot, selected)
        self._base: Split = ()
        self._moved = False
        self._tags = TagList(id="tags")
        self._revisions = RevisionList(id="revisions")

    def content(self) -> ComposeResult:
        """The tags, the name and its revision, and the panel."""
        yield self._tags
        with Horizontal(id="name"):
            yield Label("tag", markup=False)
            yield Input(placeholder="a new tag's name", id="tag", select_on_focus=False, compact=True)
        yield Label("points to", id="where", markup=False)
        yield self._revisions
        yield self.panel

    def on_mount(self) -> None:
        """Start from what stands."""
        super().on_mount()
        self.query_one("#frame").border_subtitle = Content("⏎ next · d removes · c copy · esc")
        self._start(self.session.snapshot)
        self._tags.focus()

    def follow(self, snapshot: Snapshot) -> None:
        """Tags that moved meanwhile are shown at once, unless something was planned from the old ones."""
        service = snapshot.service
        if service is None or self._moved or same_split(service.spec, self._base):
            return
        if self._tag() or self._tags.removing:
            self._moved = True
            self._propose()
        else:
            self._start(snapshot)

    def action_again(self) -> None:
        """Start again from what stands now."""
        if not self.panel.started:
            self._moved = False
            self._start(self.session.snapshot)
            self._tags.focus()

    def action_remove(self) -> None:
        """Take away the tag under the cursor; again to keep it."""
        row = self._tags.current
        if row is not None and row.tag and not self.panel.started:
            self._tags.removing = "" if self._tags.removing == row.tag else row.tag
            self._tags.refresh()
            self._propose()

    def on_choice_list_moved(self, event: ChoiceList.Moved) -> None:
        """A tag under the cursor is the one to move; another revision is where it goes."""
        if event.choices is self._tags:
            self._take_row()
        self._propose()

    def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        """Enter goes on: from the tags to the name or the revision, from there to the answer."""
        row = self._tags.current
        if event.choices is self._revisions or self._tags.removing:
            self.panel.focus_answer()
        else:
            (self._revisions if row and row.tag else self.query_one("#tag")).focus()

    def on_input_changed(self) -> None:
        """The name is checked while it is typed."""
        self._propose()

    def on_input_submitted(self) -> None:
        """Enter after the name goes to the revision."""
        self._revisions.focus()

    def on_change_panel_started(self) -> None:
        """From now on there is nothing to edit."""
        for widget in (self._tags, self._revisions, self.query_one("#tag")):
            widget.disabled = True

    def _start(self, snapshot: Snapshot) -> None:
        service = snapshot.service
        if service is None:
            self.panel.propose(None, "the service has not been read yet")
            return
        self._base, self._tags.removing = service.spec, ""
        self._tags.show((Tagged(), *_rows(service)))
        rows = candidates(snapshot, self._selected)
        names = [row.name for row in rows]
        self._revisions.show(rows, names.index(self._selected) if self._selected in names else 0)
        self.query_one("#tag", Input).value = ""

    def _take_row(self) -> None:
        row = self._tags.current
        if row is None:
            return
        field = self.query_one("#tag", Input)
        field.value, field.disabled = row.tag, bool(row.tag)
        names = [candidate.name for candidate in self._revisions.items]
        wanted = row.revision if row.tag else self._selected
        if wanted in names:
            self._revisions.cursor = names.index(wanted)

    def _tag(self) -> str:
        return self.query_one("#tag", Input).value.strip()

    def _propose(self) -> None:
        if self.panel.started:
            return
        why = MOVED if self._moved else ""
        tag, where = self._tag(), self._revisions.current
        try:
            if self._tags.removing:
                self.panel.propose(self.session.door.plan_tag(self._tags.removing, ""), why)
            elif not tag or where is None:
                self.panel.propose(None, "choose a tag, or type a new one's name")
            elif where.blocked:
                self.panel.propose(None, f"{where.shown}: {where.blocked}")
            elif tags(self._base).get(tag) == where.name:
                self.panel.propose(None, f"{tag} points to {where.shown} already: choose another revision")
            else:
                check_tag(tag, self.session.snapshot.ref.service)
                self.panel.propose(self.session.door.plan_tag(tag, where.name), why)
        except (TrafficError, RefusedError) as error:
            self.panel.propose(None, f"{error}: {error.mend}" if error.mend else str(error))


def _rows(service: Service) -> list[Tagged]:
    urls = {target.tag: target.uri for target in service.serving if target.tag}
    return [
        Tagged(tag, revision, shown_name(service, revision), urls.get(tag, ""))
        for tag, revision in tags(service.spec).items()
    ]
