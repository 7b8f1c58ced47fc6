"""Rule files as tests write them."""

from __future__ import annotations

from cockpit.metrics.rules.files import read_rules
from cockpit.metrics.rules.model import AlertRule, Group


def one_rule(*lines: str) -> str:
    """A rule file with one group and one rule of these lines."""
    first, *rest = lines
    body = "\n".join(f"    {line}" for line in rest)
    return f"groups:\n- name: g\n  rules:\n  - {first}\n{body}\n"


def group_of(text: str) -> Group:
    """The first group of a file that must be right."""
    return read_rules(text, "rules.yml").loaded()[0]


def alert_of(text: str) -> tuple[Group, AlertRule]:
    """The first alert rule of a file that must be right, and its group."""
    group = group_of(text)
    return group, group.alerts[0]
