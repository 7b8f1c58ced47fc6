"""How alert rules stand, step by step: inactive, pending, firing, no data, broken. Time is an argument.

Pending, firing, `for` and `keep_firing_for` go as in Prometheus (rules/alerting.go). What Prometheus has not is
NO_DATA: an alert whose series went away is not well, and neither is a rule that reads what was never there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cockpit.metrics.alerts import Alert, AlertState
from cockpit.metrics.engine import Answer, QueryError, ResultKind, Sample
from cockpit.metrics.labels import NAME, NOTHING, labels_of, value_of, without
from cockpit.metrics.rules.plan import plan_of
from cockpit.metrics.rules.templates.render import Known, rendered_or_raw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from cockpit.metrics.labels import Labels
    from cockpit.metrics.rules.model import AlertRule, Group, RecordRule
    from cockpit.metrics.rules.plan import Outcomes, Plan

FORGOTTEN_SECONDS = 900.0
"""How long an alert whose series went away is shown; as long as Prometheus repeats a resolved one."""

_SMALLEST_IS_WORST = frozenset({"<", "<="})


@dataclass(slots=True)
class _Active:
    """One label set that the rule's expression answered: `source` is the sample's own labels, without a name.

    `since` is when the expression began to hold, `released` when it stopped to, while it keeps firing; `gone`
    when its series went away.
    """

    alert: Alert
    source: Labels
    since: float
    released: float | None = None
    gone: float | None = None


class RuleState:
    """One alert rule over time."""

    def __init__(self, rule: AlertRule, group: Group, external_labels: Mapping[str, str]) -> None:
        self._rule = rule
        self._group = group
        self._external = dict(external_labels)
        self._labels = dict(group.labels) | dict(rule.labels)
        self._active: dict[Labels, _Active] = {}
        self._whole: Alert | None = None

    def step(self, at: float, outcomes: Outcomes) -> tuple[Alert, ...]:
        """How the rule stands at this moment (epoch seconds), from what its queries came to. Times ascend.

        A rule that cannot be evaluated leaves its alerts as they were, and says so beside them.
        """
        plan: Plan | None = None
        try:
            plan = plan_of(self._rule)
            _raise_first(plan, outcomes)
            found = self._found(at, plan, _vector(outcomes[self._rule.expression]))
            values, missing = _values(plan, outcomes), plan.missing(outcomes)
            self._answered(at, found)
            self._unanswered(at, found, lambda labels: not missing and (not plan.steady or labels in values))
            self._check_limit()
        except QueryError as error:
            problem = f"{error}; {error.mend}" if error.mend else str(error)
            return self._with_whole(self._about(AlertState.BROKEN, at, plan, problem))
        if missing:
            return self._with_whole(self._about(AlertState.NO_DATA, at, plan, f"no data for {missing[0]}"))
        if plan.compared and plan.steady and not values:
            problem = f"nothing was counted: {plan.compared.left} is not a number"
            return self._with_whole(self._about(AlertState.NO_DATA, at, plan, problem))
        return self._with_whole(self._quiet(at, plan, values))

    def take_up(self, at: float, past: Answer, end: int, step: int) -> None:
        """Take up the alerts that began before anybody looked, before the first step, which is at `at`.

        `past` is what the expression came to every `step` up to `end` (milliseconds), as far as its engine
        remembers: what held at each moment until the last one began to hold with the first of these. Prometheus
        restores the same from ALERTS_FOR_STATE. Raises QueryError.
        """
        for line in past.lines:
            held = _held(line.times.tolist(), end, step)
            if held is not None:
                sample = Sample(line.labels, float(line.values[-1]))
                self._active |= self._found(at - held, plan_of(self._rule), (sample,))

    def _found(self, at: float, plan: Plan, samples: Sequence[Sample]) -> dict[Labels, _Active]:
        """The alert that each sample stands for, by its labels. Raises QueryError where two are the same."""
        found: dict[Labels, _Active] = {}
        for sample in samples:
            known = Known(dict(sample.labels), sample.value, self._external)
            set_here = {name: rendered_or_raw(text, known) for name, text in self._labels.items()}
            labels = labels_of({**dict(without(sample.labels, (NAME,))), **set_here, "alertname": self._rule.name})
            if labels in found:
                raise QueryError("two alerts of the rule have the same labels", "evaluation", "keep them apart")
            alert = replace(
                self._about(AlertState.PENDING, at, plan),
                labels=labels,
                annotations=tuple((name, rendered_or_raw(text, known)) for name, text in self._rule.annotations),
                fires_at=at + self._rule.for_seconds,
                value=sample.value,
                revision=value_of(labels, "revision"),
            )
            found[labels] = _Active(alert, without(sample.labels, (NAME,)), at)
        return found

    def _answered(self, at: float, found: Mapping[Labels, _Active]) -> None:
        for labels, fresh in found.items():
            known = self._active.get(labels)
            if known is not None and known.gone is None:
                fresh.since = known.since
                fresh.alert = replace(
                    fresh.alert, state=known.alert.state, since=known.since, fires_at=known.alert.fires_at
                )
            if fresh.alert.state is AlertState.PENDING and at - fresh.since >= self._rule.for_seconds:
                fresh.alert = replace(fresh.alert, state=AlertState.FIRING, fires_at=None)
            self._active[labels] = fresh

    def _unanswered(self, at: float, found: Mapping[Labels, _Active], well: Callable[[Labels], bool]) -> None:
        for labels in [labels for labels in self._active if labels not in found]:
            if not self._remains(at, self._active[labels], well):
                del self._active[labels]

    def _remains(self, at: float, active: _Active, well: Callable[[Labels], bool]) -> bool:
        """Whether an alert that the expression no longer answers is still shown: it keeps firing, or it is
        unknown how it stands. `well` says of a sample's labels whether they are measured, and well."""
        if active.gone is None and active.alert.state is AlertState.FIRING:
            active.released = at if active.released is None else active.released
            if at - active.released < self._rule.keep_firing_seconds:
                return True
        if well(active.source):
            return False
        if active.gone is None:
            active.gone = at
            problem = "its series went away while it was " + active.alert.state.value
            active.alert = replace(
                active.alert, state=AlertState.NO_DATA, since=at, fires_at=None, value=None, problem=problem
            )
        return at - active.gone < FORGOTTEN_SECONDS

    def _check_limit(self) -> None:
        if 0 < self._group.limit < len(self._active):
            count = len(self._active)
            self._active.clear()
            mend = "raise the group's limit or aggregate more"
            raise QueryError(f"{count} alerts, where the group's limit is {self._group.limit}", "limit", mend)

    def _quiet(self, at: float, plan: Plan, values: Mapping[Labels, float]) -> Alert:
        """The rule as one inactive alert, with the value that is nearest to firing."""
        quiet = self._about(AlertState.INACTIVE, at, plan)
        worst = min if quiet.comparison in _SMALLEST_IS_WORST else max
        return replace(quiet, value=worst(values.values(), default=None))

    def _with_whole(self, whole: Alert) -> tuple[Alert, ...]:
        """The alerts of the rule, and the rule itself unless they say it all."""
        alerts = tuple(active.alert for active in self._active.values())
        told = {alert.state for alert in alerts}
        if whole.state in told or (whole.state is AlertState.INACTIVE and told):
            self._whole = None
            return alerts
        if self._whole is not None and self._whole.state is whole.state:
            whole = replace(whole, since=self._whole.since)
        self._whole = whole
        return (whole, *alerts)

    def _about(self, state: AlertState, at: float, plan: Plan | None, problem: str = "") -> Alert:
        """An alert about the rule as a whole: it has those of its labels that are no templates."""
        compared = plan.compared if plan else None
        plain = {name: text for name, text in self._labels.items() if "{{" not in text}
        return Alert(
            rule=self._rule.name,
            group=self._group.name,
            state=state,
            labels=labels_of({**plain, "alertname": self._rule.name}),
            since=at,
            comparison=compared.operator if compared else "",
            threshold=compared.threshold if compared else None,
            expression=self._rule.expression,
            problem=problem,
        )


