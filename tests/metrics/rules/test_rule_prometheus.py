"""When alerts fire and what they say, beside Prometheus itself (`promtool test rules`) on the same samples."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from cockpit.metrics.alerts import AlertState
from cockpit.metrics.rules.files import read_rules
from tests.metrics.rules.watched import Watched, series

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

RULES = """\
groups:
- name: g
  rules:
  - alert: Now
    expr: load > 5
    labels: {severity: page, where: '{{ $labels.zone | toUpper }}'}
    annotations:
      summary: '{{ $labels.zone }} is at {{ $value }} ({{ printf "%.2f" $value }}, {{ humanize $value }})'
  - alert: Later
    expr: load > 5
    for: 2m
    annotations: {summary: '{{ if gt $value 8.0 }}very {{ end }}high: {{ humanizePercentage $value }}'}
  - alert: Sticky
    expr: load > 5
    keep_firing_for: 2m
    annotations:
      summary: '{{ .Value | humanizeDuration }} {{ reReplaceAll "(.*)-(.*)" "$2-$1" .Labels.zone }}'
      whole: '{{ reReplaceAll "(.*)" "<$1>" .Labels.zone }} {{ reReplaceAll "[a-z]*" "<$0>" .Labels.zone }}'
  - alert: StickyLater
    expr: load > 5
    for: 1m
    keep_firing_for: 1m
  - alert: Gone
    expr: absent(other)
    for: 3m
"""
LOAD: dict[str, list[float]] = {"eu-1": [1, 9, 7.25, 1, 9, 9, 9, 1, 1, 6], "us-2": [6, 6, 6, 1, 1, 6, 1, 6, 1, 1]}
MINUTES = range(10)


def ours(name: str) -> list[list[dict[str, Any]]]:
    """By minute, the alerts of one rule that fire, as promtool's test files name them."""
    group = read_rules(RULES, "rules.yml").loaded()[0]
    it = Watched(group, next(rule for rule in group.alerts if rule.name == name))
    for zone, values in LOAD.items():
        it.gauge(series("load", zone=zone), values)
    return [
        [
            {
                "exp_labels": {label: value for label, value in alert.labels if label != "alertname"},
                "exp_annotations": dict(alert.annotations),
            }
            for alert in it.step(minute * 60, lookback=300)
            if alert.state is AlertState.FIRING
        ]
        for minute in MINUTES
    ]


@pytest.mark.parametrize(
    ("name", "firing"), [("Now", 11), ("Later", 2), ("Sticky", 19), ("StickyLater", 9), ("Gone", 7)]
)
def test_the_same_alerts_fire_with_the_same_words(name: str, firing: int, tmp_path: Path) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed here")
    alerts = ours(name)
    assert sum(map(len, alerts)) == firing
    (tmp_path / "rules.yml").write_text(RULES, encoding="utf-8")
    test = {
        "interval": "1m",
        "input_series": [
            {"series": f'load{{zone="{zone}"}}', "values": " ".join(map(str, values))}
            for zone, values in LOAD.items()
        ],
        "alert_rule_test": [
            {"eval_time": f"{minute}m", "alertname": name, "exp_alerts": alerts[minute]} for minute in MINUTES
        ],
    }
    whole = {"rule_files": ["rules.yml"], "evaluation_interval": "1m", "tests": [test]}
    (tmp_path / "test.yml").write_text(yaml.safe_dump(whole), encoding="utf-8")
    done = subprocess.run(
        [promtool, "test", "rules", "test.yml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
