"""Our arithmetic beside gcloud's own code, run from an installed gcloud in a process of its own."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cockpit.release.plan import Intent, Plan, gcloud
from cockpit.release.service import ServiceRef
from cockpit.release.traffic import LATEST, LATEST_WORD, Split, Target, TrafficError, label, percents, shift, tags

DRIVER = """
import json, sys, types
from googlecloudsdk.api_lib.run import traffic

class TrafficTarget:
    def __init__(self, latestRevision=None, revisionName=None, percent=None, tag=None):
        self.latestRevision, self.revisionName, self.percent, self.tag = latestRevision, revisionName, percent, tag

messages = types.SimpleNamespace(TrafficTarget=TrafficTarget)

def run(case):
    wrapped = [traffic.NewTrafficTarget(messages, name, percent or None, tag or None)
               for name, percent, tag in case["split"]]
    targets = traffic.TrafficTargets(messages, wrapped)
    try:
        if case["update_tags"] or case["remove_tags"]:
            targets.UpdateTags(case["update_tags"], case["remove_tags"], False)
        if case["percents"]:
            targets.UpdateTraffic(case["percents"])
    except (traffic.InvalidTrafficSpecificationError, ValueError):
        return None
    return [[traffic.GetKey(t), t.percent or 0, t.tag or ""] for t in wrapped]

json.dump([run(case) for case in json.load(sys.stdin)], sys.stdout)
"""

NAMES = ("a", "b", "c", "d", LATEST)
Case = dict[str, object]


def sdk() -> Path:
    found = shutil.which("gcloud")
    lib = Path(found).resolve().parent.parent / "lib" if found else None
    if not lib or not (lib / "googlecloudsdk/api_lib/run/traffic.py").exists():
        pytest.skip("gcloud is not installed here, or without its Python code")
    return lib


def ask_gcloud(cases: list[Case]) -> list[Split | None]:
    lib = sdk()
    done = subprocess.run(
        [sys.executable, "-c", DRIVER],
        input=json.dumps(cases),
        env={"PYTHONPATH": f"{lib}:{lib / 'third_party'}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return [
        None if answer is None else tuple(Target("" if k == LATEST_WORD else k, p, t) for k, p, t in answer)
        for answer in json.loads(done.stdout)
    ]


def some_split(dice: random.Random) -> Split:
    names = dice.sample(NAMES, dice.randint(1, 5))
    cuts = sorted(dice.sample(range(1, 100), len(names) - 1))
    parts = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
    tagged = [Target(dice.choice(NAMES), 0, tag) for tag in ("canary", "stable") if dice.random() < 0.5]
    shares = [Target(name, part) for name, part in zip(names, parts, strict=True)]
    return tuple(shares + tagged)


def case(split: Split, asked: dict[str, int], put: dict[str, str], gone: list[str]) -> Case:
    return {
        "split": [[label(t.revision), t.percent, t.tag] for t in split],
        "percents": {label(name): percent for name, percent in asked.items()},
        "update_tags": put,
        "remove_tags": gone,
    }


def meaning(split: Split) -> tuple[dict[str, int], dict[str, str]]:
    return percents(split), tags(split)


@pytest.mark.slow
def test_shift_is_gclouds_to_the_point() -> None:
    dice = random.Random(20251010)
    wishes = []
    for _ in range(4000):
        asked = {name: dice.randint(0, 60) for name in dice.sample((*NAMES, "new"), dice.randint(1, 3))}
        wishes.append((some_split(dice), asked))
    answers = ask_gcloud([case(split, asked, {}, []) for split, asked in wishes])
    refused = 0
    for (split, asked), answer in zip(wishes, answers, strict=True):
        if answer is None:
            refused += 1
            with pytest.raises(TrafficError):
                shift(split, asked)
        else:
            assert meaning(shift(split, asked)) == meaning(answer), (split, asked)
    assert 100 < refused < 2000


@pytest.mark.slow
def test_gcloud_makes_of_our_command_what_the_plan_says() -> None:
    dice = random.Random(469005)
    plans = [
        Plan(ServiceRef("p", "r", "s"), Intent.SHIFT, some_split(dice), some_split(dice), 1, "")
        for _ in range(2000)
    ]
    cases = []
    for plan in plans:
        flags = dict(word.partition("=")[::2] for word in gcloud(plan).split()[9:])
        shares = "LATEST=100" if "--to-latest" in flags else flags.get("--to-revisions", "")
        asked = {name: int(percent) for name, percent in _pairs(shares).items()}
        gone = [tag for tag in flags.get("--remove-tags", "").split(",") if tag]
        cases.append(case(plan.before, asked, _pairs(flags.get("--update-tags", "")), gone))
    for plan, answer in zip(plans, ask_gcloud(cases), strict=True):
        assert answer is not None
        assert meaning(answer) == meaning(plan.after), gcloud(plan)


def _pairs(flag: str) -> dict[str, str]:
    return {name: value for name, _, value in (pair.partition("=") for pair in flag.split(",") if pair)}
