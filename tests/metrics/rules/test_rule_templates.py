"""Templates of annotations and labels, against Prometheus' own words for the same values."""

from __future__ import annotations

import contextlib
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.metrics.rules.templates.numbers import written
from cockpit.metrics.rules.templates.render import Known, check, labels_used, render, rendered_or_raw
from cockpit.metrics.rules.templates.syntax import FillError, TemplateError

KNOWN = Known({"revision": "app-00279-kub", "job": "api", "host": "a.b.example:9090"}, 0.1234, {"region": "eu"})


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("no action", "no action"),
        ("{{ $labels.revision }} at {{ $value }}", "app-00279-kub at 0.1234"),
        ("{{ .Labels.job }}/{{ .Value }}/{{ $.Labels.job }}", "api/0.1234/api"),
        ("[{{ $labels.missing }}]", "[]"),
        ("{{ $externalLabels.region }}{{ .ExternalLabels.region }}", "eueu"),
        ("{{ $value | humanizePercentage }}", "12.34%"),
        ('{{ printf "%.1f %5.2f|%-6s|%q %d%%" $value $value "a" "b" 3 }}', '0.1  0.12|a     |"b" 3%'),
        ('{{ printf "%d" $value }}', "%!d(0.1234)"),
        ('{{ printf "%s %v" "x" }}', "x %!v(MISSING)"),
        ('{{ $value | printf "%.2f" }}', "0.12"),
        ('{{ (printf "%s!" $labels.job) | toUpper }}', "API!"),
        ("{{ title `some words` }} {{ toLower `ABC` }}", "Some Words abc"),
        ('{{ if match "^app-" $labels.revision }}ours{{ else }}theirs{{ end }}', "ours"),
        ('{{ reReplaceAll "(.*)" "<$' + "9" * 5000 + '>" "a" }}', "<>"),
        ('{{ reReplaceAll "(.*)" "<$1>" "é" }} {{ reReplaceAll "a*" "x" "baac" }}', "<é> xbxcx"),
        ('{{ reReplaceAll "(.*)" "x" "" }}', "x"),
        ('{{ reReplaceAll "app-(\\\\d+)-.*" "${1}/$1" $labels.revision }}', "00279/00279"),
        ("{{ if gt $value 0.5 }}high{{ else if gt $value 0.1 }}raised{{ else }}low{{ end }}", "raised"),
        ("{{ with $labels.job }}job {{ . }}{{ end }}", "job api"),
        ("{{ with $labels.missing }}{{ . }}{{ else }}none{{ end }}", "none"),
        ("{{ if and $labels.job (not $labels.missing) }}yes{{ end }}", "yes"),
        ('{{ if or $labels.missing "x" }}yes{{ end }}', "yes"),
        ('{{ if eq $labels.job "web" "api" }}yes{{ end }}', "yes"),
        ('{{ $x := "a" }}{{ if true }}{{ $x = "b" }}{{ end }}{{ $x }}', "b"),
        ('{{ $x := "a" }}{{ if true }}{{ $x := "b" }}{{ end }}{{ $x }}', "a"),
        ("a  {{- /* gone */ -}}  b", "ab"),
        ("a {{ 1 -}} \n b", "a 1b"),
        ('{{ "}}" }}', "}}"),
        ('{{ "\\u00e4\\x41" }}', "äA"),
        ('{{ index $labels "job" }}{{ len "äb" }}', "api3"),
        ("{{ stripPort $labels.host }} {{ stripDomain $labels.host }}", "a.b.example a:9090"),
        ("{{ parseDuration `1h` }}", "3600"),
        ("{{ print 1 2 }}", "12"),
        ("{{ 0x10 }} {{ 1e3 }} {{ true }}", "16 1000 true"),
        ("{{ $labels }}", "map[host:a.b.example:9090 job:api revision:app-00279-kub]"),
    ],
)
def test_what_a_template_comes_to(template: str, text: str) -> None:
    check(template)
    assert render(template, KNOWN) == text


