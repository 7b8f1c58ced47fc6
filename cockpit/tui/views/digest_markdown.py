"""A digest as Markdown, for the report of a release: what the log says, and the tables behind it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cockpit.logs.digest.facts import facts
from cockpit.text import clean
from cockpit.tui.views.digest import MARKS, head
from cockpit.tui.views.digest_tables import Tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import tzinfo

    from cockpit.logs.digest.result import Digest
    from cockpit.tui.views.digest_tables import Table

# What would be emphasis, code, a link, a picture, HTML, or the end of a cell; an underscore in a word is none.
_SPECIAL = re.compile(r"[\\`*\[\]<>|~&!]|(?<![^\W_])_|_(?![^\W_])")


def digest_markdown(digest: Digest, name_of: Callable[[str], str], zone: tzinfo, title: str) -> str:
    """All of it under a title, in GitHub's Markdown; what was logged stands there as it is and formats nothing."""
    blocks = [f"## {plain(title)}", plain(head(digest, name_of, zone))]
    blocks.append("\n".join(f"- {MARKS[fact.tone][0]} {plain(fact.text)}" for fact in facts(digest, name_of)))
    for table in Tables(digest, name_of, zone).all():
        blocks += [f"### {table.title}", "\n".join(_rows(table))]
        blocks += [plain(table.more)] if table.more else []
    return "\n\n".join(blocks) + "\n"


def plain(text: str) -> str:
    """Any text as Markdown that shows it as it is, in one line."""
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", clean(text))


def _rows(table: Table) -> Iterator[str]:
    """The lines of a table; empty columns are left out."""
    shown = [at for at in range(len(table.head)) if any(row[at].text for row in table.rows)]
    yield _row(table.head[at] for at in shown)
    yield _row("---:" if at in table.right else "---" for at in shown)
    for row in table.rows:
        yield _row(plain(row[at].text) for at in shown)


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"
