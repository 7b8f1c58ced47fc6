"""Settings → live metrics. Imported in a thread, when a session starts: numpy and httpx come with it."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from cockpit.config import ConfigError
from cockpit.live.metrics.habits import MetricsHabits, ScrapeHabits
from cockpit.live.metrics.kept import MEBIBYTE, Kept
from cockpit.live.metrics.last_use import LastUse
from cockpit.live.metrics.target_feed import ScrapeMeans
from cockpit.live.metrics.watch import MetricsWatch
from cockpit.live.metrics.worker import Worker
from cockpit.metrics.rules.files import read_rules
from cockpit.metrics.rules.findings import RulesError
from cockpit.metrics.signals.signal import Better, Kind, Signal, SignalError
from cockpit.sources.errors import InvalidError
from cockpit.sources.prometheus.engine import Remote, RemoteEngine
from cockpit.sources.scrape import Scraper
from cockpit.text import clean
from cockpit.wiring.headers import headers_of, tokens_of
from cockpit.wiring.remote import scope_of
from cockpit.wiring.rules import own_rules, rule_files

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.config import Settings
    from cockpit.config.metrics import TargetSettings
    from cockpit.live.clock import Clock
    from cockpit.live.metrics.kept import Tap
    from cockpit.live.telemetry import Telemetry
    from cockpit.metrics.rules.findings import Reading
    from cockpit.metrics.rules.model import Group
    from cockpit.release.service import ServiceRef


class Metering:
    """What the metrics of every session share: connections, tokens, habits. Raises ConfigError."""

    def __init__(self, settings: Settings, clock: Clock, telemetry: Telemetry) -> None:
        self._clock = clock
        self._telemetry = telemetry
        self._random = Random()
        self._habits = habits_of(settings)
        self._scraper = Scraper(tokens_of(settings), wall=clock.time)
        self._remote = None if settings.metrics.local else remote_engine(settings)
        self._scope = scope_of(settings)

    def watch(self, ref: ServiceRef, changed: Callable[[], None], tap: Tap | None = None) -> MetricsWatch:
        """The metrics of one service, whose samples `tap` hears of; nothing runs yet."""
        habits = self._habits
        means = ScrapeMeans(
            scraper=self._scraper,
            kept=Kept(
                ref.service,
                minutes=habits.retention_minutes,
                mebibytes=habits.memory_mebibytes,
                window=habits.window,
                tap=tap,
            ),
            worker=Worker(),
            last_use=LastUse(self._clock.now(), habits.idle),
            clock=self._clock,
            epoch=self._clock.epoch,
            random=self._random,
            telemetry=self._telemetry,
            changed=changed,
        )
        remote = self._remote and (self._remote[0], self._remote[1].within(self._scope.of(ref)))
        return MetricsWatch(habits, means, remote=remote)

    @property
    def elsewhere(self) -> RemoteEngine | None:
        """The engine that settings name, for every service's series; None where the cockpit answers itself."""
        return self._remote[1] if self._remote is not None else None

    async def close(self) -> None:
        """Close every connection."""
        await self._scraper.close()
        if self._remote is not None:
            await self._remote[1].close()


def remote_engine(settings: Settings) -> tuple[str, RemoteEngine]:
    """The engine that settings name, and its URL. Raises ConfigError."""
    metrics, remote = settings.metrics, settings.metrics.remote
    asked = Remote(
        metrics.engine,
        headers=headers_of(settings, "metrics.remote.headers", remote.headers),
        labels=dict(remote.labels.items()),
        timeout=remote.timeout_seconds,
        google_project=settings.service.project if remote.auth == "google" else "",
        ca_file=remote.ca_file,
    )
    try:
        return metrics.engine, RemoteEngine(asked)
    except InvalidError as error:
        raise settings.error("metrics.engine", f"cannot be: {error}", error.mend) from error


def habits_of(settings: Settings) -> MetricsHabits:
    """The habits that settings give. Raises ConfigError."""
    metrics = settings.metrics
    scrape = ScrapeHabits(
        paths=metrics.paths,
        # Where another engine answers nothing is scraped: what only a scrape needs may be missing.
        headers=headers_of(settings, "metrics.headers", metrics.headers if metrics.local else {}),
        interval=metrics.interval_seconds,
        timeout=metrics.timeout_seconds,
        burst=metrics.burst,
        most=metrics.size_mib * MEBIBYTE,
    )
    return MetricsHabits(
        scrape=scrape,
        by_tag={
            target.tag: _of_target(settings, f"metrics.targets[{at}]", scrape, target)
            for at, target in enumerate(metrics.targets)
        },
        interval=metrics.interval_seconds,
        idle=metrics.idle_seconds,
        window=round(metrics.window_seconds),
        retention_minutes=metrics.retention_minutes,
        memory_mebibytes=metrics.memory_mib,
        signals=_signals(settings),
        groups=_groups(settings),
        asked=asked_paths(settings),
    )


def asked_paths(settings: Settings) -> frozenset[str]:
    """The paths of health checks and timelines, without their queries."""
    paths = [check.path for check in settings.app.health.checks] + [each.path for each in settings.app.timelines]
    return frozenset(path.partition("?")[0] for path in paths)


def _of_target(settings: Settings, key: str, scrape: ScrapeHabits, target: TargetSettings) -> ScrapeHabits:
    """The habits for one tag: what its table leaves out stays as it is for all. Raises ConfigError."""
    headers = target.headers if settings.metrics.local else None
    found = {
        "paths": target.paths,
        "headers": None if headers is None else headers_of(settings, f"{key}.headers", headers),
        "interval": target.interval_seconds,
        "timeout": target.timeout_seconds,
        "burst": target.burst,
        "most": None if target.size_mib is None else target.size_mib * MEBIBYTE,
    }
    given = {name: value for name, value in found.items() if value is not None}
    return replace(scrape, wanted=target.scrape, **given)  # type: ignore[arg-type]


def _signals(settings: Settings) -> tuple[Signal, ...]:
    found = []
    for at, each in enumerate(settings.metrics.signals):
        try:
            found.append(
                Signal(
                    id=each.id,
                    title=each.title or each.id,
                    kind=Kind(each.kind),
                    source=each.source,
                    total=each.total,
                    quantile=each.quantile,
                    unit=each.unit,
                    better=Better(each.better),
                    tolerance=each.tolerance,
                )
            )
        except SignalError as error:
            raise settings.error(f"metrics.signals[{at}]", f"cannot be: {error}") from error
    return tuple(found)


def _groups(settings: Settings) -> tuple[Group, ...]:
    """The groups of config.toml and those of the rule files it names."""
    _, own = own_rules(settings)
    groups = list(_loaded(own))
    for path in rule_files(settings):
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            reason = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else _reason(error)
            wrong = f"names {clean(str(path))}, which cannot be read: {reason}"
            raise settings.error("metrics.rules", wrong, "name readable files in UTF-8") from error
        groups += _loaded(read_rules(text, str(path)))
    return tuple(groups)


def _reason(error: Exception) -> str:
    """Why a file cannot be read."""
    return (getattr(error, "strerror", None) or str(error)).lower()


def _loaded(reading: Reading) -> tuple[Group, ...]:
    """The groups, unless Prometheus would refuse them. Raises ConfigError."""
    try:
        return reading.loaded()
    except RulesError as error:
        raise ConfigError(str(error), error.mend or "`cockpit rules check` lists all that is wrong") from error
