"""The walk of a change without a screen: plan, show, ask, apply, and say how it ended, interrupted or not."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

from cockpit.cli import as_json, consent
from cockpit.cli.exits import Exit, exit_of
from cockpit.cli.flags import headless
from cockpit.cli.output import Output, Styled
from cockpit.cli.reading import reading
from cockpit.cli.words import say_change, say_plan, say_sides, say_under_way
from cockpit.live.session import RefusedError
from cockpit.live.snapshot import Outcome, Phase

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from cockpit.cli.wishes import Wish
    from cockpit.config import Settings
    from cockpit.live.session import Session
    from cockpit.live.snapshot import Change, Snapshot

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_plan(args: Namespace, wish: Wish) -> int:
    """Show what a wish would do."""
    settings, output = headless(args)

    async def work() -> None:
        async with reading(settings) as (session, _):
            plan = await wish(session)
            output.answer(as_json.plan(plan, session.snapshot))
            say_plan(output, plan, session.snapshot)

    asyncio.run(work())
    return Exit.OK


def run_change(args: Namespace, wish: Wish) -> int:
    """Make a change, asking first."""
    consent.refuse_unasked(args)
    settings, output = headless(args)
    return asyncio.run(Walk(settings, output, args, wish).run())


class Walk:
    """One change on its way through the door."""

    def __init__(self, settings: Settings, output: Output, args: Namespace, wish: Wish) -> None:
        self._settings = settings
        self._output = output
        self._args = args
        self._wish = wish
        self._session: Session | None = None

    async def run(self) -> int:
        """Walk until the change ends or a signal comes; answers the exit code."""
        loop = asyncio.get_running_loop()
        over = asyncio.Event()
        caught: list[signal.Signals] = []

        def catch(number: signal.Signals) -> None:
            # A second signal has its usual effect: nobody must be kept waiting.
            for each in _SIGNALS:
                loop.remove_signal_handler(each)
            caught.append(number)
            over.set()

        for each in _SIGNALS:
            loop.add_signal_handler(each, catch, each)
        walking = asyncio.create_task(self._walk())
        walking.add_done_callback(lambda _: over.set())
        await over.wait()
        if walking.done():
            return walking.result()
        walking.cancel()
        await asyncio.wait({walking})
        return self._interrupted(caught[0])

    async def _walk(self) -> int:
        async with reading(self._settings) as (session, service):
            self._session = session
            try:
                plan = await self._wish(session)
            except RefusedError as refused:
                if refused.sides:
                    say_sides(self._output, refused.sides, service.ref.service)
                raise
            say_plan(self._output, plan, session.snapshot)
            answer = {"plan": as_json.plan(plan, session.snapshot), "change": None}
            if plan.empty:
                self._output.answer(answer)
                self._output.say("nothing to do: this is what was asked already")
                return Exit.OK
            production = self._settings.safety.is_production(service.ref.service)
            typed = await consent.confirmation(plan, self._args, self._output, production=production)
            session.door.arm()
            stop = session.subscribe(self._progress())
            try:
                change = await session.door.apply(plan, typed)
            finally:
                stop()
        self._output.answer(answer | {"change": as_json.change(change)})
        say_change(self._output, change)
        return exit_of_change(change)

    def _progress(self) -> Callable[[Snapshot], None]:
        shown: list[Phase] = []

        def progress(snapshot: Snapshot) -> None:
            change = snapshot.change
            if change and not change.outcome and change.phase not in shown:
                shown.append(change.phase)
                elapsed = snapshot.at - change.began if change.began is not None else 0.0
                self._output.note(Styled(f"  {elapsed:5.1f} s  {change.phase.value}", "dim"))

        return progress

    def _interrupted(self, number: signal.Signals) -> int:
        change = self._session.snapshot.change if self._session else None
        if change is None or not change.id or change.recovered:
            self._output.note(f"cockpit: {number.name}; nothing was changed")
            return 128 + number
        if change.outcome:
            say_change(self._output, change)
            return exit_of_change(change)
        self._output.note(
            "cockpit: ", Styled(f"{number.name} while change {change.id} was {change.phase.value}", "red")
        )
        say_under_way(self._output, change)
        self._output.answer({"plan": None, "change": as_json.change(change)})
        return Exit.UNKNOWN


def exit_of_change(change: Change) -> Exit:
    """The exit code for how a change ended."""
    match change.outcome:
        case Outcome.APPLIED:
            return Exit.OK
        case Outcome.REFUSED:
            return Exit.REFUSED
        case Outcome.OVERTAKEN:
            return Exit.OVERTAKEN
        case Outcome.FAILED:
            return exit_of(change.problem.kind) if change.problem else Exit.FAILED
    return Exit.UNKNOWN
