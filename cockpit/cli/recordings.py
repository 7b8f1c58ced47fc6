"""`cockpit recordings`: what was recorded, newest first: which service, from when until when, in which file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.cli.exits import Exit
from cockpit.cli.flags import add_command, headless

if TYPE_CHECKING:
    from argparse import Namespace

    from cockpit.cli.flags import Commands
    from cockpit.cli.output import Piece
    from cockpit.live.recording.archive import Shelved
    from cockpit.live.recording.reading import About


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "recordings", "what was recorded", __doc__)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """List the folder of recordings; no service is asked."""
    from cockpit.cli.sizes import size
    from cockpit.live.recording.archive import Archive

    settings, output = headless(args)
    folder = settings.recordings_folder
    found = Archive(folder).all()
    if wanted := getattr(args, "service", ""):
        found = [each for each in found if each.about is None or each.about.ref.service == wanted]
    output.answer({"folder": str(folder), "recordings": [_as_json(each) for each in found]})
    if not found:
        why = "" if settings.recording.wanted else "; [recording] wanted is false"
        output.note(f"there are no recordings in {folder}{why}")
        return Exit.OK
    output.table(("SERVICE", "FROM", "UNTIL", "SEEN", "SIZE", "", "FILE"), map(_row, found), right=(3, 4))
    output.note(f"{size(sum(each.size for each in found))} in {folder}")
    return Exit.OK


def _row(shelved: Shelved) -> tuple[Piece, ...]:
    from cockpit.cli.output import Styled
    from cockpit.cli.sizes import size
    from cockpit.cli.when import stamp
    from cockpit.text import duration

    about, name = shelved.about, shelved.path.name
    if about is None:
        said = f"{shelved.problem}".removeprefix(f"{shelved.path} ") if shelved.problem else ""
        return ("", "", "", "", size(shelved.size), Styled(said, "yellow"), name)
    state: Piece = Styled("recording", "green") if shelved.running else Styled(about.damage, "yellow")
    seen = duration(_seen(about))
    return (about.ref.service, stamp(about.begun), stamp(about.ended), seen, size(shelved.size), state, name)


def _as_json(shelved: Shelved) -> dict[str, object]:
    from cockpit.cli.when import iso

    told: dict[str, object] = {"file": str(shelved.path), "bytes": shelved.size, "recording": shelved.running}
    about, problem = shelved.about, shelved.problem
    if about is None:
        return {**told, "problem": {"message": str(problem), "mend": problem.mend if problem else ""}}
    return {
        **told,
        "project": about.ref.project,
        "region": about.ref.region,
        "service": about.ref.service,
        "from": iso(about.begun),
        "until": iso(about.ended),
        "spans": [[iso(since), iso(until)] for since, until in about.spans],
        "engine": about.engine,
        "cockpit": about.cockpit,
        "damage": about.damage,
    }


def _seen(about: About) -> float:
    """For how many seconds somebody looked."""
    return sum(until - since for since, until in about.spans)
