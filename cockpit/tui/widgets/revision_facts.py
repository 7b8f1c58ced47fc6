"""All that is known of one revision, as facts under headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from cockpit.release import state
from cockpit.release.compare import Difference, Kind, compare, shown, shown_arguments
from cockpit.release.service import Condition, ConditionState, Revision
from cockpit.release.traffic import percents, pin
from cockpit.text import age, clean, duration
from cockpit.tui.views.revision_rows import stands_now
from cockpit.tui.widgets.sheet import Fact, Section

if TYPE_CHECKING:
    from datetime import datetime

    from cockpit.live.snapshot import Snapshot
    from cockpit.release.service import Service, Template

_CONDITIONS = {
    ConditionState.SUCCEEDED: ("✓", "$success"),
    ConditionState.FAILED: ("✗", "$error"),
    ConditionState.RECONCILING: ("◐", "$warning"),
    ConditionState.PENDING: ("◐", "$warning"),
    ConditionState.UNKNOWN: ("?", "$text-muted"),
}
_DIFFERENCES = {Kind.ADDED: ("+", "$success"), Kind.REMOVED: ("−", "$error"), Kind.CHANGED: ("≠", "$warning")}
_STATES = {
    state.State.SERVING: "$success bold",
    state.State.READY: "$success",
    state.State.FAILED: "$error bold",
    state.State.PENDING: "$warning",
    state.State.RETIRED: "$text-muted",
}


def sections(snapshot: Snapshot, revision: Revision) -> tuple[Section, ...]:
    """What a reader asks of a revision: how it stands, why, what differs, and what it is made of."""
    service = snapshot.service
    return (
        Section("State", _state(snapshot, revision)),
        Section("Conditions", tuple(_condition(each, snapshot.wall) for each in revision.conditions)),
        *((_against(service, snapshot.revisions, revision),) if service else ()),
        Section("Template", _template(revision.template)),
        Section("Environment", tuple(_text(each.name, shown(each)) for each in revision.template.env)),
        Section("URLs", _urls(service, revision.name) if service else ()),
        Section("Labels", tuple(_text(name, value) for name, value in revision.labels)),
    )


def leading(service: Service, but: str) -> str:
    """The revision that serves the most, apart from one; "" where no other serves."""
    shares = {name: percent for name, percent in percents(service.serving).items() if name not in {but, ""}}
    return max(shares, key=lambda name: shares[name], default="")


def _state(snapshot: Snapshot, revision: Revision) -> tuple[Fact, ...]:
    service = snapshot.service
    stands = stands_now(snapshot, revision)
    facts = [
        _text("name", revision.name),
        Fact("state", Content.styled(clean(str(stands)), _STATES[stands.state])),
    ]
    if service:
        facts += _traffic(snapshot, service, revision.name)
    created = f"{revision.created:%Y-%m-%d %H:%M:%S} UTC" if revision.created else ""
    ago = age(state.age(revision.created, snapshot.wall))
    facts += [
        _text("created", f"{created}, {ago} ago" if created else ""),
        _text("by", revision.creator),
        _text("time to ready", duration(state.time_to_ready(revision))),
    ]
    return _said(facts)


def _traffic(snapshot: Snapshot, service: Service, name: str) -> list[Fact]:
    asked = percents(pin(service.spec, service.latest_ready)).get(name, 0)
    serving = percents(service.serving).get(name, 0) if service.serving else 0
    tags = " ".join(target.tag for target in service.serving if target.tag and target.revision == name)
    words = f"{serving} %" if asked == serving else f"{asked} % asked, {serving} % serving"
    facts = [_text("traffic", words), _text("tags", tags)]
    observed = snapshot.observed
    if observed is not None and (count := dict(observed.by_revision).get(name, 0)):
        errors = dict(observed.errors).get(name, 0)
        facts.append(_text("last minute", f"{count:,} requests, {errors:,} errors"))
        facts.append(_text("instances", f"{dict(observed.instances).get(name, 0)} answered"))
    return facts


def _condition(condition: Condition, now: datetime) -> Fact:
    mark, style = _CONDITIONS[condition.state]
    since = age(state.age(condition.since, now))
    head = Content.styled(f"{mark} {condition.state.value}", style)
    if since:
        head = head.append(Content.styled(f" since {since}", "$text-muted"))
    if condition.reason:
        head = head.append(Content.styled(f"  {clean(condition.reason)}", "bold"))
    message = clean(condition.message, newlines=True)
    return Fact(clean(condition.type), head.append(f"\n{message}") if message else head, condition.message)


def _against(service: Service, revisions: tuple[Revision, ...], revision: Revision) -> Section:
    other = next((each for each in revisions if each.name == leading(service, revision.name)), None)
    if other is None:
        return Section("Difference", ())
    short = clean(state.short_name(other.name, service.ref.service))
    rows = compare(other.template, revision.template)
    facts = tuple(_difference(row) for row in rows) or (
        Fact("", Content("same image, environment and resources")),
    )
    return Section(f"Against {short}, serving {percents(service.serving)[other.name]} %", facts)


def _difference(row: Difference) -> Fact:
    mark, style = _DIFFERENCES[row.kind]
    before, after = (row.before, row.after) if row.field != "image" else _images(row.before, row.after)
    values = [Content.styled(clean(before), "$text-muted")] if before else []
    # A no-break space keeps the arrow beside a value that is too long for its line.
    values += [Content.assemble(("→\u00a0", style) if before else "", clean(after))] if after else []
    label = f"{mark} {clean(row.name or row.field)}"
    return Fact(
        label, Content("\n").join(values) if values else Content.styled("(empty)", "$text-muted"), row.after
    )


def _images(before: str, after: str) -> tuple[str, str]:
    """Two images without what they share: tag and short digest alone where they come from one repository."""
    if before.partition("@")[0].rpartition(":")[0] != after.partition("@")[0].rpartition(":")[0]:
        return before, after
    old, new = (f"{state.image_tag(image)} {state.short_digest(image)}".strip() for image in (before, after))
    return old, new


def _template(template: Template) -> tuple[Fact, ...]:
    image, _, digest = template.image.partition("@")
    instances = f"{template.min_instances} to {template.max_instances or 'the default'}"
    return _said(
        [
            _text("image", image),
            _text("digest", digest),
            _text("cpu", template.cpu),
            _text("memory", template.memory),
            _text("concurrency", str(template.concurrency or "")),
            _text("timeout", duration(template.timeout) if template.timeout else ""),
            _text("instances", instances),
            _text("service account", template.service_account),
            _text("command", shown_arguments(template.command)),
            _text("args", shown_arguments(template.args)),
        ]
    )


def _urls(service: Service, name: str) -> tuple[Fact, ...]:
    tagged = [target for target in service.serving if target.tag and target.revision == name]
    facts = [_text(target.tag, target.uri) for target in tagged]
    if percents(service.serving).get(name):
        facts += [_text("service", url) for url in service.urls or (service.uri,)]
    return _said(facts)


def _text(label: str, value: str) -> Fact:
    return Fact(clean(label), Content(clean(value)), value)


def _said(facts: list[Fact]) -> tuple[Fact, ...]:
    return tuple(fact for fact in facts if fact.value.plain)
