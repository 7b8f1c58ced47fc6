"""The main screen under the user's hands."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from cockpit.actions import ACTIONS
from cockpit.config import shipped
from cockpit.live.snapshot import Feed, FeedState, Outcome, Problem
from cockpit.tui.app import CockpitApp
from cockpit.tui.layout import HISTORY, PANES
from cockpit.tui.screens.dialog import Dialog
from cockpit.tui.screens.main import MainScreen
from cockpit.tui.screens.palette import ActionList, PaletteScreen
from cockpit.tui.screens.picker import ServiceList
from cockpit.tui.themes import Shelf
from cockpit.tui.widgets.line_view import LineView
from cockpit.tui.widgets.strips import Tabs
from tests.tui import staged
from tests.tui.staged import until


@pytest.fixture(autouse=True)
def dialogs_hear_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a dialog does in its first moments is tested with the dialogs."""
    monkeypatch.setattr(Dialog, "DEAF_SECONDS", 0.0)


def session_of(app: CockpitApp) -> staged.StagedSession:
    """The staged session below an app."""
    assert isinstance(app.session, staged.StagedSession)
    return app.session


def text_of(app: CockpitApp) -> str:
    """What every line view in sight says."""
    views = [view for view in app.screen.query("*") if isinstance(view, LineView) and view.display]
    return "\n".join(view.render_line(y).text for view in views for y in range(view.size.height))


def services_listed(app: CockpitApp) -> int:
    """How many services the picker shows; 0 where it is not open."""
    return sum(len(shown.items) for shown in app.screen.query(ServiceList))


def name_under_cursor(app: CockpitApp) -> str:
    """The selected revision's short name."""
    row = app.main.revisions.row
    assert row is not None
    return row.short


async def test_the_session_runs_while_the_app_does() -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test():
        assert session_of(app).running
    assert not session_of(app).running


async def test_the_first_paint_says_what_is_coming_and_keys_work_while_it_connects() -> None:
    connected = asyncio.Event()

    async def connect() -> tuple[staged.StagedSession, None]:
        await connected.wait()
        return staged.StagedSession(staged.healthy()), None

    app = CockpitApp(connect, shelf=Shelf([shipped("themes")]), wall=lambda: staged.NOW)
    async with app.run_test(size=(120, 40)) as pilot:
        for word in ("connecting", "observed", "? help", "q quit"):
            assert word in text_of(app)
        await pilot.press("s")
        assert "the service has not been read yet" in text_of(app)
        connected.set()
        await until(pilot, lambda: "00275-2jb" in text_of(app))


async def test_many_snapshots_become_few_pictures_and_the_last_one_is_shown() -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        seen: list[float] = []
        app.snapshots.subscribe(app.main, lambda snapshot: seen.append(snapshot.at), immediate=True)
        session = session_of(app)
        for moment in range(1, 101):
            session.put(replace(staged.healthy(), at=staged.AT + moment))
        await until(pilot, lambda: seen[-1:] == [staged.AT + 100])
        assert len(seen) <= 3


async def test_the_selection_stays_on_its_revision_when_the_order_changes() -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("down")
        assert name_under_cursor(app) == "00279-kub"
        turned = staged.service(staged.split(stable=10, canary=90))
        session_of(app).put(replace(staged.healthy(), service=turned))
        await until(pilot, lambda: app.main.revisions.rows[0].short == "00279-kub")
        assert name_under_cursor(app) == "00279-kub"


async def test_a_selected_revision_that_goes_leaves_the_cursor_where_it_was() -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("down", "down")
        assert name_under_cursor(app) == "00276-jvb"
        kept = tuple(one for one in staged.REVISIONS if one.name != staged.BROKEN)
        session_of(app).put(replace(staged.healthy(), revisions=kept))
        await until(pilot, lambda: len(app.main.revisions.rows) == 2)
        assert name_under_cursor(app) == "00279-kub"


async def test_the_cursor_moves_by_keys_and_stays_in_the_table() -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("j", "j", "j", "j")
        assert name_under_cursor(app) == "00276-jvb"
        await pilot.press("k")
        assert name_under_cursor(app) == "00279-kub"
        await pilot.press("home", "up")
        assert name_under_cursor(app) == "00275-2jb"
        await pilot.press("z", "end")
        assert name_under_cursor(app) == "00272-p0d"


async def test_the_summary_follows_the_cursor() -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("5", "1")
        assert app.main.summary.heading == "5 Summary · 00275-2jb"
        await pilot.press("down")
        await until(pilot, lambda: app.main.summary.heading == "5 Summary · 00279-kub")
        said = "".join(line.text.strip() for line in app.main.summary.lines)
        assert "https://canary---emergence-app" in said


