"""The question before a change: asked on a terminal, answered by flags off one; the default is no."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from cockpit.cli.exits import CommandError, Exit

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from cockpit.cli.output import Output
    from cockpit.release.plan import Plan


def add_consent(parser: ArgumentParser) -> None:
    """--yes and --confirm."""
    parser.add_argument("--yes", "-y", action="store_true", help="do not ask; needed where there is no terminal")
    parser.add_argument(
        "--confirm", metavar="SERVICE", help="names a production service, so that --yes holds for it"
    )


def on_terminal() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def refuse_unasked(args: Namespace) -> None:
    """Refuse early, before anything is read, what could not be asked for later. Raises CommandError."""
    if not args.yes and not on_terminal():
        raise _refused("there is no terminal to ask on", "add --yes")


async def confirmation(plan: Plan, args: Namespace, output: Output, *, production: bool) -> str:
    """What the user typed or gave to confirm the plan; "" where a yes is enough. Raises CommandError for a no."""
    from cockpit.release.plan import confirmation_words, confirms

    service = plan.ref.service
    if args.confirm is not None and args.confirm != service:
        raise _refused(
            f"--confirm names {args.confirm}, but the change is of {service}", f"give --confirm {service}"
        )
    if not production:
        if not args.yes and (await _asked(output, f"change {service}? [y/N]")).lower() not in {"y", "yes"}:
            raise _refused("not confirmed: nothing was changed")
        return ""
    if args.yes and args.confirm:
        return service
    if not on_terminal():
        raise _refused(f"{service} is a production service", f"add --confirm {service}")
    word = confirmation_words(plan)[0]
    typed = await _asked(output, f"{service} is production: type {word} to change it:")
    if not confirms(plan, typed):
        raise _refused("not confirmed: nothing was changed", f"type {word}")
    return typed


def _refused(message: str, mend: str = "") -> CommandError:
    return CommandError(message, mend, kind="unconfirmed", code=Exit.REFUSED)


async def _asked(output: Output, question: str) -> str:
    """One line from the terminal, while the loop turns: what is known of the service stays fresh meanwhile."""
    output.prompt(question)
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(sys.stdin.fileno())
    return sys.stdin.readline().strip()
