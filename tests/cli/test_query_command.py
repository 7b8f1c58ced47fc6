"""`cockpit query` on saved metrics, as people and scripts run it; live services and engines are in
test_metrics_commands.py."""

from __future__ import annotations

import io
import json
import os
import threading
from typing import TYPE_CHECKING

import pytest

from cockpit.cli import recording, run
from cockpit.cli.exits import CommandError, Exit
from cockpit.cli.saved import MEBIBYTE, read_saved

if TYPE_CHECKING:
    from pathlib import Path

    Captured = pytest.CaptureFixture[str]

SAVED = 1_760_062_320
EXPOSED = """\
# TYPE jobs_total counter
jobs_total{queue="mail",code="500"} 4
jobs_total{queue="mail",code="200"} 36
jobs_total{queue="evil\\"\\n\x1b[2J\u202e",code="200"} NaN
up_since_seconds 1.7e9
"""
RECORDED = """\
# TYPE jobs counter
jobs_total{queue="mail"} 10 1760000000
jobs_total{queue="mail"} 40 1760000030
jobs_total{queue="mail"} 70 1760000060
jobs_total{queue="bulk"} 5 1760000000
jobs_total{queue="bulk"} 5 1760000060
# EOF
"""


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    for name in ("COCKPIT_CONFIG", "COCKPIT_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "metrics.txt").write_text(EXPOSED)
    os.utime(tmp_path / "metrics.txt", (SAVED, SAVED))
    (tmp_path / "recording.om").write_text(RECORDED)


def test_one_series_a_line_its_value_first_sorted_by_labels(capsys: Captured) -> None:
    assert run(["query", 'jobs_total{queue="mail"}', "--file", "metrics.txt"]) == Exit.OK
    captured = capsys.readouterr()
    assert captured.out.splitlines() == [
        "VALUE  SERIES",
        '   36  jobs_total{code="200", queue="mail"}',
        '    4  jobs_total{code="500", queue="mail"}',
    ]
    assert captured.err == ""


def test_an_order_that_the_expression_gives_is_kept(capsys: Captured) -> None:
    assert run(["query", 'sort(jobs_total{queue="mail"})', "--file", "metrics.txt"]) == Exit.OK
    values = [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]]
    assert values == ["4", "36"]


def test_hostile_labels_are_cleaned_for_people_and_whole_for_scripts(capsys: Captured) -> None:
    words = ["query", 'jobs_total{queue=~"evil(?s:.*)"}', "--file", "metrics.txt"]
    assert run(words) == Exit.OK
    out = capsys.readouterr().out
    assert out.splitlines()[1] == r'  NaN  jobs_total{code="200", queue="evil\"\n\x1b[2J\U0000202e"}'
    assert run([*words, "--json"]) == Exit.OK
    out = capsys.readouterr().out
    assert out.isascii()
    assert "\x1b" not in out
    (series,) = json.loads(out)["result"]
    assert series["metric"]["queue"] == 'evil"\n\x1b[2J\u202e'


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (
            ["sum(jobs_total)", "--file", "recording.om"],
            {"resultType": "vector", "result": [{"metric": {}, "value": [1760000060.0, "75"]}]},
        ),
        (["1 / 0", "--file", "metrics.txt"], {"resultType": "scalar", "result": [1760062320.0, "+Inf"]}),
        (['"é"', "--file", "metrics.txt"], {"resultType": "string", "result": [1760062320.0, "é"]}),
        (
            [
                'rate(jobs_total{queue="mail"}[1m]) * 60',
                "--file",
                "recording.om",
                "--range",
                "20s",
                "--step",
                "10s",
            ],
            {
                "resultType": "matrix",
                "result": [
                    {
                        "metric": {"queue": "mail"},
                        "values": [[1760000040.0, "50"], [1760000050.0, "60"], [1760000060.0, "60"]],
                    }
                ],
            },
        ),
        (
            ['jobs_total{queue="mail"}[1m]', "--file", "recording.om", "--at", "1760000030"],
            {
                "resultType": "matrix",
                "result": [
                    {
                        "metric": {"__name__": "jobs_total", "queue": "mail"},
                        "values": [[1760000000.0, "10"], [1760000030.0, "40"]],
                    }
                ],
            },
        ),
    ],
)
def test_json_is_the_data_of_prometheus_http_api(words: list[str], answer: object, capsys: Captured) -> None:
    assert run(["query", *words, "--json"]) == Exit.OK
    assert json.loads(capsys.readouterr().out) == answer


