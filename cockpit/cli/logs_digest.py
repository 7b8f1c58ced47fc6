"""`cockpit logs digest`: what the logs say in sum: endpoints, errors by kind, scanners and instances.

Of the live service it reads the last minutes and puts the canary beside the stable revision; with --revision it
reads one revision, or two side by side, stable first. With --file it reads a file that was downloaded ("-" is
standard input), its last time reckoned from its newest entry; a file of two revisions has them side by side. A
query chooses entries as in `cockpit logs`. It ends with 0 where there are entries, and with 1 where there are
none, or none of a revision that is compared: no data is never a pass.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from cockpit.cli.exits import CommandError, Exit, exit_of, usage_error
from cockpit.cli.flags import add_command, headless

if TYPE_CHECKING:
    from argparse import Namespace

    from cockpit.cli.flags import Commands
    from cockpit.cli.gathering import Gathered, Wanted
    from cockpit.cli.output import Output
    from cockpit.config import Settings
    from cockpit.logs.digest.result import Digest, Pair

_TWO = 2


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "logs digest", "what the logs say in sum", __doc__)
    parser.add_argument("query", nargs="*", metavar="QUERY", help="entries that match, as in `cockpit logs`")
    parser.add_argument("--since", metavar="TIME", help="15m, 2h, 12:03, 2025-10-10T02:12:00Z; of a file, all")
    parser.add_argument(
        "--revision",
        action="append",
        default=[],
        metavar="REV",
        help="a revision by its name or a part of it, or tag:NAME; twice: the stable one, and the canary",
    )
    parser.add_argument("--file", metavar="FILE", help="a downloaded log in place of the service")
    parser.add_argument("--last", type=int, metavar="N", help="at most so many entries of the service (50,000)")
    parser.add_argument("--warnings", action="store_true", help="warnings count as errors, too")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Read, sum up, and say it. Raises CommandError and SourceError."""
    from cockpit.cli.as_json_digest import digest as as_json
    from cockpit.cli.digest_tables import say_digest
    from cockpit.cli.gathering import MOST_ENTRIES, Wanted
    from cockpit.cli.log_query import query_of
    from cockpit.cli.wishes import TAG_PREFIX
    from cockpit.live.problems import problem_of

    if args.file is not None and args.last is not None:
        raise usage_error("a file is read whole", "leave --last out")
    if args.last is not None and args.last < 1:
        raise usage_error(f"--last {args.last} is no entry at all", "write it like 5000")
    if args.file is not None and any(word.startswith(TAG_PREFIX) for word in args.revision):
        raise usage_error("a file knows no tags", "name the revision, or a part of its name")
    query_of(args.query)  # an error in it is said before anything is asked
    settings, output = headless(args)
    wanted = Wanted(tuple(args.query), tuple(args.revision), args.since, args.last or MOST_ENTRIES)
    gathered = asyncio.run(_gather(settings, args.file, wanted, output))
    digest = _summed_up(gathered, settings, warnings=args.warnings)
    output.answer(as_json(digest, gathered))
    if not args.json:
        say_digest(output, digest, gathered)
    _note(output, gathered)
    if gathered.trouble is not None:
        return exit_of(problem_of(gathered.trouble).kind)
    return Exit.OK if _has_data(digest) else Exit.FAILED


async def _gather(settings: Settings, path: str | None, wanted: Wanted, output: Output) -> Gathered:
    from cockpit.cli.gathering import from_file, from_service

    if path is not None:
        return await from_file(settings, path, wanted)
    return await from_service(settings, wanted, output)


def _summed_up(gathered: Gathered, settings: Settings, *, warnings: bool) -> Digest:
    from cockpit.logs.digest.components import PatternError
    from cockpit.logs.digest.digester import Digester
    from cockpit.logs.entry import Severity
    from cockpit.logs.query.compile import compiled

    pair = _pair(gathered)
    try:
        digester = Digester(
            gathered.store,
            revisions=(pair.stable, pair.canary) if pair else gathered.revisions,
            compared=pair,
            matcher=compiled(gathered.query),
            since=gathered.since,
            least=Severity.WARNING if warnings else Severity.ERROR,
            components=settings.logs.components,
        )
    except PatternError as error:
        message = f"logs.components in config.toml: {error}"
        raise CommandError(message, "write it as RE2 has it", kind="config", code=Exit.USAGE) from None
    return digester.run()


def _pair(gathered: Gathered) -> Pair | None:
    """The revisions that are put side by side: the two that were named, or stable and canary where none was."""
    from cockpit.logs.digest.result import Pair

    names = gathered.revisions or gathered.pair
    return Pair(*names) if len(names) == _TWO and all(names) and names[0] != names[1] else None


def _has_data(digest: Digest) -> bool:
    """Whether there are entries: of both revisions, where two are compared."""
    pair = digest.compared
    names = {name for name, _ in digest.revisions}
    return digest.rows > 0 and (pair is None or {pair.stable, pair.canary} <= names)


def _note(output: Output, gathered: Gathered) -> None:
    """What is not in the digest."""
    from cockpit.live.problems import problem_of
    from cockpit.logs.digest.facts import counted

    if not gathered.whole:
        mends = ("raise logs.entries or logs.memory_mib", "ask for less with --since, or for more with --last")
        mend = mends[gathered.ref is not None]
        output.warn("there are older entries than these", mend)
    if gathered.broken:
        output.warn(f"{counted(gathered.broken, 'entry', 'entries')} could not be read")
    if gathered.trouble is not None:
        problem = problem_of(gathered.trouble)
        output.warn(problem.text, problem.mend)
