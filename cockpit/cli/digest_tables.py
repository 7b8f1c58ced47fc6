"""A digest on standard output: what it is of, sentences, then tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.cli.output import Styled
from cockpit.logs.digest.facts import counted, facts
from cockpit.tui.views.digest import MARKS
from cockpit.tui.views.digest_tables import Tables

if TYPE_CHECKING:
    from cockpit.cli.gathering import Gathered
    from cockpit.cli.output import Output
    from cockpit.logs.digest.result import Digest

_STYLES = {"bad": "red", "warn": "yellow", "good": "green", "muted": "dim", "bold": "bold"}
_REVISIONS_SHOWN = 12


def say_digest(output: Output, digest: Digest, gathered: Gathered) -> None:
    """What is most worth knowing first. Times are UTC."""
    tables = Tables(digest, gathered.short)
    _say_head(output, digest, gathered, tables)
    for fact in facts(digest, gathered.short):
        mark, role = MARKS[fact.tone]
        output.say(Styled(f"{mark} {fact.text}", _STYLES.get(role, "")))
    for table in tables.all():
        output.say()
        output.say(Styled(table.title, "bold"))
        cells = [[Styled(text, _STYLES.get(role, "")) for text, role in row] for row in table.rows]
        output.table(table.head, cells, right=sorted(table.right))
        if table.more:
            output.say(Styled(f"{table.more}: --json has all that is told apart", "dim"))


def _say_head(output: Output, digest: Digest, gathered: Gathered, tables: Tables) -> None:
    where = f"   {gathered.ref.region} · {gathered.ref.project}" if gathered.ref else ""
    where += f"   {gathered.query}" if str(gathered.query) else ""
    first, last = tables.moment(digest.first, dated=True), tables.moment(digest.last)
    times = f", {first} to {last} UTC" if digest.rows else ""
    output.say(Styled(gathered.source, "bold"), f"{where}   {counted(digest.rows, 'entry', 'entries')}{times}")
    pair = digest.compared
    roles = {pair.stable: "stable", pair.canary: "canary"} if pair else {}
    for name, count in digest.revisions[:_REVISIONS_SHOWN]:
        output.say(f"  {roles.get(name, ''):<7}{gathered.short(name)}  {counted(count, 'entry', 'entries')}")
    if len(digest.revisions) > _REVISIONS_SHOWN:
        output.say(f"  … and {counted(len(digest.revisions) - _REVISIONS_SHOWN, 'revision')} more")
    output.say()