def test_series_over_time_stand_side_by_side_where_they_fit(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["query", "jobs_total", "--file", "recording.om", "--range", "1m", "--step", "30s"]
    assert run(words) == Exit.OK
    assert capsys.readouterr().out.splitlines() == [
        "jobs_total",
        'TIME                  {queue="bulk"}  {queue="mail"}',
        "2025-10-09T08:53:20Z               5              10",
        "2025-10-09T08:53:50Z               5              40",
        "2025-10-09T08:54:20Z               5              70",
    ]
    monkeypatch.setenv("COLUMNS", "40")
    assert run(words) == Exit.OK
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == 'jobs_total{queue="bulk"}'
    assert lines[6:8] == ['jobs_total{queue="mail"}', "TIME                  VALUE"]


@pytest.mark.parametrize(
    ("at", "value"),
    [("1760000030", "45"), ("2025-10-09T08:53:50Z", "45"), ("2025-10-09T10:53:50+02:00", "45"), ("30s", "45")],
)
def test_a_moment_is_written_as_people_write_it(at: str, value: str, capsys: Captured) -> None:
    assert run(["query", "sum(jobs_total)", "--file", "recording.om", "--at", at]) == Exit.OK
    assert capsys.readouterr().out.splitlines()[1].split() == [value, "{}"]


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("job_total", "there is no metric job_total; did you mean jobs_total?"),
        ('jobs_total{queue="male"}', "no series of jobs_total has queue='male'; did you mean 'mail'?"),
        ('jobs_total{cue="mail"}', "jobs_total has no label cue"),
        ("up", "up has no series"),
        ("jobs_total > 1e9", "its metrics are there, but nothing of them is in that time or meets its conditions"),
        (
            "rate(jobs_total[5m])",
            "the file is of one moment, 2025-10-10T02:12:00Z; rate() and its kind want several",
        ),
    ],
)
def test_nothing_found_is_no_pass_and_says_why(expression: str, says: str, capsys: Captured) -> None:
    assert run(["query", expression, "--file", "metrics.txt", "--json"]) == Exit.FAILED
    captured = capsys.readouterr()
    assert json.loads(captured.out) == {"resultType": "vector", "result": []}
    assert f"nothing found: {says}" in captured.err


def test_a_time_the_recording_does_not_have_is_told_apart(capsys: Captured) -> None:
    assert run(["query", "jobs_total", "--file", "recording.om", "--at", "1h"]) == Exit.FAILED
    assert "samples are of 2025-10-09T08:53:20Z to 2025-10-09T08:54:20Z" in capsys.readouterr().err


def test_a_bad_expression_is_shown_with_a_caret_and_a_mend(capsys: Captured) -> None:
    words = ["query", "sum(\n  rate(jobs_total))", "--file", "metrics.txt"]
    assert run(words) == Exit.USAGE
    captured = capsys.readouterr()
    assert captured.err.splitlines() == [
        "cockpit: expected type matrix in call to function 'rate', got vector",
        "    rate(jobs_total))",
        "    ^",
        "  mend: say how far back it looks: x[5m]",
    ]
    assert captured.out == ""
    assert run([*words, "--json"]) == Exit.USAGE
    error = json.loads(capsys.readouterr().out)["error"]
    assert (error["kind"], error["position"]) == ("type", 7)


def test_a_caret_stands_under_its_place_behind_wide_characters(capsys: Captured) -> None:
    assert run(["query", 'x{a="한\x1b"} y', "--file", "metrics.txt"]) == Exit.USAGE
    shown, caret = capsys.readouterr().err.splitlines()[1:3]
    assert shown == '  x{a="한␛"} y'
    assert caret == "             ^"