async def test_a_table_longer_than_its_pane_follows_the_cursor_under_its_head() -> None:
    many = tuple(
        staged.revision(f"emergence-app-{number:05}-abc", staged.ago(hours=number)) for number in range(300)
    )
    app = staged.cockpit(replace(staged.healthy(), revisions=many))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("end")
        table = app.main.revisions
        shown = [table.render_line(y).text for y in range(table.size.height)]
        assert "revision" in shown[0]
        assert "00299-abc" in shown[-1]
        await pilot.press("pageup", "home")
        assert "00000-abc" in table.render_line(1).text


@pytest.mark.parametrize("key", ["escape", "ctrl+c"])
async def test_a_filter_is_counted_while_it_is_typed_kept_by_enter_and_dropped_by_escape(key: str) -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("slash", *"can")
        assert app.main.revisions.heading == "1 Revisions · 1 of 6 match “can”"
        await pilot.press("enter")
        assert app.focused is app.main.revisions
        assert name_under_cursor(app) == "00279-kub"
        await pilot.press("slash", *"xyz")
        assert "no revision matches" in text_of(app)
        await pilot.press(key)
        assert app.main.revisions.heading == "1 Revisions · 6"


async def test_keys_typed_into_the_filter_take_no_actions() -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("slash", *"spbq?:")
        assert app.screen is app.main
        assert app.main.revisions.wanted == "spbq?:"


async def test_retired_revisions_unfold_by_key_and_by_click() -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        assert "3 retired  z shows them" in text_of(app)
        await pilot.press("z")
        assert "00274-m4w" in text_of(app)
        await pilot.press("z")
        await pilot.click(app.main.revisions, offset=(5, 5))
        assert "00274-m4w" in text_of(app)


async def test_a_dimmed_key_says_why() -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("down", "down", "p")
        assert "00276-jvb is not ready, so it cannot serve" in text_of(app)
        assert app.screen is app.main
        await pilot.press("v")
        assert "nobody has written in between" in text_of(app)


async def test_before_the_first_answer_nothing_can_be_changed() -> None:
    app = staged.cockpit(staged.empty())
    async with app.run_test(size=(120, 40)) as pilot:
        for key in ("s", "plus", "minus", "p", "b", "u", "t", "enter", "c"):
            await pilot.press(key)
            assert app.screen is app.main
        assert "has not been read yet" in text_of(app)


async def test_arming_is_seen_and_ended_by_the_same_key() -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        assert "READ-ONLY" in text_of(app)
        await pilot.press("a")
        await until(pilot, lambda: "ARMED 5:00" in text_of(app))
        await pilot.press("a")
        await until(pilot, lambda: "READ-ONLY" in text_of(app))


@pytest.mark.parametrize(
    ("key", "screen"),
    [
        ("s", "ShiftScreen"),
        ("plus", "ShiftScreen"),
        ("minus", "ShiftScreen"),
        ("p", "ShiftScreen"),
        ("b", "ShiftScreen"),
        ("u", "ShiftScreen"),
        ("t", "TagsScreen"),
        ("enter", "DetailScreen"),
        ("c", "CopyScreen"),
        ("g", "PickerScreen"),
        ("colon", "PaletteScreen"),
        ("ctrl+p", "PaletteScreen"),
        ("question_mark", "HelpScreen"),
    ],
)
async def test_every_key_opens_its_screen_and_writes_nothing(key: str, screen: str) -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert type(app.screen).__name__ == screen
        assert session_of(app).door.applied == []


async def test_the_three_sides_of_an_overtaken_change() -> None:
    app = staged.cockpit(staged.overtaken())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("v")
        await pilot.pause()
        assert type(app.screen).__name__ == "SidesScreen"


async def test_the_palette_finds_and_takes_an_action() -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("colon", *"retired", "enter")
        await pilot.pause()
        assert app.screen is app.main
        assert app.main.revisions.unfolded


async def test_the_palette_puts_titles_before_help() -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("colon", *"arm")
        await pilot.pause()
        assert isinstance(app.screen, PaletteScreen)
        assert app.screen.query_one(ActionList).render_line(0).text.startswith("Arm or disarm")


async def test_no_action_trips_before_there_is_a_service() -> None:
    app = staged.cockpit(None)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: services_listed(app) > 0)
        for action in ACTIONS:
            if action.id not in {"quit", "pick", "palette", "help"}:
                app.action_take(action.id)
        await pilot.pause()
        assert app.is_running


async def test_quitting_asks_while_a_change_is_under_way() -> None:
    app = staged.cockpit(staged.reconciling())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("q")
        await pilot.pause()
        assert type(app.screen).__name__ == "ConfirmScreen"
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is app.main
        assert app.is_running


async def test_quitting_leaves_at_once_otherwise() -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("q")
        await pilot.pause()
    assert app.return_code == 0


