"""Tables out of answers, and through the transformations of a panel."""

from __future__ import annotations

import math
from typing import Any

import pytest

from cockpit.metrics.dashboards.fields import Field, Matcher, Override, Style
from cockpit.metrics.dashboards.model import Kind, TargetFormat
from cockpit.metrics.dashboards.options import TableOptions
from cockpit.metrics.dashboards.series import series_of
from cockpit.metrics.dashboards.tables import Table, table_of
from cockpit.metrics.engine import Answer
from tests.metrics.dashboards.written import asked, bare, matrix, one, vector

CPU = vector(({"pod": "a", "node": "n1"}, 1.0), ({"pod": "b", "node": "n2"}, 2.0))
MEMORY = vector(({"pod": "b"}, 30.0), ({"pod": "c"}, 40.0))


def table(*changes: dict[str, Any], answers: tuple[Answer, ...] = (CPU, MEMORY), **panel: Any) -> Table:
    """What a table panel makes of answers in the format of tables."""
    written = one("table", transformations=list(changes), **panel)
    assert written.missing == ()
    pairs = [(asked(ref=ref, form=TargetFormat.TABLE), answer) for ref, answer in zip("AB", answers, strict=False)]
    return table_of(written, pairs, (), {})


def cells(found: Table) -> dict[str, list[str]]:
    """The texts of the columns, in their order."""
    return {column.name: [str(cell) for cell in column.cells] for column in found.columns}


def change(name: str, **options: Any) -> dict[str, Any]:
    """One transformation."""
    return {"id": name, "options": options}


JOIN = change("joinByField", byField="pod", mode="outer")


def test_tables_are_joined_by_a_column() -> None:
    assert cells(table(JOIN)) == {
        "node": ["n1", "n2", ""],
        "pod": ["a", "b", "c"],
        "Value #A": ["1", "2", ""],
        "Value #B": ["", "30", "40"],
    }


def test_only_rows_that_every_table_has() -> None:
    assert cells(table(change("joinByField", byField="pod", mode="inner")))["pod"] == ["b"]


def test_merged_rows_agree_in_all_they_share() -> None:
    other = vector(({"pod": "a", "node": "n1"}, 7.0))
    assert cells(table(change("merge"), answers=(CPU, other))) == {
        "node": ["n1", "n2"],
        "pod": ["a", "b"],
        "Value #A": ["1", "2"],
        "Value #B": ["7", ""],
    }


def test_columns_are_left_out_renamed_and_ordered() -> None:
    organize = change(
        "organize",
        excludeByName={"Time": True, "node": True, "pod": False},
        indexByName={"Value #B": 0, "pod": 1, "Value #A": 2},
        renameByName={"Value #A": "CPU", "pod": "Pod", "Value #B": ""},
    )
    override = {
        "matcher": {"id": "byName", "options": "CPU"},
        "properties": [{"id": "unit", "value": "percentunit"}],
    }
    found = table(JOIN, organize, fieldConfig={"overrides": [override]})
    assert list(cells(found).items()) == [
        ("Value #B", ["", "30", "40"]),
        ("Pod", ["a", "b", "c"]),
        ("CPU", ["100%", "200%", ""]),
    ]


def test_an_override_by_target_finds_a_renamed_column() -> None:
    override = {
        "matcher": {"id": "byFrameRefID", "options": "B"},
        "properties": [{"id": "unit", "value": "bytes"}],
    }
    organize = change("organize", renameByName={"Value #B": "Memory"})
    found = table(JOIN, organize, fieldConfig={"overrides": [override]})
    assert cells(found)["Memory"] == ["", "30 B", "40 B"]


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({"include": {"names": ["pod", "Value"]}}, ["pod", "Value"]),
        ({"include": {"pattern": "/^p/"}}, ["pod"]),
        ({"exclude": {"names": ["node"]}}, ["pod", "Value"]),
    ],
)
def test_columns_are_kept_by_name(options: dict[str, Any], names: list[str]) -> None:
    assert list(cells(table(change("filterFieldsByName", **options), answers=(CPU,)))) == names


def test_rows_are_grouped_and_columns_calculated() -> None:
    fields = {
        "pod": {"operation": "groupby", "aggregations": []},
        "Value #A": {"operation": "aggregate", "aggregations": ["lastNotNull"]},
        "Value #B": {"operation": "aggregate", "aggregations": ["lastNotNull"]},
    }
    used = change(
        "calculateField",
        mode="binary",
        alias="Share",
        binary={"left": "Value #A (lastNotNull)", "operator": "/", "right": "Value #B (lastNotNull)"},
    )
    free = change(
        "calculateField",
        mode="binary",
        binary={
            "left": {"matcher": {"id": "byName", "options": "Share"}},
            "operator": "*",
            "right": {"fixed": "0"},
        },
    )
    twice = vector(({"pod": "a", "x": "1"}, 3.0), ({"pod": "a", "x": "2"}, 4.0))
    size = vector(({"pod": "a"}, 8.0), ({"pod": "b"}, 0.0))
    found = cells(table(change("groupBy", fields=fields), change("merge"), used, free, answers=(twice, size)))
    assert found["pod"] == ["a", "b"]
    assert found["Share"] == ["0.5", ""]
    assert found["Share * 0"] == ["0", ""]


