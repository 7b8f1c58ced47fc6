"""The services of a fleet, the worst first, with a cursor that stays on its service, and a filter."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from cockpit.text import clean
from cockpit.tui.lines import Line, Span
from cockpit.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual import events
    from textual.geometry import Size

    from cockpit.live.fleet.picture import FleetPicture
    from cockpit.release.fleet import Member


class FleetTable(Pane):
    """What a picture of a fleet has, row by row."""

    HEAD: ClassVar[int] = 1
    NUMBER: ClassVar[int] = 0
    NAME: ClassVar[str] = "Services"

    class Chosen(Message):
        """The service under the cursor is wanted."""

    def __init__(self) -> None:
        super().__init__()
        self.wanted = ""
        self.members: tuple[Member, ...] = ()
        self._picture: FleetPicture | None = None
        self._cursor = 0

    @property
    def current(self) -> Member | None:
        """The service under the cursor."""
        return self.members[self._cursor] if self.members else None

    def picture(self, picture: FleetPicture) -> None:
        """Show another picture, with the cursor where it was: on its service, at first on the worst."""
        before, began = self.current, self._picture is not None and bool(self._picture.members)
        self._picture = picture
        self._arrange(before if began else None)

    def filter_by(self, wanted: str) -> None:
        """Show only services that contain every word in their name, project, region, tags or revisions."""
        before, self.wanted = self.current, wanted
        self._arrange(before)

    def move(self, lines: int) -> None:
        """Move the cursor."""
        self._put_cursor(self._cursor + lines)

    def landmarks(self) -> Iterator[tuple[int, Callable[[], object]]]:
        """Every service in view."""
        for index in range(self.top, min(len(self.members), self.top + self.size.height - self.HEAD)):
            yield index - self.top + self.HEAD, partial(self._put_cursor, index)

    def on_click(self, event: events.Click) -> None:
        """Select; a second click on the selected service opens it."""
        index = self.index_at(event.y - self.gutter.top) - self.HEAD
        if not 0 <= index < len(self.members):
            return
        if index == self._cursor and event.chain > 1:
            self.post_message(self.Chosen())
        self._put_cursor(index)

    def on_resize(self) -> None:
        """The cursor stays in view."""
        super().on_resize()
        self._put_cursor(self._cursor)

    def _arrange(self, before: Member | None) -> None:
        members = self._picture.members if self._picture else ()
        words = self.wanted.lower().split()
        self.members = tuple(member for member in members if _has(member, words))
        self.draw(self._lines)
        at = (index for index, each in enumerate(self.members) if before is not None and each.ref == before.ref)
        self._put_cursor(next(at, 0 if before is None else self._cursor))
        found = f"{len(self.members)} of {len(members)} match “{clean(self.wanted)}”" if words else ""
        self.title(found or f"{self.NAME} · {len(members)}" if members else self.NAME)

    def _lines(self, size: Size) -> list[Line]:
        from cockpit.tui.views.fleet import columns, head_line, member_line

        picture = self._picture
        if picture is None or not picture.members:
            return [Line(), Line((Span(f"   {_why_none(picture)}", "muted"),))]
        shown = columns(picture.members, size.width)
        rows = [member_line(member, picture.wall, shown) for member in self.members]
        return [head_line(shown), *(rows or [Line((Span("   no service matches", "muted"),))])]

    def _put_cursor(self, index: int) -> None:
        self._cursor = max(0, min(index, len(self.members) - 1))
        room = self.size.height - self.HEAD
        if self._cursor < self.top:
            self.scroll_lines(self._cursor)
        elif 0 < room <= self._cursor - self.top:
            self.scroll_lines(self._cursor - room + 1)
        self.mark(self._cursor + self.HEAD if self.members else None, "cursor")
        self.note_place()


def _has(member: Member, words: list[str]) -> bool:
    ref, service = member.ref, member.service
    targets = (text for target in service.serving for text in (target.revision, target.tag))
    text = " ".join((ref.service, ref.project, ref.region, *targets)).lower()
    return all(word in text for word in words)


def _why_none(picture: FleetPicture | None) -> str:
    """Why no service is shown: only who has answered has said that there are none."""
    if picture is None or not picture.read:
        return "reading the services …"
    answered = all(area.feed.fresh_at is not None for area in picture.areas)
    return "there is no service here" if answered else "no service could be read: see below"
