"""`cockpit query`: what a PromQL expression comes to.

The live service is scraped for a while and then asked, unless --file names metrics that were saved ("-" is
standard input), or --engine (or config.toml) an engine. A file without timestamps is one moment, when it was
saved; one with them, as OpenMetrics has it, is a recording, and answers --range too. It ends with 0 where there
are series, and with 1 where there are none, as grep does: no data is never a pass.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cockpit.cli.exits import CommandError, Exit, exit_of, usage_error
from cockpit.cli.flags import add_command, headless
from cockpit.cli.measuring import add_measuring, asking, span

if TYPE_CHECKING:
    from argparse import Namespace

    from cockpit.cli.flags import Commands
    from cockpit.cli.output import Output
    from cockpit.cli.recording import Recording
    from cockpit.config import Settings
    from cockpit.metrics.engine import Answer, Engine, QueryError

STEPS = 60
"""Values of a range where no step is given."""
LATEST = 253_402_300_799_999
"""The last millisecond of the year 9999."""
_ORDERING = ("sort", "topk", "bottomk")
"""What an expression starts with whose series come in an order that means something."""
_USERS = {"syntax", "type", "unsupported"}
_MOMENTS = "write it like 2025-10-10T02:12:00Z, 1760062320, or 15m for so long before the end"


@dataclass(frozen=True, slots=True, eq=False)
class _Reply:
    """An answer, the moment it is of (epoch milliseconds), and why it is empty where it is."""

    answer: Answer
    at: int
    why: tuple[str, ...] = ()


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "query", "what a PromQL expression comes to", __doc__)
    parser.add_argument("expression", metavar="EXPR", help="PromQL, in quotes; behind -- where it begins with -")
    parser.add_argument("--at", metavar="TIME", help="the moment, or a range's end; now, or the newest of a file")
    parser.add_argument("--range", type=span, metavar="DURATION", help="values over time, so far back: 1h")
    parser.add_argument("--step", type=span, metavar="DURATION", help=f"the time between them: 15s; {STEPS} steps")
    parser.add_argument("--file", metavar="FILE", help="ask metrics that were saved, and no service")
    add_measuring(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Ask, and say the answer. Raises CommandError."""
    from cockpit.cli.as_json_metrics import answer as as_json
    from cockpit.metrics.engine import QueryError

    _check(args)
    settings, output = headless(args)
    try:
        reply = asyncio.run(_ask(settings, args, output))
    except QueryError as error:
        raise refused(error, args.expression) from None
    output.answer(as_json(reply.answer, reply.at))
    if not args.json:
        _say(output, reply.answer, args.expression)
    for note in reply.answer.notes:
        output.note(f"note: {note}")
    for why in reply.why:
        output.note(f"nothing found: {why}")
    return Exit.FAILED if reply.why else Exit.OK


def refused(error: QueryError, expression: str) -> CommandError:
    """An expression without an answer, with the line of it that is to blame and a caret under the place."""
    code = Exit.USAGE if error.kind in _USERS else exit_of(error.kind)
    known = CommandError(str(error), error.mend, kind=error.kind, code=code)
    known.position = error.position
    known.shown = pointed(expression, error.position)
    return known


def pointed(expression: str, position: int | None) -> tuple[str, ...]:
    """The line of an expression that is to blame, and a caret under the place; nothing where it is not known."""
    from cockpit.text import clean, width

    if position is None:
        return ()
    start = expression.rfind("\n", 0, position) + 1
    line = expression[start:].partition("\n")[0]
    return line, " " * width(clean(expression[start:position])) + "^"


def moment(text: str, end: int) -> int:
    """A moment in epoch milliseconds: RFC 3339, epoch seconds, or a duration before `end`. Raises CommandError."""
    from cockpit.metrics.rules.durations import seconds_of

    for read in (float, lambda word: end / 1000 - seconds_of(word), _rfc3339):
        try:
            found = round(read(text) * 1000)
        except (ValueError, OverflowError):
            continue
        if 0 <= found <= LATEST:
            return found
    raise usage_error(f"--at: {text!r} is no moment", _MOMENTS)


async def _ask(settings: Settings, args: Namespace, output: Output) -> _Reply:
    """Open what is asked, and ask it. Raises QueryError, CommandError and SourceError."""
    from cockpit.cli.missing import why_nothing

    at_hand = args.file is not None or settings.metrics.local
    if at_hand:
        _check_expression(args.expression)
    async with AsyncExitStack() as opened:
        engine: Engine
        recording: Recording | None = None
        if args.file is not None:
            from cockpit.cli.recording import read_recording

            engine = recording = read_recording(args.file, output)
        else:
            engine = await opened.enter_async_context(asking(settings, args.seconds, output))
        end = round(time.time() * 1000) if recording is None else recording.newest
        at = end if args.at is None else moment(args.at, end)
        answer = await _answer(engine, args, at)
        if not _is_empty(answer):
            return _Reply(answer, at)
        why = await why_nothing(engine, args.expression, at_hand=at_hand)
        if recording is not None:
            why.append(_times(recording))
        return _Reply(answer, at, tuple(why))


async def _answer(engine: Engine, args: Namespace, at: int) -> Answer:
    """The value at that moment, or those of the range that ends there."""
    if args.range is None:
        return await engine.instant(args.expression, at)
    length = round(args.range * 1000)
    step = max(1000, length // STEPS) if args.step is None else round(args.step * 1000)
    return await engine.range(args.expression, at - length, at, step)


def _is_empty(answer: Answer) -> bool:
    from cockpit.metrics.engine import ResultKind

    return answer.kind in (ResultKind.VECTOR, ResultKind.MATRIX) and not (answer.samples or answer.lines)


def _times(recording: Recording) -> str:
    """What times a file is of, for those who asked for others, or for more than one."""
    from cockpit.cli.answers import stamp

    if recording.oldest == recording.newest:
        return f"the file is of one moment, {stamp(recording.newest)}; rate() and its kind want several"
    return f"the file's samples are of {stamp(recording.oldest)} to {stamp(recording.newest)}"


def _check(args: Namespace) -> None:
    if args.step is not None and args.range is None:
        raise usage_error("--step without --range", "say how far back: --range 1h")
    if args.file is not None and (hasattr(args, "engine") or args.seconds is not None):
        raise usage_error("a file is asked alone", "leave --engine and --for out, or --file")
    if args.at is not None:
        moment(args.at, LATEST)


def _check_expression(expression: str) -> None:
    """Raise QueryError at once for what no amount of scraping would answer."""
    from cockpit.metrics.promql.parse import parse

    parse(expression)


def _rfc3339(text: str) -> float:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return found.timestamp()


def _say(output: Output, answer: Answer, expression: str) -> None:
    from cockpit.cli.answers import say_answer

    say_answer(output, answer, ordered=expression.lstrip().startswith(_ORDERING))
