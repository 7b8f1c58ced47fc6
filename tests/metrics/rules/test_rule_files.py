"""Rule files: what is read, and what is refused, by line."""

from __future__ import annotations

import pytest

from cockpit.metrics.rules.durations import seconds_of
from cockpit.metrics.rules.files import groups_from_mapping, read_rules
from cockpit.metrics.rules.findings import RulesError, Severity
from cockpit.metrics.rules.model import AlertRule, Place, RecordRule
from tests.metrics.rules.written import one_rule

WHOLE = """\
groups:
- name: api
  interval: 30s
  query_offset: 1m
  limit: 10
  labels: {team: web, tier: 1}
  rules:
  - record: job:requests:rate5m
    expr: sum by (job) (rate(requests_total[5m]))
    labels: {kind: rate}
  - alert: High
    expr: |
      job:requests:rate5m
        > 100
    for: 1h30m
    keep_firing_for: 5m
    labels: {severity: page}
    annotations:
      summary: "{{ $labels.job }} at {{ $value }}"
"""


def test_a_whole_file_is_read() -> None:
    reading = read_rules(WHOLE, "api.yml")
    assert reading.findings == ()
    (group,) = reading.groups
    assert (group.name, group.interval_seconds, group.offset_seconds, group.limit) == ("api", 30.0, 60.0, 10)
    assert group.labels == (("team", "web"), ("tier", "1"))
    record, alert = group.rules
    assert isinstance(record, RecordRule)
    assert (record.name, record.labels) == ("job:requests:rate5m", (("kind", "rate"),))
    assert isinstance(alert, AlertRule)
    assert alert.expression == "job:requests:rate5m\n  > 100"
    assert (alert.for_seconds, alert.keep_firing_seconds) == (5400.0, 300.0)
    assert alert.annotations == (("summary", "{{ $labels.job }} at {{ $value }}"),)
    assert str(alert.place) == "api.yml:13"


@pytest.mark.parametrize("text", ["", "# nothing\n", "groups:\n", "groups: []\n", "---\n"])
def test_a_file_may_be_empty(text: str) -> None:
    assert read_rules(text, "x").loaded() == ()


@pytest.mark.parametrize(
    ("text", "line", "message", "mend"),
    [
        ("groups: [\n", 2, "not YAML", "mend this line"),
        ("groups:\n\t- name: x\n", 2, "not YAML", "mend"),
        ("groups:\n- name: \x01\n", 2, "not YAML: special characters", "character"),
        ("- a\n", 1, "the file is a list", "groups"),
        ("grups: []\n", 1, "'grups' is no field of the file", "did you mean groups?"),
        ("groups:\n- rules: []\n", 2, "a group without a name", "name it"),
        ("groups:\n- name: a\n- name: a\n", 3, "the group 'a' is in this file already", "rename"),
        ("groups:\n- name: a\n  interval: soon\n", 3, "interval: 'soon' is not a duration", "30s"),
        (f"groups:\n- name: a\n  limit: {'9' * 5000}\n", 3, "is no whole number", "0 is no limit"),
        ("groups:\n- name: a\n  limit: many\n", 3, "limit: 'many' is no whole number", "0 is no limit"),
        ("groups:\n- name: a\n  rules: {}\n", 3, "rules is a mapping, not a list", "dash"),
        ("groups: [{name: &a [*a]}]\n", 1, "aliases", "without aliases"),
        (one_rule("expr: up"), 4, "neither alert nor record", "with a name"),
        (one_rule("alert: A", "record: a", "expr: up"), 4, "both alert and record", "one of the two"),
        (one_rule("alert: A"), 4, "a rule without expr", "PromQL"),
        (one_rule("alert: A", "expr: up", "expr: up"), 6, "'expr' stands here twice", "keep one"),
        (one_rule("alert: A", "expr: up", "foor: 5m"), 6, "'foor' is no field of a rule", "did you mean for?"),
        (one_rule("alert: A", "expr: up", "for: 5"), 6, "for: '5' is not a duration", "5m"),
        (one_rule("alert: A", "expr: up", "labels: [a]"), 6, "labels is a list, not a mapping", "name: value"),
        (one_rule("alert: A", "expr: up", "labels: {__name__: x}"), 6, "'__name__' cannot be the name", "another"),
        (one_rule("alert: A", "expr: up", "labels: {a: {}}"), 6, "a is a mapping, not text", "as text"),
        (one_rule("record: a", "expr: up", "for: 5m"), 6, "a recording rule has no for", "take for out"),
        (one_rule("record: a{b}", "expr: up"), 4, "braces in the name", "selectors in expr"),
        (one_rule("alert: A", "expr: sum(up"), 5, "unclosed left parenthesis", "close it"),
        (one_rule("alert: A", "expr: |", "  up", "  > ="), 7, "unexpected", "mend"),
        (one_rule("alert: A", "expr: rate(up)"), 5, "expected type matrix", "how far back"),
        (one_rule("alert: A", "expr: up", "labels: {a: '{{ $x }}'}"), 5, "label a: the variable $x", "template"),
        (one_rule("alert: A", "expr: up", "annotations: {a: '{{ if }}'}"), 5, "annotation a", "template"),
    ],
)
def test_what_prometheus_would_not_load_names_line_and_mend(text: str, line: int, message: str, mend: str) -> None:
    reading = read_rules(text, "x.yml")
    finding = next(finding for finding in reading.findings if finding.invalid)
    assert finding.place.line == line
    assert message in finding.message
    assert mend in finding.mend
    with pytest.raises(RulesError, match=f"^x.yml:{line}: "):
        reading.loaded()