class RuleBook:
    """The state of every alert rule of some groups."""

    def __init__(self, groups: Iterable[Group], external_labels: Mapping[str, str] | None = None) -> None:
        external = external_labels or {}
        self._states = {
            (_key(group), at): RuleState(rule, group, external)
            for group in groups
            for at, rule in enumerate(group.alerts)
        }
        self._last: dict[tuple[tuple[str, str], int], tuple[Alert, ...]] = {}

    def step(self, at: float, group: Group, rule: AlertRule, outcomes: Outcomes) -> tuple[Alert, ...]:
        """How one rule stands at this moment (epoch seconds); `outcomes` are its queries' answers or errors."""
        key = _key(group), group.alerts.index(rule)
        self._last[key] = self._states[key].step(at, outcomes)
        return self._last[key]

    def take_up(self, at: float, group: Group, rule: AlertRule, *, past: Answer, end: int, step: int) -> None:
        """Take up the alerts of one rule that began before the first step; `RuleState.take_up` says how."""
        self._states[_key(group), group.alerts.index(rule)].take_up(at, past, end, step)

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """Every rule as it stood when it was evaluated last, in the order of the groups."""
        return tuple(alert for key in self._states for alert in self._last.get(key, ()))


def recorded(rule: RecordRule, group: Group, outcome: Answer | QueryError) -> tuple[Sample, ...]:
    """The samples that a recording rule stores. Raises QueryError."""
    if isinstance(outcome, QueryError):
        raise outcome
    added = {**dict(group.labels), **dict(rule.labels), NAME: rule.name}
    samples = [Sample(labels_of({**dict(each.labels), **added}), each.value) for each in _vector(outcome)]
    if len({sample.labels for sample in samples}) < len(samples):
        raise QueryError(f"{rule.name} would have two samples with the same labels", "evaluation")
    if 0 < group.limit < len(samples):
        message = f"{rule.name} gives {len(samples)} series, where the group's limit is {group.limit}"
        raise QueryError(message, "limit", "raise the group's limit or aggregate more")
    return tuple(samples)


