"""`cockpit doctor`: check configuration, credentials, permissions, reachability, clock; each with its mend."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.cli.exits import Exit, as_command_error
from cockpit.cli.flags import add_command, settings_of

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
    """How one check went. `code` is what the command ends with for it: OK for a pass and for mere advice."""

    check: str
    text: str
    mend: str = ""
    code: Exit = Exit.OK

    @property
    def passed(self) -> bool:
        """Whether there is nothing to mend."""
        return not self.mend and self.code is Exit.OK


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "doctor", "check everything a cockpit needs", __doc__)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Check everything, and end with the exit code of the first check that failed."""
    from cockpit.cli.output import Output

    output = Output(as_json=args.json)
    settings = settings_of(args)
    findings: list[Finding] = []

    def tell(finding: Finding) -> None:
        findings.append(finding)
        _say(output, finding)

    tell(_settings(settings))
    tell(_theme(settings))
    asyncio.run(_examine(settings, tell))
    output.answer({"checks": [_as_json(finding) for finding in findings]})
    return next((finding.code for finding in findings if finding.code), Exit.OK)


def _as_json(finding: Finding) -> dict[str, object]:
    """One check: check (its name), passed, message, mend."""
    return {"check": finding.check, "passed": finding.passed, "message": finding.text, "mend": finding.mend}


def _say(output: Output, finding: Finding) -> None:
    from cockpit.cli.output import Styled

    failed = Styled("✗", "red") if finding.code else Styled("!", "yellow")
    output.say(Styled("✓", "green") if finding.passed else failed, f" {finding.check:<14}", finding.text)
    if finding.mend:
        output.say(f"  {'':<14}", Styled("mend: ", "dim"), finding.mend)


def _settings(settings: Settings) -> Finding:
    from pathlib import Path

    from cockpit.actions import BY_ID

    for key in (f"keys.{action}" for action in settings.keys if action not in BY_ID):
        error = settings.error(key, "is no action of the cockpit", "`?` in the cockpit lists them")
        return Finding("configuration", str(error), error.mend, Exit.USAGE)
    file = settings.user_file
    return Finding("configuration", file if Path(file).exists() else f"the defaults that ship; there is no {file}")


def _theme(settings: Settings) -> Finding:
    name = settings.theme.name
    known = sorted({path.stem for folder in settings.themes_folders for path in folder.glob("*.toml")})
    if name in {*known, "auto"}:
        return Finding("theme", name)
    error = settings.error("theme.name", f"names a theme that is not there: {name}", f"choose {', '.join(known)}")
    return Finding("theme", str(error), error.mend)


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
        return finding.code is Exit.OK

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
