"""What several commands say about splits, revisions and changes, in words for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.cli.output import Styled
from cockpit.release.state import State, age, revision_tag, short_digest, short_name, standing, time_to_ready
from cockpit.release.traffic import LATEST, label, percents, tags
from cockpit.text import age as age_in_words
from cockpit.text import duration

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cockpit.cli.output import Output, Piece
    from cockpit.live.snapshot import Change, Sides, Snapshot
    from cockpit.release.plan import Plan
    from cockpit.release.service import Revision, Service
    from cockpit.release.traffic import ServingTarget, Split, Target

_GLYPHS = {
    State.SERVING: Styled("●", "green"),
    State.READY: Styled("○", ""),
    State.PENDING: Styled("◐", "yellow"),
    State.FAILED: Styled("✗", "red"),
    State.RETIRED: Styled("·", "dim"),
}


def split_in_words(split: Iterable[Target | ServingTarget], service: str) -> str:
    """A split's percents in one line, with short names: "00275-2jb 90 %, 00279-kub 10 %"."""
    shares = percents(split).items()
    return ", ".join(f"{short_name(label(name), service)} {percent} %" for name, percent in shares)


def say_revisions(output: Output, snapshot: Snapshot, service: Service) -> None:
    """The table of revisions, newest first."""
    head = (
        "",
        "REVISION",
        "ASKED",
        "SERVING",
        "OBSERVED",
        "TAGS",
        "AGE",
        "READY IN",
        "INST",
        "IMAGE",
        "DIGEST",
        "WHY",
    )
    rows = [_row(each, snapshot, service) for each in snapshot.revisions]
    output.table(head, rows, right=(2, 3, 4, 6, 7, 8))


def _row(revision: Revision, snapshot: Snapshot, service: Service) -> tuple[Piece, ...]:
    stands = standing(revision, service.serving)
    asked = percents(service.spec)
    wanted = asked.get(revision.name, 0) + (asked.get(LATEST, 0) if revision.name == service.latest_ready else 0)
    serving = percents(service.serving).get(revision.name, 0) if service.serving else 0
    seen = snapshot.observed
    share = seen.share(revision.name) if seen else None
    named = sorted(tag for tag, name in tags(service.serving).items() if name == revision.name)
    return (
        _GLYPHS[stands.state],
        short_name(revision.name, service.ref.service),
        f"{wanted} %" if wanted else "",
        f"{serving} %" if serving else "",
        f"{share:.0f} %" if share else "",
        ", ".join(named),
        age_in_words(age(revision.created, snapshot.wall)),
        duration(time_to_ready(revision)),
        str(seen.instances_of(revision.name) or "") if seen else "",
        revision_tag(revision, service),
        short_digest(revision.template.image),
        Styled(f"{stands}", "red" if stands.state is State.FAILED else "yellow")
        if stands.state in {State.FAILED, State.PENDING}
        else "",
    )


def say_plan(output: Output, plan: Plan, snapshot: Snapshot) -> None:
    """What a plan does: the splits, gains and losses, tags, warnings, the command, the way back."""
    from cockpit.release.plan import Intent, gcloud, undo, warnings

    service = plan.ref.service
    output.say(Styled(service, "bold"), f"   {plan.ref.region} · {plan.ref.project}   {plan.intent.value}")
    output.say("  now      ", split_in_words(plan.before, service))
    output.say("  then     ", Styled(split_in_words(plan.after, service), "bold"))
    for gain in plan.gains:
        if gain.points:
            name = short_name(label(gain.revision), service)
            sign = Styled(f"{gain.points:+d} points", "green" if gain.points > 0 else "yellow")
            output.say(f"           {name}: {gain.before} % → {gain.after} %, ", sign)
    for move in plan.tag_moves:
        places = [
            short_name(label(at), service) if at is not None else "nowhere" for at in (move.before, move.after)
        ]
        output.say(f"           tag {move.tag}: {places[0]} → {places[1]}")
    for warning in warnings(plan, snapshot.revisions):
        output.say("  ", Styled(f"! {warning}", "yellow"))
    output.say("  command  ", gcloud(plan))
    output.say("  redo     " if plan.intent is Intent.UNDO else "  undo     ", gcloud(undo(plan)))


def say_change(output: Output, change: Change) -> None:
    """How a change ended, and what to do next."""
    outcome = change.outcome.value if change.outcome else f"under way: {change.phase.value}"
    style = {"applied": "green", "refused": "yellow"}.get(outcome, "red")
    took = f"; serving after {change.time_to_serving:.1f} s" if change.time_to_serving is not None else ""
    output.say(Styled(outcome, style), took, f"; change {change.id} in the journal" if change.id else "")
    if change.problem:
        output.say("  ", Styled(change.problem.text, "yellow"))
        if change.problem.mend:
            output.say("  mend: ", change.problem.mend)
    if change.sides:
        say_sides(output, change.sides, change.ref.service)


def say_under_way(output: Output, change: Change) -> None:
    """A change that is left on its way, and who tells how it ended."""
    output.note(f"  it goes on without us{f' as {change.operation}' if change.operation else ''}")
    output.note("  the journal has it: `cockpit status` finds out how it ended, `cockpit history` tells")


def say_sides(output: Output, sides: Sides, service: str) -> None:
    """Three sides: what was planned from, what was asked, what stands."""
    by = f", by {sides.found_modifier}" if sides.found_modifier else ""
    output.say("  planned from  ", split_in_words(sides.planned_from, service))
    output.say("  asked         ", split_in_words(sides.asked, service))
    output.say(
        "  found         ", split_in_words(sides.found, service), f" (generation {sides.found_generation}{by})"
    )


def tag_rows(split: Split, service: Service) -> list[tuple[Piece, ...]]:
    """A row for each tag: name, revision, URL."""
    urls = {each.tag: each.uri for each in service.serving if each.tag}
    return [
        (Styled(tag, "bold"), short_name(label(name), service.ref.service), urls.get(tag, ""))
        for tag, name in tags(split).items()
    ]