def test_an_expression_is_read_before_the_file(capsys: Captured) -> None:
    assert run(["query", "x y", "--file", "missing.txt"]) == Exit.USAGE
    assert "unexpected 'y'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "says", "mend"),
    [
        (None, "no such file or directory", "name a readable file"),
        (b"", "not metrics: the answer is empty", "save what the metrics endpoint answers"),
        (b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00", "not metrics but binary data", "save what"),
        (b"\x1f\x8b\x08\x00\x00", "not metrics but compressed data", "save what"),
        (b"<!doctype html><title>Sign in</title>", "not metrics but a web page: “Sign in”", "save what"),
        (b'{"status": "ok"}', "not metrics but JSON", "save what"),
        (
            b"# Metrics disabled. Set X.\n",
            "no sample in it: Metrics disabled. Set X.",
            "save it while metrics are on",
        ),
        (b"a 1\nb{ 2\n", "line 2: ", "save what"),
    ],
)
def test_a_file_that_is_no_metrics_says_what_it_is(
    content: bytes | None, says: str, mend: str, tmp_path: Path, capsys: Captured
) -> None:
    if content is not None:
        (tmp_path / "other").write_bytes(content)
    assert run(["query", "a", "--file", "other"]) == Exit.USAGE
    captured = capsys.readouterr()
    assert captured.err.startswith("cockpit: other: ")
    assert says in captured.err
    assert f"  mend: {mend}" in captured.err
    assert captured.out == ""


def test_a_directory_is_no_file(capsys: Captured) -> None:
    assert run(["query", "a", "--file", "."]) == Exit.USAGE
    assert "is a directory" in capsys.readouterr().err


def test_a_dash_is_standard_input(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(_Pipe(EXPOSED.encode())))
    assert run(["query", "up_since_seconds", "--file", "-"]) == Exit.OK
    assert "1700000000  up_since_seconds" in capsys.readouterr().out


def test_a_named_pipe_is_read_to_its_end(tmp_path: Path, capsys: Captured) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(EXPOSED,))
    writer.start()
    try:
        assert run(["query", "up_since_seconds", "--file", "pipe"]) == Exit.OK
    finally:
        writer.join()
    assert "up_since_seconds" in capsys.readouterr().out


def test_a_file_without_end_is_read_within_bounds() -> None:
    with pytest.raises(CommandError, match=r"^/dev/zero: more than 1 MiB, which is not read$"):
        read_saved("/dev/zero", MEBIBYTE)


def test_a_large_file_says_so_and_how_long_it_took(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "LARGE_BYTES", 10)
    assert run(["query", "up_since_seconds", "--file", "metrics.txt"]) == Exit.OK
    first, last = capsys.readouterr().err.splitlines()
    assert first == "reading metrics.txt, 0 MiB …"
    assert last.startswith("4 samples of 4 series, read in ")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--step", "5s"], "--step without --range"),
        (["--range", "1h", "--step", "0s"], "is no time at all"),
        (["--range", "soon"], "'soon' is not a duration"),
        (["--at", "yesterday"], "--at: 'yesterday' is no moment"),
        (["--at", "2025-10-10T02:12:00"], "--at: '2025-10-10T02:12:00' is no moment"),
        (["--at", "1e300"], "--at: '1e300' is no moment"),
        (["--at", "nan"], "--at: 'nan' is no moment"),
        (["--engine", "http://127.0.0.1:9"], "a file is asked alone"),
        (["--for", "5s"], "a file is asked alone"),
        (["--range", "1h", "--step", "1ms"], "the range has 3,600,001 steps"),
    ],
)
def test_wrong_usage_is_one_line_and_a_mend(words: list[str], says: str, capsys: Captured) -> None:
    code = run(["query", "jobs_total", "--file", "metrics.txt", *words])
    assert code == (Exit.FAILED if "steps" in says else Exit.USAGE)
    first, second = capsys.readouterr().err.splitlines()
    assert says in first
    assert second.startswith("  mend: ")


class _Pipe(io.BytesIO):
    """Bytes that come with a file descriptor, as those of standard input do."""

    def fileno(self) -> int:
        return 0
