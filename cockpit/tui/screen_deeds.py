"""What is done to screens and panes as a whole: opened, arranged, seen alone, jumped to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.tui import openings
from cockpit.tui.jumping import HasSpots
from cockpit.tui.layout import CHART, LOGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.release.service import ServiceRef
    from cockpit.tui.app import CockpitApp
    from cockpit.tui.jumping import Spot


def on_screens(app: CockpitApp) -> dict[str, Callable[[], object]]:
    """The deeds by their actions."""
    return {
        "cockpit": lambda: come_back(app),
        "dashboards": lambda: _show_dashboards(app),
        "fleet": lambda: _show_fleet(app),
        "whole_pane": lambda: _see_alone(app),
        "arrangement": lambda: _rearrange(app),
        "jump": lambda: _jump(app),
    }


def come_back(app: CockpitApp) -> None:
    """To the cockpit, from whatever lies over it; while no service is open there is nothing to come back to."""
    while app.session is not None and app.screen is not app.main:
        app.screen.dismiss(None)


def _show_dashboards(app: CockpitApp) -> None:
    if app.sights is None or not app.sights.all:
        app.say("There is no dashboard: [dashboards] files in config.toml names some.", "warn")
    elif app.session is not None:
        come_back(app)
        app.push_screen(openings.dashboards(app.session, app.sights, app.past_expressions, app.keymap))


def _show_fleet(app: CockpitApp) -> None:
    fleet = app.fleet
    if fleet is None:
        return
    come_back(app)

    async def chosen(ref: ServiceRef | None) -> None:
        if ref is not None and (app.session is None or app.session.snapshot.ref != ref):
            await app.open(fleet.session(ref))
            come_back(app)

    app.push_screen(openings.fleet(fleet.watch, app.keymap), chosen)


def _see_alone(app: CockpitApp) -> None:
    """The chart and the log have screens of their own; every other pane gets the room of all."""
    main = app.main
    alone = {CHART: app.chart_feed.open_whole, LOGS: app.log_feed.open_whole}.get(main.arrangement.active)
    if main.arrangement.zoomed:
        main.zoom(zoomed=False)
    elif alone is None or not alone():
        main.zoom(zoomed=True)
        app.say(f"{main.active_pane.NAME} on the whole screen: {app.keymap.shown('clear')} leads back.")


def _rearrange(app: CockpitApp) -> None:
    preset = app.main.arrangement.following()
    app.main.arrange_by(preset)
    app.say(f"{preset.name}: {preset.about}.")


def _jump(app: CockpitApp) -> None:
    def chosen(spot: Spot | None) -> None:
        if spot is not None:
            spot.go()

    screen = app.screen
    spots = screen.spots() if isinstance(screen, HasSpots) else app.main.spots()
    app.push_screen(openings.jump(list(spots)), chosen)