def test_everything_wrong_is_found_in_one_reading() -> None:
    text = one_rule("alert: A", "expr: sum(", "for: x", "foor: 1m", "labels: {a: '{{ end }}'}")
    codes = [finding.code for finding in read_rules(text, "x.yml").findings]
    assert sorted(codes) == ["duration", "key", "syntax", "template"]


@pytest.mark.parametrize(
    ("text", "code", "severity"),
    [
        (one_rule("alert: A", "expr: up[5m]"), "type", Severity.ERROR),
        (one_rule("alert: A", "expr: info(up)"), "unsupported", Severity.ERROR),
        (one_rule("alert: A", "expr: up", "labels: {a.b: x}"), "name", Severity.WARNING),
        (one_rule("alert: A", "expr: up", "labels: {a: '{{ query \"up\" }}'}"), "template", Severity.WARNING),
        (one_rule("alert: A", "expr: up", "labels: {a: '{{ title }}'}"), "template", Severity.ERROR),
        ("groups: []\n---\ngroups: []\n", "documents", Severity.WARNING),
    ],
)
def test_what_prometheus_loads_all_the_same_is_said_and_kept(text: str, code: str, severity: Severity) -> None:
    reading = read_rules(text, "x.yml")
    assert [(finding.code, finding.severity, finding.invalid) for finding in reading.findings] == [
        (code, severity, False)
    ]
    assert reading.loaded() == reading.groups


def test_merge_keys_and_aliases_are_taken() -> None:
    text = "groups:\n- &a {name: a, limit: 3}\n- {<<: *a, name: b}\n"
    assert [(group.name, group.limit) for group in read_rules(text, "x").loaded()] == [("a", 3), ("b", 3)]


def test_aliases_that_multiply_end_in_a_finding() -> None:
    levels = "\n".join(f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, 9))
    (finding, *_) = read_rules(f"a0: &a0 [x]\n{levels}\n", "x").findings
    assert "aliases make this endless or huge" in finding.message


def test_deep_nesting_ends_in_a_finding() -> None:
    (finding,) = read_rules("[" * 20_000, "x").findings
    assert "nested too deeply" in finding.message


def test_tables_of_config_are_the_same_groups() -> None:
    rule = {"alert": "A", "expr": "up == 0", "for": "5m", "labels": {"severity": "page", "paged": True}}
    tree = {"groups": [{"name": "g", "limit": 2, "rules": [rule]}]}
    (group,) = groups_from_mapping(tree, "config.toml", "metrics").loaded()
    assert group.alerts[0].for_seconds == 300.0
    assert group.alerts[0].labels == (("severity", "page"), ("paged", "true"))
    assert str(group.alerts[0].place) == "config.toml: metrics.groups[0].rules[0].expr"


def test_tables_of_config_name_their_line_where_it_is_known() -> None:
    tree = {"groups": [{"name": "g", "rules": [{"alert": "A", "expr": "up", "for": "x"}]}]}
    lines = {"metrics.groups[0].rules[0].for": 12}
    (finding,) = groups_from_mapping(tree, "config.toml", "metrics", lines).findings
    assert str(finding.place) == "config.toml:12"
    (finding,) = groups_from_mapping(tree, "config.toml", "metrics").findings
    assert str(finding) == "config.toml: metrics.groups[0].rules[0].for: A: for: 'x' is not a duration"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("250ms", 0.25),
        ("90s", 90.0),
        ("1h30m", 5400.0),
        ("1y2w3d", 86400.0 * (365 + 14 + 3)),
        ("0s", 0),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "5", "m", "5x", "30m1h", "1.5h", "-5m", "5m ", "1_0s", "٣s", "300y", "9" * 400 + "s"]
)
def test_durations_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a duration|longer"):
        seconds_of(text)


def test_a_place_without_line_or_path_is_its_file() -> None:
    assert str(Place("x")) == "x"
