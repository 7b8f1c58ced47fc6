"""The editor over the staged cockpit, as a test types in it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.tui.past_expressions import PastExpressions
from cockpit.tui.screens.editor import EditorScreen
from tests.tui.shown import text_of
from tests.tui.staged import cockpit, healthy, until
from tests.tui.staged_editor import EvaluatedEngine
from tests.tui.staged_metrics import measured

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from textual.pilot import Pilot

    from cockpit.live.snapshot import Snapshot
    from cockpit.tui.app import CockpitApp


@dataclass(frozen=True, slots=True)
class Edited:
    """The editor, its engine, and the hand on the keyboard."""

    app: CockpitApp
    screen: EditorScreen
    engine: EvaluatedEngine
    past: PastExpressions
    pilot: Pilot[None]

    async def press(self, *keys: str) -> None:
        """Press keys and let what they cause settle."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Type text, key by key."""
        await self.press(*text)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Let the app run until something holds."""
        await until(self.pilot, holds)

    async def until_said(self, words: str) -> None:
        """Let the app run until the screen says something."""
        await self.until(lambda: words in self.text)

    @property
    def written(self) -> str:
        """The expression as it stands."""
        return self.screen.expression.text

    @property
    def text(self) -> str:
        """What the screen says, widget by widget."""
        return text_of(self.screen)

    @property
    def suggested(self) -> list[str]:
        """What the popup has, best first; nothing while it is hidden."""
        popup = self.screen.popup
        return [each.text for each, _ in popup.items] if popup.display else []

    @property
    def underlined(self) -> str:
        """What is underlined as a fault."""
        line = self.screen.expression.get_line(0)
        style = self.screen.expression.get_component_rich_style("expression-input--fault", partial=True)
        return "".join(line.plain[span.start : span.end] for span in line.spans if span.style == style)


@asynccontextmanager
async def edited(
    expression: str = "",
    *,
    past: tuple[str, ...] = (),
    engine: EvaluatedEngine | None = None,
    snapshot: Snapshot | None = None,
    size: tuple[int, int] = (120, 40),
) -> AsyncIterator[Edited]:
    """The editor on the staged cockpit, once it knows the engine's metrics."""
    engine, expressions = engine or EvaluatedEngine(), PastExpressions()
    for each in past:
        expressions.add(each)
    app = cockpit(snapshot or measured(healthy()), engine=engine)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.session is not None)
        assert app.session is not None
        screen = EditorScreen(app.session, expressions, expression)
        await app.push_screen(screen)
        await until(pilot, lambda: screen.ready)
        yield Edited(app, screen, engine, expressions, pilot)