def newly_firing(before: Iterable[Alert], after: Iterable[Alert]) -> tuple[Alert, ...]:
    """The alerts that began to fire between two steps: what rings the bell."""
    fired = {_identity(alert) for alert in before if alert.state is AlertState.FIRING}
    return tuple(alert for alert in after if alert.state is AlertState.FIRING and _identity(alert) not in fired)


def resolved(before: Iterable[Alert], after: Iterable[Alert]) -> tuple[Alert, ...]:
    """The alerts, as they fired last, that are known to be well again: those without data are not."""
    unwell = {_identity(alert) for alert in after if alert.state is not AlertState.INACTIVE}
    return tuple(alert for alert in before if alert.state is AlertState.FIRING and _identity(alert) not in unwell)


def _key(group: Group) -> tuple[str, str]:
    """What tells groups apart: two files may use one name."""
    return group.place.file, group.name


def _identity(alert: Alert) -> tuple[str, str, Labels]:
    return alert.group, alert.rule, alert.labels


def _held(times: Sequence[int], end: int, step: int) -> float | None:
    """The seconds up to `end` for which there is a value at every step, None where there is none at the end."""
    if not times or times[-1] != end:
        return None
    begun = end
    for moment in reversed(times):
        if moment < begun - step:
            break
        begun = moment
    return (end - begun) / 1000


def _raise_first(plan: Plan, outcomes: Outcomes) -> None:
    for query in plan.queries:
        outcome = outcomes[query]
        if isinstance(outcome, QueryError):
            raise outcome


def _vector(outcome: Answer | QueryError) -> tuple[Sample, ...]:
    """The samples of an answer, a scalar as one without labels. Raises QueryError for any other kind."""
    if isinstance(outcome, QueryError):
        raise outcome
    if outcome.kind is ResultKind.SCALAR:
        return tuple(Sample(NOTHING, sample.value) for sample in outcome.samples)
    if outcome.kind is not ResultKind.VECTOR:
        raise QueryError(f"a rule wants a vector or a scalar, not a {outcome.kind.value}", "type")
    return outcome.samples


def _values(plan: Plan, outcomes: Outcomes) -> dict[Labels, float]:
    """The compared side by label set without names, numbers alone; empty where the rule is no plain comparison."""
    samples = _vector(outcomes[plan.compared.left]) if plan.compared else ()
    return {without(each.labels, (NAME,)): each.value for each in samples if not math.isnan(each.value)}
