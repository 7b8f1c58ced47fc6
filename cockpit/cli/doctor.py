"""`cockpit doctor`: check configuration, credentials, permissions, reachability, clock; each with its mend."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.cli.exits import Exit, as_command_error
from cockpit.cli.flags import add_command, headless

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Awaitable, Callable

    from cockpit.cli.flags import Commands
    from cockpit.cli.output import Output
    from cockpit.config import Settings
    from cockpit.release.service import ServiceRef
    from cockpit.wiring.outside import Wired

READING = ("run.services.get",)
CHANGING = ("run.services.update",)
SKEW_SECONDS = 5.0
LOG_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Finding:
    """How one check went: what was found, the mend, and the code that the command ends with for it."""

    check: str
    text: str
    mend: str = ""
    code: Exit = Exit.OK

    @property
    def passed(self) -> bool:
        """Whether there is nothing to mend."""
        return self.code is Exit.OK


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "doctor", "check everything a cockpit needs", __doc__)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Check everything, and end with the exit code of the first check that failed."""
    from cockpit.config import ConfigError

    settings, output = headless(args)
    findings: list[Finding] = []

    def tell(finding: Finding) -> None:
        findings.append(finding)
        _say(output, finding)

    for name, check in (("configuration", _settings), ("theme", _theme)):
        try:
            tell(check(settings))
        except ConfigError as error:
            tell(Finding(name, str(error), error.mend, Exit.USAGE))
    asyncio.run(_examine(settings, tell))
    output.answer({"checks": [_as_json(finding) for finding in findings]})
    return next((finding.code for finding in findings if not finding.passed), Exit.OK)


def _as_json(finding: Finding) -> dict[str, object]:
    """One check: check (its name), passed, message, mend."""
    return {"check": finding.check, "passed": finding.passed, "message": finding.text, "mend": finding.mend}


def _say(output: Output, finding: Finding) -> None:
    from cockpit.cli.output import Styled

    mark = Styled("✓", "green") if finding.passed else Styled("✗", "red")
    output.say(mark, f" {finding.check:<14}", finding.text)
    if finding.mend:
        output.say(f"  {'':<14}", Styled("mend: ", "dim"), finding.mend)


def _settings(settings: Settings) -> Finding:
    from cockpit.tui.keys import keymap

    keymap(settings)
    file = settings.user_file
    return Finding("configuration", file if Path(file).exists() else f"the defaults that ship; there is no {file}")


def _theme(settings: Settings) -> Finding:
    from cockpit.tui.themes import Shelf, choose

    name = choose(settings.theme.name, os.environ)
    Shelf(settings.themes_folders).load(name)
    return Finding("theme", name)


async def _examine(settings: Settings, tell: Callable[[Finding], None]) -> None:
    from cockpit.wiring.outside import wired

    async with wired(settings) as outside:
        await Examination(outside, tell).run()


class Examination:
    """The checks of what is outside. Each answers a Finding or raises an error that becomes one."""

    def __init__(self, outside: Wired, tell: Callable[[Finding], None]) -> None:
        self._outside = outside
        self._tell = tell
        self._releases = outside.outside.releases

    async def run(self) -> None:
        """Every check, in order; what could only fail for the reason before it is left out."""
        from cockpit.cli.reading import service_ref

        await self._check("journal", self._journal)
        await self._check("clock", self._clock)
        if await self._check("credentials", self._credentials) and await self._check("service", self._service):
            ref = await service_ref(self._outside)
            await self._check("revisions", lambda: self._revisions(ref))
            await self._check("permissions", lambda: self._permissions(ref))
            await self._check("request log", lambda: self._log(ref))

    async def _check(self, name: str, check: Callable[[], Awaitable[Finding]]) -> bool:
        try:
            finding = await check()
        except Exception as error:
            known = as_command_error(error)
            if known is None:
                raise
            finding = Finding(name, str(known), known.mend, known.code)
        self._tell(finding)
        return finding.passed

    async def _journal(self) -> Finding:
        journal = self._outside.outside.journal
        await journal.open()
        return Finding("journal", str(journal.path))

    async def _clock(self) -> Finding:
        from cockpit.sources.clock import clock_skew

        skew = await clock_skew(self._outside.connection.target)
        off = abs(skew.ahead)
        if off - skew.margin <= SKEW_SECONDS:
            return Finding("clock", f"agrees to within {off + skew.margin:.0f} s")
        which = "ahead" if skew.ahead > 0 else "behind"
        mend = "switch on time synchronisation: ages and the observed share are off by as much"
        return Finding("clock", f"{off:.0f} s {which}", mend, Exit.FAILED)

    async def _credentials(self) -> Finding:
        account = await self._outside.connection.account()
        return Finding("credentials", f"{account.kind} {account.email}".strip())

    async def _service(self) -> Finding:
        from cockpit.cli.reading import service_ref
        from cockpit.sources.target import Api

        place = self._outside.connection.target.address(Api.RUN)
        service = await self._releases.service(await service_ref(self._outside))
        return Finding("service", f"{service.ref.service} at {place}, generation {service.generation}")

    async def _revisions(self, ref: ServiceRef) -> Finding:
        found = await self._releases.revisions(ref)
        return Finding("revisions", f"{len(found)} can be read")

    async def _permissions(self, ref: ServiceRef) -> Finding:
        held = await self._releases.permissions(ref, (*READING, *CHANGING))
        missing = [permission for permission in (*READING, *CHANGING) if permission not in held]
        if not missing:
            return Finding("permissions", "may read and change traffic")
        role = "roles/run.viewer" if set(missing) & set(READING) else "roles/run.developer"
        mend = f"grant {role} on {ref.service}, or watch without changing"
        return Finding("permissions", f"missing: {', '.join(missing)}", mend, Exit.FAILED)

    async def _log(self, ref: ServiceRef) -> Finding:
        from cockpit.sources.cloudlogging import CloudLogging
        from cockpit.sources.requestlog import requests_query

        log = CloudLogging(self._outside.connection)
        found = await log.entries(requests_query(ref), time.time() - LOG_SECONDS, 1)
        return Finding(
            "request log", "can be read" if found else "can be read; no requests in the last ten minutes"
        )
