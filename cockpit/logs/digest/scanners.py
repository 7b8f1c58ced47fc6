"""Requests that only scanners make: what they looked for, from where, and what they were told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import unquote

import numpy as np
import re2

from cockpit.logs.digest.result import Answered, Probes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cockpit.logs.digest.requests import EndpointTable, Requests
    from cockpit.logs.names import Names

Key = TypeVar("Key", int, str)

_KINDS = {
    "known exploits": r"eval-stdin\.php|invokefunction|call_user_func|\$\{jndi:|/hnap1\b|/boaform/|/gponform/"
    r"|/setup\.cgi|/solr/admin|/geoserver/|/_ignition/|/struts|/owa/auth|/autodiscover/|/ecp/|/vtigercrm|/druid/"
    r"|allow_url_include|/shell(?:\?|$)|wget(?:\+|%20|\s)+http|/sdk/weblanguage|/\.well-known/security\.php|/fckeditor",
    "path traversal": r"(?:^|[/\\=])\.\.(?:[/\\]|$)|/etc/passwd|/proc/self/|win\.ini|boot\.ini",
    ".env": r"/\.env\b",
    "Git": r"/\.git(?:$|[/\w-])|/\.svn(?:$|/)|/\.hg(?:$|/)",
    "secrets": r"/\.(?:aws|ssh|kube|docker)(?:$|/)|/\.(?:npmrc|htpasswd|htaccess|pgpass|netrc"
    r"|ds_store|bash_history|git-credentials|vscode|idea)|/id_(?:rsa|dsa|ed25519)|/credentials(?:\.\w+)?$"
    r"|/(?:server|private|privkey)\.(?:key|pem)$|/secrets?\.(?:json|ya?ml|txt)$|/web\.config$|/config\.(?:bak|old)$"
    r"|/(?:backup|dump|database|db|www|site)\.(?:sql|zip|tar|tgz|tar\.gz|rar|7z|bak)$",
    "WordPress": r"/wp-(?:login|admin|content|includes|config|json|cron|signup|trackback|comments)"
    r"|/xmlrpc\.php|/wlwmanifest\.xml|/wordpress(?:$|/)",
    "actuator": r"/actuator(?:$|/)|/jolokia(?:$|/)|/heapdump$|/env\.json$",
    "CGI": r"/cgi-bin(?:$|/)|\.cgi(?:$|\?)",
    "admin panels": r"/phpmyadmin|/pma(?:$|/)|/adminer|/manager/html|/administrator(?:$|/)|/admin/config"
    r"|/admin\.php|/cpanel(?:$|/)|/webmin|/jenkins(?:$|/)|/_?phpmy|/mysql(?:$|/)|/server-status$|/console/?$"
    r"|/login\.action$|/remote/login|/dana-na/|/vpn/index\.html|/\+cscoe\+|/+global-protect/",
    "PHP": r"\.php\d?(?:$|[/?])|\.phtml$",
}
"""What is looked for, in words, and how it is asked for: the first that fits names the kind."""

_NAMES = tuple(_KINDS)
_MOST_URL = 512
_MOST_ORIGINS = 10_000
_MOST_ANSWERED = 1_000
_ORIGINS_LISTED = 5
_ANSWERED_LISTED = 10
_NONE = -1


def _kind(url: str) -> int:
    """The number of what a scanner that asks for this path, with its query, looks for."""
    if "%" in url:
        url = unquote(unquote(url[:_MOST_URL]))
    return min(_PATTERNS.Match(url[:_MOST_URL].lower()) or (), default=_NONE)


def _compiled() -> Any:
    patterns = re2.Set.SearchSet()
    for pattern in _KINDS.values():
        patterns.Add(pattern)
    patterns.Compile()
    return patterns


_PATTERNS = _compiled()


class _Path(NamedTuple):
    method: str
    path: str
    status: int


@dataclass(slots=True)
class _Tally:
    revisions: Counter[int] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    origins: Counter[str] = field(default_factory=Counter)
    answered: dict[_Path, list[int]] = field(default_factory=dict)
    answered_count: int = 0


class ProbeTally:
    """Counts probes by kind; of their origins and the paths that were answered a bounded number."""

    def __init__(self, table: EndpointTable, names: Names) -> None:
        self._table = table
        self._names = names.revision.names
        self._kinds = np.full(1, _NONE, np.int8)
        self._tallies: dict[int, _Tally] = {}

    def take(self, found: Requests) -> None:
        """Take in the probes among some requests."""
        kinds = self._kinds_of_endpoints()[found.endpoints]
        suspects = np.flatnonzero((kinds != _NONE) | (found.endpoints == 0)).tolist()
        queries = [at for at, text in enumerate(found.texts) if b"?" in text]
        for at in sorted({*suspects, *queries}):
            url, _, origin = found.texts[at].decode(errors="replace").partition("  ")[0].rpartition(" ")
            kind = int(kinds[at])
            if kind == _NONE or b"?" in found.texts[at]:
                kind = _kind(url)
            if kind != _NONE:
                self._count(self._tallies.setdefault(kind, _Tally()), found, at, url, origin)

    def settled(self) -> tuple[Probes, ...]:
        """Sum up, the most frequent kind first."""
        probes = [self._summed(_NAMES[kind], tally) for kind, tally in self._tallies.items()]
        return tuple(sorted(probes, key=lambda each: (-each.count, each.kind)))

    def _kinds_of_endpoints(self) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
        known, keys = len(self._kinds), self._table.keys
        if known < len(keys):
            new = [_kind(path) for _, path in keys[known:]]
            self._kinds = np.concatenate((self._kinds, np.array(new, np.int8)))
        return self._kinds

    def _count(self, tally: _Tally, found: Requests, at: int, url: str, origin: str) -> None:
        segment, row = found.segment, int(found.rows[at])
        status = int(segment.statuses[row])
        tally.revisions[int(segment.revision[row])] += 1
        tally.statuses[status] += 1
        if origin in tally.origins or len(tally.origins) < _MOST_ORIGINS:
            tally.origins[origin] += 1
        if status and not 400 <= status < 500:
            tally.answered_count += 1
            method, path = self._table.keys[int(found.endpoints[at])]
            key = _Path(method, path or url, status)
            if key in tally.answered or len(tally.answered) < _MOST_ANSWERED:
                seen = tally.answered.setdefault(key, [0, 0])
                seen[:] = seen[0] + 1, max(seen[1], found.base + row)

    def _summed(self, kind: str, tally: _Tally) -> Probes:
        answered = [Answered(*key, count, example) for key, (count, example) in tally.answered.items()]
        answered.sort(key=lambda each: (-each.count, each.path, each.status, each.method))
        revisions = ((self._names[number], count) for number, count in tally.revisions.items())
        return Probes(
            kind,
            tally.statuses.total(),
            tuple(sorted(revisions)),
            _frequent(tally.statuses.items()),
            _frequent(pair for pair in tally.origins.items() if pair[0])[:_ORIGINS_LISTED],
            len(tally.origins) - ("" in tally.origins),
            tuple(answered[:_ANSWERED_LISTED]),
            tally.answered_count,
        )


def _frequent(counts: Iterable[tuple[Key, int]]) -> tuple[tuple[Key, int], ...]:
    return tuple(sorted(counts, key=lambda pair: (-pair[1], pair[0])))
