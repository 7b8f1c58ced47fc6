"""`cockpit tag`: list the tags; `tag NAME REV` puts one on a revision; `tag --remove NAME` takes it away."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from cockpit.cli.consent import add_consent
from cockpit.cli.exits import CommandError, Exit
from cockpit.cli.flags import add_command, headless
from cockpit.cli.wishes import revision_named

if TYPE_CHECKING:
    from argparse import Namespace

    from cockpit.cli.flags import Commands
    from cockpit.config import Settings
    from cockpit.live.session import Session
    from cockpit.release.plan import Plan
    from cockpit.release.service import Service


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "tag", "list, put or remove tags", __doc__)
    parser.add_argument("tag", nargs="?", metavar="NAME", help="the tag to put")
    parser.add_argument(
        "revision", nargs="?", metavar="REV", help="on this revision: a full or short name, or tag:NAME"
    )
    parser.add_argument("--remove", metavar="NAME", help="the tag to take away")
    add_consent(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """List the tags or change one."""
    if args.tag is None and args.remove is None:
        return _list(args)
    if (args.tag is None) == (args.remove is None) or (args.tag is not None and args.revision is None):
        raise CommandError(
            "give NAME REV, or --remove NAME", "like: tag canary 00279-kub", code=Exit.USAGE, kind="usage"
        )
    from cockpit.cli.changing import run_change

    async def wish(session: Session) -> Plan:
        if args.remove is not None:
            return session.door.plan_tag(args.remove, "")
        revision = revision_named(args.revision, session.snapshot)
        if not revision:
            raise CommandError(
                "a tag that follows LATEST is not offered", "name the revision", kind="usage", code=Exit.USAGE
            )
        return session.door.plan_tag(args.tag, revision)

    return run_change(args, wish)


def _list(args: Namespace) -> int:
    from cockpit.cli import as_json
    from cockpit.cli.words import tag_rows

    settings, output = headless(args)
    service = asyncio.run(_service(settings))
    output.answer(as_json.tags_of(service))
    rows = tag_rows(service.spec, service)
    if rows:
        output.table(("TAG", "REVISION", "URL"), rows)
    else:
        output.note(f"{service.ref.service} has no tags")
    return Exit.OK


async def _service(settings: Settings) -> Service:
    from cockpit.cli.reading import reading

    async with reading(settings) as (_, service):
        return service
