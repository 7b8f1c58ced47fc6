"""Prometheus rule files, and the same structure in config.toml, read into groups.

Everything wrong is found in one reading. What makes a file invalid here makes it invalid for Prometheus 3:
model/rulefmt and the documentation of recording and alerting rules.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from cockpit.metrics.rules.checks import check_rule
from cockpit.metrics.rules.durations import HOW, seconds_of
from cockpit.metrics.rules.findings import Finding, Reading, Severity
from cockpit.metrics.rules.model import AlertRule, Group, Pairs, Place, RecordRule, Rule
from cockpit.metrics.rules.nodes import Node, ShapeError, from_mapping, from_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

_GROUP = ("name", "interval", "query_offset", "limit", "labels", "rules")
_RULE = ("record", "alert", "expr", "for", "keep_firing_for", "labels", "annotations")
_PLAIN_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")


def read_rules(text: str, file: str) -> Reading:
    """A rule file in YAML; `file` is its name in places."""
    reader = _Reader()
    try:
        root, more = from_yaml(text, file)
    except ShapeError as error:
        reader.refuse("syntax", error.place, str(error), error.mend)
        return reader.reading(Node(error.place))
    if more:
        reader.warn(
            "documents", Place(file, more), "everything from here on is not read", "keep one document a file"
        )
    return reader.reading(root)


def groups_from_mapping(
    tree: Mapping[str, object], where: str, path: str = "", lines: Mapping[str, int] | None = None
) -> Reading:
    """The same structure as tables of config.toml: `tree` holds the key "groups".

    Places are the file `where` and the path in it, which begins with `path`, or the line where `lines` knows it.
    """
    return _Reader().reading(from_mapping(tree, Place(where, path=path), lines or {}))


class _Reader:
    def __init__(self) -> None:
        self._findings: list[Finding] = []

    def reading(self, root: Node) -> Reading:
        groups: list[Group] = []
        listed = self._known(root, ("groups",), "the file").get("groups") if root.kind != "nothing" else None
        for node in self._items(listed, "groups"):
            group = self._group(node)
            if group and any(group.name == other.name for other in groups):
                self.refuse("group", node.place, f"the group {group.name!r} is in this file already", "rename one")
            if group:
                groups.append(group)
        return Reading(tuple(groups), tuple(self._findings))

    def refuse(self, code: str, place: Place, message: str, mend: str, rule: str = "") -> None:
        self._findings.append(Finding(Severity.ERROR, code, place, message, mend, rule, invalid=True))

    def warn(self, code: str, place: Place, message: str, mend: str, rule: str = "") -> None:
        self._findings.append(Finding(Severity.WARNING, code, place, message, mend, rule))

    def _group(self, node: Node) -> Group | None:
        fields = self._known(node, _GROUP, "a group")
        name = self._text(fields, "name") or ""
        if not name:
            self.refuse("group", node.place, "a group without a name", "name it")
        rules = [rule for each in self._items(fields.get("rules"), "rules") if (rule := self._rule(each))]
        for rule in rules:
            self._findings += check_rule(rule)
        return Group(
            name=name,
            rules=tuple(rules),
            place=node.place,
            interval_seconds=self._seconds(fields, "interval"),
            offset_seconds=self._seconds(fields, "query_offset"),
            limit=self._limit(fields),
            labels=self._pairs(fields, "labels", name),
        )

    def _rule(self, node: Node) -> Rule | None:
        fields = self._known(node, _RULE, "a rule")
        alert, record = self._text(fields, "alert") or "", self._text(fields, "record") or ""
        name = alert or record
        before = len(self._findings)
        if bool(alert) == bool(record):
            which = "both alert and record" if alert else "neither alert nor record"
            self.refuse("rule", node.place, f"a rule with {which}", "give it one of the two, with a name", name)
        expression = (self._text(fields, "expr", name) or "").strip()
        if not expression:
            self.refuse("expr", node.place, "a rule without expr", "write the PromQL it stands on", name)
        labels = self._pairs(fields, "labels", name)
        if record:
            self._check_record(record, fields)
        if not (alert and expression) or record:
            usable = record and not alert and expression and len(self._findings) == before
            return RecordRule(record, expression, self._place(fields, node), labels) if usable else None
        return AlertRule(
            name=alert,
            expression=expression,
            place=self._place(fields, node),
            for_seconds=self._seconds(fields, "for", name) or 0.0,
            keep_firing_seconds=self._seconds(fields, "keep_firing_for", name) or 0.0,
            labels=labels,
            annotations=self._pairs(fields, "annotations", name),
        )

    def _check_record(self, record: str, fields: Mapping[str, Node]) -> None:
        said = [key for key in ("for", "keep_firing_for") if self._seconds(fields, key, record)]
        said += ["annotations"] if self._pairs(fields, "annotations", record) else []
        for key in said:
            message = f"a recording rule has no {key}"
            self.refuse("rule", fields[key].place, message, f"take {key} out", record)
        if "{" in record or "}" in record:
            place = fields["record"].place
            self.refuse("name", place, "braces in the name of a recording rule", "write selectors in expr", record)

    @staticmethod
    def _place(fields: Mapping[str, Node], node: Node) -> Place:
        return fields["expr"].place if "expr" in fields else node.place

    def _known(self, node: Node, known: tuple[str, ...], what: str) -> dict[str, Node]:
        """The fields of a mapping, unknown and repeated ones refused."""
        found: dict[str, Node] = {}
        if node.fields is None:
            self.refuse("shape", node.place, f"{what} is {node.kind}", f"its fields are {', '.join(known)}")
        for key, value in node.fields or ():
            if key not in known:
                close = difflib.get_close_matches(key, known, n=1)
                mend = f"did you mean {close[0]}?" if close else f"known here: {', '.join(known)}"
                self.refuse("key", value.place, f"{key!r} is no field of {what}", mend)
            elif key in found:
                self.refuse("key", value.place, f"{key!r} stands here twice", "keep one")
            else:
                found[key] = value
        return found

    def _items(self, node: Node | None, key: str) -> tuple[Node, ...]:
        if node is None or node.kind == "nothing":
            return ()
        if node.items is None:
            self.refuse("shape", node.place, f"{key} is {node.kind}, not a list", "begin each item with a dash")
        return node.items or ()

    def _text(self, fields: Mapping[str, Node], key: str, rule: str = "") -> str | None:
        node = fields.get(key)
        if node is None or node.kind == "nothing":
            return None
        if node.text is None:
            self.refuse("shape", node.place, f"{key} is {node.kind}, not text", "write it as one text", rule)
        return node.text

    def _seconds(self, fields: Mapping[str, Node], key: str, rule: str = "") -> float | None:
        text = self._text(fields, key, rule)
        if text is None:
            return None
        try:
            return seconds_of(text)
        except ValueError as error:
            self.refuse("duration", fields[key].place, f"{key}: {error}", HOW, rule)
            return None

    def _limit(self, fields: Mapping[str, Node]) -> int:
        text = self._text(fields, "limit")
        if text is None:
            return 0
        if not _WHOLE.fullmatch(text):
            self.refuse("limit", fields["limit"].place, f"limit: {text!r} is no whole number", "0 is no limit")
            return 0
        return max(0, int(text))

    def _pairs(self, fields: Mapping[str, Node], key: str, rule: str) -> Pairs:
        node = fields.get(key)
        if node is None or node.kind == "nothing":
            return ()
        if node.fields is None:
            self.refuse(
                "shape", node.place, f"{key} is {node.kind}, not a mapping", "write it like name: value", rule
            )
            return ()
        pairs: dict[str, str] = {}
        for name, value in node.fields:
            if name in pairs:
                self.refuse("key", value.place, f"{name!r} stands here twice", "keep one", rule)
            if value.text is None and value.kind != "nothing":
                self.refuse("shape", value.place, f"{name} is {value.kind}, not text", "write it as text", rule)
            self._check_name(name, key, value.place, rule)
            pairs[name] = value.text or ""
        return tuple(pairs.items())

    def _check_name(self, name: str, key: str, place: Place, rule: str) -> None:
        what = "an annotation" if key == "annotations" else "a label"
        if not name or (name == "__name__" and key == "labels"):
            self.refuse("name", place, f"{name!r} cannot be the name of {what}", "choose another name", rule)
        elif not _PLAIN_LABEL.fullmatch(name):
            message = f"only Prometheus 3 takes {name!r} as the name of {what}"
            self.warn("name", place, message, "use letters, digits and underscores", rule)
