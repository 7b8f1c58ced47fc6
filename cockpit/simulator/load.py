"""The application's users, and the scanners that every public address has, as an endless seeded series."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from types import MappingProxyType
from typing import Any

BROWSERS = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0",
)
UPTIME_CHECKER = "GoogleStackdriverMonitoring-UptimeChecks(https://cloud.google.com/monitoring)"
SCANNERS = ("python-requests/2.32.3", "Go-http-client/1.1", "zgrab/0.x")
SCANNED = (
    ("GET", "/.env"),
    ("GET", "/.git/config"),
    ("POST", "/wp-login.php"),
    ("GET", "/wp-admin/setup-config.php"),
    ("GET", "/phpinfo.php"),
    ("POST", "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php"),
)
ASSETS = ("/", "/assets/app.js", "/assets/app.css", "/favicon.ico")
PERIODS, PERIOD_WEIGHTS = ("7d", "30d", "90d", "1y"), (6, 3, 1, 1)
ACTIONS, ACTION_WEIGHTS = ("viewed", "continued", "dismissed", "marked_wrong"), (5, 3, 2, 1)
WORDS = (
    "memory",
    "pattern",
    "morning",
    "focus",
    "garden",
    "travel",
    "music",
    "deadline",
    "sleep",
    "anchor",
    "habit",
)
USERS = 40
TOPICS = 400
NEW_TOPICS = 0.4
"""The share of analyses that are of something nobody wrote about before."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request that somebody makes. `address` is where from, `json` the body, if any."""

    method: str
    path: str
    agent: str
    address: str
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Mapping[str, Any] | None = None


class Crowd:
    """Everybody who calls the service."""

    def __init__(self, seed: int) -> None:
        self._rng = Random(seed)

    def visits(self) -> Iterator[Visit]:
        """Their requests, for ever."""
        kinds, weights = list(SHARES), list(SHARES.values())
        while True:
            yield self._rng.choices(kinds, weights)[0](self)

    def _chat(self) -> Visit:
        message = " ".join(self._rng.choices(WORDS, k=self._rng.randint(4, 20)))
        thread = f"t{self._rng.randrange(6)}"
        return self._signed_in("POST", "/api/chat", {"message": message, "thread_id": thread})

    def _analysis(self) -> Visit:
        # Users come back to few topics often and to most of them rarely, so that a cache is worth having; what is
        # new to it keeps coming, however long it runs.
        fresh = self._rng.random() < NEW_TOPICS
        topic = self._rng.getrandbits(32) if fresh else min(int(self._rng.paretovariate(0.7)), TOPICS)
        text = f"notes on topic {topic}: {WORDS[topic % len(WORDS)]}"
        return self._signed_in("POST", "/api/memory/analyze", {"text": text})

    def _interaction(self) -> Visit:
        action = self._rng.choices(ACTIONS, ACTION_WEIGHTS)[0]
        return self._signed_in("POST", "/api/concepts/interactions", {"action": action})

    def _timeline(self) -> Visit:
        kind = self._rng.choice(("activity", "costs", "tokens"))
        period = self._rng.choices(PERIODS, PERIOD_WEIGHTS)[0]
        return self._signed_in("GET", f"/api/dashboard/timeline/{kind}?period={period}")

    def _asset(self) -> Visit:
        return Visit("GET", self._rng.choice(ASSETS), self._rng.choice(BROWSERS), self._address("198.51.100"))

    def _health(self) -> Visit:
        return Visit("GET", "/api/health", UPTIME_CHECKER, self._address("192.0.2"))

    def _scan(self) -> Visit:
        method, path = self._rng.choice(SCANNED)
        return Visit(method, path, self._rng.choice(SCANNERS), self._address("203.0.113"))

    def _signed_in(self, method: str, path: str, json: Mapping[str, Any] | None = None) -> Visit:
        """A request of one of the users, with the read-only fallback's headers."""
        user = self._rng.randrange(USERS)
        headers = {"x-dev-bypass": "1", "x-user-id": f"user-{user}"}
        return Visit(method, path, BROWSERS[user % len(BROWSERS)], f"198.51.100.{user + 1}", headers, json)

    def _address(self, network: str) -> str:
        """Any address of one of the networks that documentation may use (RFC 5737)."""
        return f"{network}.{self._rng.randint(1, 254)}"


SHARES: Mapping[Callable[[Crowd], Visit], int] = MappingProxyType(
    {
        Crowd._chat: 34,
        Crowd._analysis: 22,
        Crowd._timeline: 16,
        Crowd._asset: 16,
        Crowd._health: 6,
        Crowd._interaction: 4,
        Crowd._scan: 2,
    }
)
"""Each kind's share of the requests, in percent."""