@pytest.mark.parametrize(
    ("function", "value", "text"),
    [
        # The cases of Prometheus' own template tests.
        ("humanize", 0.0, "0"),
        ("humanize", 1.0, "1"),
        ("humanize", 1234567.0, "1.235M"),
        ("humanize", 0.12, "120m"),
        ("humanize", math.inf, "+Inf"),
        ("humanize", math.nan, "NaN"),
        ("humanize1024", 0.0, "0"),
        ("humanize1024", 1048576.0, "1Mi"),
        ("humanize1024", 0.12, "0.12"),
        ("humanizeDuration", 0.0, "0s"),
        ("humanizeDuration", 1.0, "1s"),
        ("humanizeDuration", 60.0, "1m 0s"),
        ("humanizeDuration", 3600.0, "1h 0m 0s"),
        ("humanizeDuration", 86400.0, "1d 0h 0m 0s"),
        ("humanizeDuration", 86400 + 3600 + 60 + 1.0, "1d 1h 1m 1s"),
        ("humanizeDuration", -(86400 * 2 + 3600 * 3 + 60 * 4 + 5.0), "-2d 3h 4m 5s"),
        ("humanizeDuration", 899.99, "14m 59s"),
        ("humanizeDuration", 0.1, "100ms"),
        ("humanizeDuration", 0.0001, "100us"),
        ("humanizeDuration", 0.12345, "123.5ms"),
        ("humanizeDuration", 60.1, "1m 0s"),
        ("humanizeDuration", 12.345, "12.35s"),
        ("humanizePercentage", -0.22222, "-22.22%"),
        ("humanizePercentage", 0.1234567, "12.35%"),
        ("humanizeTimestamp", 1435065584.128, "2015-06-23 13:19:44.128 +0000 UTC"),
        ("humanizeTimestamp", math.inf, "+Inf"),
    ],
)
def test_numbers_for_people_are_prometheus_own(function: str, value: float, text: str) -> None:
    assert render(f"{{{{ $value | {function} }}}}", Known({}, value)) == text


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{{ $value", "not closed"),
        ("{{ }}", "a value is missing"),
        ("{{ end }}", "closes nothing"),
        ("{{ if true }}", "without its {{end}}"),
        ("{{ if }}{{ end }}", "a value is missing"),
        ("{{ nope }}", "there is no function nope"),
        ("{{ $nope }}", "the variable $nope is not known"),
        ("{{ $nope = 1 }}", "the variable $nope is not known"),
        ("{{ $value | 5 }}", "after a pipe is no function"),
        ("{{ ( $value }}", "a parenthesis is not closed"),
        ("{{ $value ) }}", "')' is not expected"),
        ("{{ # }}", "'#' is not understood"),
        ('{{ "\\q" }}', "escape"),
        ("{{ if true }}{{ else with 1 }}{{ end }}", "inside if"),
        ("{{" + "(" * 100 + "1" + ")" * 100 + "}}", "nested too deeply"),
        ("{{ if 1 }}" * 100 + "{{ end }}" * 100, "nested too deeply"),
    ],
)
def test_what_is_no_template_is_said(template: str, says: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(says)) as caught:
        check(template)
    assert caught.value.word == ""
    assert rendered_or_raw(template, KNOWN) == template


@pytest.mark.parametrize("word", ["query", "range", "template", "first", "tableLink", "define"])
def test_what_is_not_supported_is_named(word: str) -> None:
    template = f'see {{{{ {word} "x" }}}}'
    with pytest.raises(TemplateError, match=f"{word} is not supported here") as caught:
        check(template)
    assert caught.value.word == word
    assert rendered_or_raw(template, KNOWN) == template


@pytest.mark.parametrize("template", ["{{ title }}", "{{ humanize 1 2 }}", "{{ .Foo }}", "{{ humanize `x` }}"])
def test_what_fails_on_filling_shows_raw(template: str) -> None:
    assert rendered_or_raw(template, KNOWN) == template
    with pytest.raises(TemplateError):
        render(template, KNOWN)


def test_a_wrong_number_of_arguments_is_no_syntax_error() -> None:
    with pytest.raises(FillError, match="title does not take 0 arguments"):
        check("{{ title }}")


def test_labels_that_a_template_reads() -> None:
    template = "{{ $labels.a }}{{ if .Labels.b }}{{ $.Labels.c | title }}{{ end }}{{ $externalLabels.d }}"
    assert labels_used(template) == {"a", "b", "c"}
    assert labels_used("plain") == set()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (0.1, "0.1"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (1.5e300, "1.5e+300"),
        (-0.0, "-0"),
        (123456789.125, "123456789.125"),
        (-math.inf, "-Inf"),
    ],
)
def test_floats_are_written_as_go_writes_them(value: float, text: str) -> None:
    assert written(value) == text


@given(st.text(alphabet='{}$.|()"`-: \nabifenduxLabels1=/*', max_size=40))
def test_any_text_ends_in_a_text_or_a_template_error(text: str) -> None:
    with contextlib.suppress(TemplateError):
        check(text)
    assert isinstance(rendered_or_raw(text, KNOWN), str)