def test_nothing_is_divided_by_zero() -> None:
    by_zero = change(
        "calculateField",
        mode="binary",
        replaceFields=True,
        binary={"left": "Value", "operator": "/", "right": "0"},
    )
    assert cells(table(by_zero, answers=(CPU,))) == {"Value / 0": ["NaN", "NaN"]}


def test_rows_are_sorted_and_cut() -> None:
    by = change("sortBy", sort=[{"field": "Value", "desc": True}])
    assert cells(table(by, change("limit", limitField=1), answers=(CPU,)))["pod"] == ["b"]


def test_labels_of_series_become_columns() -> None:
    panel = one("table", transformations=[change("labelsToFields"), change("merge")])
    assert cells(table_of(panel, [(asked(), CPU)], (), {})) == {
        "node": ["n1", "n2"],
        "pod": ["a", "b"],
        "Value": ["1", "2"],
    }


def test_a_saved_order_may_name_a_column_as_it_is_renamed() -> None:
    override = {
        "matcher": {"id": "byName", "options": "Value"},
        "properties": [{"id": "displayName", "value": "CPU"}],
    }
    found = table(
        answers=(CPU,),
        fieldConfig={"overrides": [override]},
        options={"sortBy": [{"displayName": "CPU", "desc": True}]},
    )
    assert cells(found)["CPU"] == ["2", "1"]


@pytest.mark.parametrize(
    "written",
    [
        change("calculateField", mode="window"),
        change("calculateField", mode="binary", binary={"left": "a", "operator": "^", "right": "b"}),
        change("joinByField"),
        change("labelsToFields", mode="rows"),
        change("groupBy", fields={}),
        change("sortBy"),
        change("filterFieldsByName"),
        change("unheard"),
        {},
    ],
)
def test_what_cannot_be_done_is_said(written: dict[str, Any]) -> None:
    panel = one("table", transformations=[written])
    assert panel.missing == (f"transformations: {written.get('id', 'none')}",)
    assert panel.changes == ()


ROWS = vector(({"__name__": "up", "job": "b"}, 1.0), ({"__name__": "up", "job": "a"}, 2.0))


def test_a_table_of_labels_and_values() -> None:
    hide = Override(Matcher.NAME, ("__name__",), Field(style=Style(hidden=True)))
    rename = Override(Matcher.NAME, ("Value",), Field(display_name="Up", unit="percentunit"))
    panel = bare(Kind.TABLE, overrides=(hide, rename), options=TableOptions(sort=(("Up", True),)))
    question = asked(form=TargetFormat.TABLE)
    assert cells(table_of(panel, [(question, ROWS)], (), {})) == {"job": ["a", "b"], "Up": ["200%", "100%"]}


def test_several_targets_stand_side_by_side() -> None:
    one = asked(ref="A", form=TargetFormat.TABLE), vector(({"job": "a"}, 1.0), ({"job": "b"}, 2.0))
    other = asked(ref="B", form=TargetFormat.TABLE), vector(({"job": "b"}, 3.0))
    found = table_of(bare(Kind.TABLE), [one, other], (), {})
    assert cells(found) == {"job": ["a", "b"], "Value #A": ["1", "2"], "Value #B": ["", "3"]}


def test_a_table_over_time_has_its_times() -> None:
    answer = matrix(({"job": "a"}, [1.0, 2.0]))
    found = cells(table_of(bare(Kind.TABLE), [(asked(form=TargetFormat.TABLE), answer)], (), {}))
    assert found == {
        "Time": ["2025-10-09 08:53:05", "2025-10-09 08:53:20"],
        "job": ["a", "a"],
        "Value": ["1", "2"],
    }


def test_a_table_of_series_has_their_last_values() -> None:
    panel = bare(Kind.TABLE)
    answers = [(asked(legend="{{pod}}"), matrix(({"pod": "x"}, [1.0, 2.0]), ({"pod": "y"}, [3.0, math.nan])))]
    found = table_of(panel, answers, series_of(panel, answers, {}).series, {})
    assert cells(found) == {"Series": ["x", "y"], "Value": ["2", "3"]}
    assert found.rows == 2


def test_a_table_without_rows() -> None:
    assert table_of(bare(Kind.TABLE), [], (), {}) == Table(())
