"""What a user wants changed, as words of the command line, and the plan that the door makes of it."""

from __future__ import annotations

import difflib
from argparse import ArgumentTypeError
from typing import TYPE_CHECKING

from cockpit.cli.exits import CommandError, Exit

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Awaitable, Callable

    from cockpit.live.session import Session
    from cockpit.live.snapshot import Snapshot
    from cockpit.release.plan import Plan

    Wish = Callable[[Session], Awaitable[Plan]]

Share = tuple[str, int]
TAG_PREFIX = "tag:"
_NAMES_SHOWN = 6
_NAMES_HELP = "REV is a full or short name (00279-kub), tag:NAME, or LATEST"


def add_targets(parser: ArgumentParser) -> None:
    """REV=PERCENT …, or --to REV."""
    parser.add_argument(
        "shares", nargs="*", type=share, metavar="REV=PERCENT", help=f"a new percent; {_NAMES_HELP}"
    )
    parser.add_argument("--to", metavar="REV", help="everything to one revision")


def share(text: str) -> Share:
    """REV=PERCENT as a pair; the percent may carry a %."""
    name, equals, percent = text.rpartition("=")
    digits = percent.removesuffix("%").strip()
    if not equals or not name or not digits.isascii() or not digits.isdigit() or int(digits) > 100:
        raise ArgumentTypeError(
            f"{text!r} is not REV=PERCENT with a whole percent from 0 to 100, like 00279-kub=10"
        )
    return name, int(digits)


def wish_of(args: Namespace) -> Wish:
    """The shift that the targets of a command line ask for. Raises CommandError where they ask for none or two."""
    given = [bool(args.shares), args.to is not None]
    if sum(given) != 1:
        message = "give REV=PERCENT or --to REV, not both" if all(given) else "say what to shift"
        raise CommandError(message, "like: 00279-kub=10, or --to 00279-kub", kind="usage", code=Exit.USAGE)
    shares: list[Share] = args.shares

    async def planned(session: Session) -> Plan:
        if args.to is not None:
            return session.door.plan_promote(revision_named(args.to, session.snapshot))
        percents: dict[str, int] = {}
        for name, percent in shares:
            revision = revision_named(name, session.snapshot)
            if revision in percents:
                raise CommandError(f"{name} is given twice", "give it one percent", kind="usage", code=Exit.USAGE)
            percents[revision] = percent
        return session.door.plan_shift(percents)

    return planned


async def rolled_back(session: Session) -> Plan:
    """Back to the split before the last change by anyone."""
    from cockpit.cli.reading import past_too

    await past_too(session)
    return session.door.plan_rollback()


async def undone(session: Session) -> Plan:
    """Back to the exact targets before the cockpit's last change."""
    from cockpit.cli.reading import past_too

    await past_too(session)
    return session.door.plan_undo()


def revision_named(word: str, snapshot: Snapshot) -> str:
    """The revision a word names: a full or short name, tag:NAME or LATEST. Raises CommandError."""
    from cockpit.release.state import can_serve, short_name
    from cockpit.release.traffic import LATEST, LATEST_WORD, tags

    if word == LATEST_WORD:
        return LATEST
    if word.startswith(TAG_PREFIX):
        tagged = tags(snapshot.service.spec) if snapshot.service else {}
        tag = word.removeprefix(TAG_PREFIX)
        if tag in tagged:
            return tagged[tag]
        mend = f"the tags are {', '.join(tagged)}" if tagged else "there are no tags"
        raise _no_revision(f"there is no tag {tag!r}", mend)
    service = snapshot.ref.service
    for name in (word, f"{service}-{word}"):
        if any(revision.name == name for revision in snapshot.revisions):
            return name
    known = [short_name(revision.name, service) for revision in snapshot.revisions if can_serve(revision)]
    spelt = {name.lower(): name for name in (LATEST_WORD, *known)}
    close = difflib.get_close_matches(short_name(word, service).lower(), spelt, n=1, cutoff=0.8)
    mend = f"did you mean {spelt[close[0]]}?" if close else f"there are {', '.join(known[:_NAMES_SHOWN])}"
    raise _no_revision(f"{service} has no revision {word!r}", mend)


def _no_revision(message: str, mend: str) -> CommandError:
    return CommandError(message, mend, kind="no-revision", code=Exit.REFUSED)