async def test_panes_by_number_and_in_turn() -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        focused = []
        for number in PANES:
            await pilot.press(str(number)[-1])
            focused.append(app.main.arrangement.active)
            assert app.focused is app.main.active_pane.hands
        assert focused == list(PANES)
        await pilot.press("tab")
        assert app.main.active_pane is app.main.revisions
        await pilot.press("shift+tab", "shift+tab")
        assert app.main.arrangement.active == PANES[-2]


async def test_without_room_one_pane_at_a_time_by_keys_or_by_mouse() -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(60, 20)) as pilot:
        assert app.main.revisions.display
        await pilot.press("6")
        await pilot.pause()
        assert "rollback" in text_of(app)
        assert not app.main.revisions.display
        tabs = app.main.query_one(Tabs).render_line(0).text
        assert "6 History" in tabs
        await pilot.click("Tabs", offset=(tabs.index("5"), 0))
        await pilot.pause()
        assert app.main.summary.display
        assert not app.main.pane(HISTORY).display


async def test_the_mouse_selects_opens_and_presses_keys() -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.click(app.main.revisions, offset=(5, 3))
        assert name_under_cursor(app) == "00279-kub"
        await pilot.click(app.main.revisions, offset=(5, 3), times=2)
        await pilot.pause()
        assert type(app.screen).__name__ == "DetailScreen"
        await pilot.press("escape")
        await pilot.pause()
        await pilot.click(app.main.footer, offset=(2, 0))
        await pilot.pause()
        assert type(app.screen).__name__ == "ShiftScreen"


async def test_any_size_in_any_order() -> None:
    app = staged.cockpit(staged.reconciling())
    async with app.run_test(size=(120, 40)) as pilot:
        for size in ((10, 3), (1, 1), (300, 100), (39, 50), (200, 9), (60, 20), (80, 24), (2, 40), (120, 40)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            session_of(app).put(staged.healthy())
            await pilot.press("j", "3", "1")
        assert "emergence-app" in text_of(app)


async def test_ten_by_three_still_says_service_and_split() -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(30, 3)) as pilot:
        await pilot.pause()
        lines = [line.strip() for line in text_of(app).splitlines()]
        assert lines == ["emergence-app", "00275-2jb 90 00279-kub 10", "30×3: too small"]


async def test_markup_in_a_name_is_shown_and_not_obeyed() -> None:
    tricky = "[red]x[/red] [@click=app.exit]y[/]"
    app = staged.cockpit(staged.hostile(tricky))
    async with app.run_test(size=(200, 50)) as pilot:
        await pilot.press("end", "home", "slash", *"[@", "escape")
        await pilot.pause()
        assert tricky in text_of(app)


async def test_where_nothing_could_be_read_the_way_in_is_shown_once() -> None:
    why = Problem("unauthenticated", "no credentials were found", "gcloud auth application-default login")
    failed = replace(staged.empty(), feeds=(Feed("service", FeedState.FAILED, problem=why),))
    app = staged.cockpit(failed)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: type(app.screen).__name__ == "WelcomeScreen")
        await pilot.press("escape")
        await pilot.pause()
        again: list[float] = []
        app.snapshots.subscribe(app.main, lambda snapshot: again.append(snapshot.at), immediate=True)
        session_of(app).put(failed)
        await until(pilot, lambda: bool(again))
        assert app.screen is app.main


async def test_without_a_service_one_is_picked_first() -> None:
    app = staged.cockpit(None)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: services_listed(app) > 0)
        await pilot.press("enter")
        await until(pilot, lambda: app.session is not None and session_of(app).running)
        assert isinstance(app.screen, MainScreen)


async def test_going_to_another_service_leaves_the_first() -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        first = session_of(app)
        await pilot.press("g")
        await until(pilot, lambda: services_listed(app) > 0)
        await pilot.press("enter")
        await until(pilot, lambda: session_of(app) is not first and session_of(app).running)
        assert not first.running
        assert not first.watched


async def test_a_failed_change_stays_in_sight() -> None:
    app = staged.cockpit(staged.failed())
    async with app.run_test(size=(120, 40)):
        assert staged.failed().change is not None
        assert Outcome.FAILED.value in text_of(app)


async def test_the_cursor_steps_back_at_once_where_the_focus_leaves() -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(120, 40)) as pilot:

        def ground() -> object:
            return next(part.style.bgcolor for part in app.main.revisions.render_line(1) if part.style)

        await until(pilot, lambda: bool(app.main.revisions.rows))
        lit = ground()
        app.main.show_pane(3)
        await pilot.pause()
        assert ground() != lit
        app.main.show_pane(1)
        await pilot.pause()
        assert ground() == lit
