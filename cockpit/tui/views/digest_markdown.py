"""A digest as Markdown, for the report of a release: what the log says, and the tables behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.logs.digest.facts import facts
from cockpit.tui.views.digest import MARKS, head
from cockpit.tui.views.digest_tables import Tables
from cockpit.tui.views.markdown import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import tzinfo

    from cockpit.logs.digest.result import Digest
    from cockpit.tui.views.digest_tables import Table


def digest_markdown(digest: Digest, name_of: Callable[[str], str], zone: tzinfo, title: str) -> str:
    """All of it under a title, in GitHub's Markdown; what was logged stands there as it is and formats nothing."""
    blocks = [f"## {plain(title)}", plain(head(digest, name_of, zone))]
    blocks.append("\n".join(f"- {MARKS[fact.tone][0]} {plain(fact.text)}" for fact in facts(digest, name_of)))
    for table in Tables(digest, name_of, zone).all():
        blocks += [f"### {table.title}", "\n".join(_rows(table))]
        blocks += [plain(table.more)] if table.more else []
    return "\n\n".join(blocks) + "\n"


def _rows(table: Table) -> Iterator[str]:
    """The lines of a table; empty columns are left out."""
    shown = [at for at in range(len(table.head)) if any(row[at].text for row in table.rows)]
    yield _row(table.head[at] for at in shown)
    yield _row("---:" if at in table.right else "---" for at in shown)
    for row in table.rows:
        yield _row(plain(row[at].text) for at in shown)


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"
