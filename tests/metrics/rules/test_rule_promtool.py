"""Which files are valid, decided beside Prometheus' own promtool."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from cockpit.metrics.rules.files import read_rules
from tests.metrics.rules.test_rule_files import WHOLE
from tests.metrics.rules.written import one_rule

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

NEWER = ("  query_offset", "  labels: {team")
"""How the lines begin that Debian's promtool is too old for: Prometheus 2.53 and 3.0 brought these fields."""

FILES = {
    "whole": "\n".join(line for line in WHOLE.splitlines() if not line.startswith(NEWER)),
    "empty": "",
    "null-groups": "groups:\n",
    "no-yaml": "groups: [\n",
    "list": "- a\n",
    "scalar": "hello\n",
    "unknown-top": "groups: []\nother: 1\n",
    "unknown-group": "groups:\n- name: a\n  every: 5m\n",
    "unknown-rule": one_rule("alert: A", "expr: up", "foor: 5m"),
    "no-group-name": "groups:\n- rules: []\n",
    "two-groups": "groups:\n- name: a\n- name: a\n",
    "no-rules": "groups:\n- name: a\n",
    "null-rules": "groups:\n- name: a\n  rules:\n",
    "rules-mapping": "groups:\n- name: a\n  rules: {a: b}\n",
    "interval": "groups:\n- name: a\n  interval: 5\n",
    "interval-zero": "groups:\n- name: a\n  interval: 0\n",
    "limit-text": "groups:\n- name: a\n  limit: x\n",
    "limit-negative": "groups:\n- name: a\n  limit: -1\n",
    "neither": one_rule("expr: up"),
    "both": one_rule("alert: A", "record: a", "expr: up"),
    "no-expr": one_rule("alert: A"),
    "blank-expr": one_rule("alert: A", "expr: ''"),
    "number-expr": one_rule("alert: A", "expr: 1"),
    "matrix-expr": one_rule("alert: A", "expr: up[5m]"),
    "string-expr": one_rule("alert: A", "expr: '\"x\"'"),
    "bad-expr": one_rule("alert: A", "expr: sum("),
    "bad-type": one_rule("alert: A", "expr: rate(up)"),
    "bad-regex": one_rule("alert: A", "expr: 'up{a=~\"(\"}'"),
    "unknown-function": one_rule("alert: A", "expr: rat(up[5m])"),
    "twice": one_rule("alert: A", "expr: up", "expr: up"),
    "twice-label": one_rule("alert: A", "expr: up", "labels: {a: b, a: c}"),
    "for": one_rule("alert: A", "expr: up", "for: 5"),
    "for-empty": one_rule("alert: A", "expr: up", "for: ''"),
    "for-null": one_rule("alert: A", "expr: up", "for:"),
    "keep": one_rule("alert: A", "expr: up", "keep_firing_for: 5m"),
    "record": one_rule("record: a:b", "expr: sum(up)", "labels: {x: y}"),
    "record-for": one_rule("record: a", "expr: up", "for: 5m"),
    "record-for-zero": one_rule("record: a", "expr: up", "for: 0s"),
    "record-annotations": one_rule("record: a", "expr: up", "annotations: {a: b}"),
    "record-braces": one_rule("record: 'a{b=\"c\"}'", "expr: up"),
    "label-number": one_rule("alert: A", "expr: up", "labels: {severity: 1, on: yes}"),
    "label-null": one_rule("alert: A", "expr: up", "labels: {severity: }"),
    "label-list": one_rule("alert: A", "expr: up", "labels: {severity: [a]}"),
    "label-name": one_rule("alert: A", "expr: up", "labels: {__name__: x}"),
    "labels-list": one_rule("alert: A", "expr: up", "labels: [a]"),
    "labels-null": one_rule("alert: A", "expr: up", "labels:"),
    "template": one_rule("alert: A", "expr: up", "annotations: {a: '{{ $labels.x }} {{ $value | humanize }}'}"),
    "template-open": one_rule("alert: A", "expr: up", "annotations: {a: '{{ $labels.x'}"),
    "template-end": one_rule("alert: A", "expr: up", "annotations: {a: '{{ end }}'}"),
    "template-if": one_rule("alert: A", "expr: up", "annotations: {a: '{{ if true }}x'}"),
    "template-function": one_rule("alert: A", "expr: up", "annotations: {a: '{{ nope 1 }}'}"),
    "template-variable": one_rule("alert: A", "expr: up", "annotations: {a: '{{ $nope }}'}"),
    "template-empty": one_rule("alert: A", "expr: up", "annotations: {a: '{{ }}'}"),
    "template-query": one_rule("alert: A", "expr: up", "annotations: {a: '{{ query \"up\" | first | value }}'}"),
    "template-pipe": one_rule("alert: A", "expr: up", "annotations: {a: '{{ $value | \"x\" }}'}"),
    "template-trim": one_rule("alert: A", "expr: up", "annotations: {a: 'x {{- /* c */ -}} y'}"),
    "template-else": one_rule(
        "alert: A", "expr: up", "annotations: {a: '{{ if false }}a{{ else if true }}b{{ else }}c{{ end }}'}"
    ),
    "template-with": one_rule(
        "alert: A", "expr: up", "annotations: {a: '{{ with $x := .Value }}{{ $x }}{{ end }}'}"
    ),
    "template-scope": one_rule(
        "alert: A", "expr: up", "annotations: {a: '{{ if true }}{{ $x := 1 }}{{ end }}{{ $x }}'}"
    ),
    "merge": "groups:\n- &a {name: a}\n- {<<: *a, name: b}\n",
    "two-documents": "groups: []\n---\ngroups: 5\n",
    "duplicate-rules": "groups:\n- name: g\n  rules:\n  - {alert: A, expr: up}\n  - {alert: A, expr: up}\n",
}


@pytest.fixture(scope="module")
def promtool() -> str:
    """Where promtool is."""
    found = shutil.which("promtool")
    if found is None:
        pytest.skip("promtool is not installed here")
    return found


@pytest.mark.parametrize("name", FILES)
def test_valid_and_invalid_are_what_promtool_says(name: str, promtool: str, tmp_path: Path) -> None:
    path = tmp_path / "rules.yml"
    path.write_text(FILES[name], encoding="utf-8")
    done = subprocess.run(
        [promtool, "check", "rules", str(path)], capture_output=True, text=True, timeout=30, check=False
    )
    ours = [finding for finding in read_rules(FILES[name], "rules.yml").findings if finding.invalid]
    assert (done.returncode == 0) == (not ours), done.stdout + done.stderr + "\n".join(map(str, ours))
