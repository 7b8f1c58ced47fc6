"""What can be copied from the main screen: commands first, then what is known of the selected revision."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from textual.content import Content

from cockpit.text import clean
from cockpit.tui.widgets.revision_facts import sections
from cockpit.tui.widgets.sheet import Fact

if TYPE_CHECKING:
    from cockpit.live.snapshot import Snapshot


def facts_to_copy(snapshot: Snapshot, selected: str) -> list[Fact]:
    """The facts with something to copy, as the outside has it but for control characters."""
    ref = snapshot.ref
    where = f"--region {shlex.quote(ref.region)} --project {shlex.quote(ref.project)}"
    found = [("describe", f"gcloud run services describe {shlex.quote(ref.service)} {where}")]
    if snapshot.commands:
        newest = max(snapshot.commands, key=lambda command: command.at)
        found.append(("last command", newest.line))
    revision = next((one for one in snapshot.revisions if one.name == selected), None)
    if revision is not None:
        known = [fact for section in sections(snapshot, revision) for fact in section.facts if fact.copy]
        found += [(fact.label, fact.copy) for fact in known]
    service = snapshot.service
    found += [("service URL", url) for url in (service.urls or (service.uri,) if service else ())]
    return [Fact(clean(label), Content(clean(text)), clean(text)) for label, text in found if text]
