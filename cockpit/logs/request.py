"""A request as text: "PATH?QUERY ORIGIN", and behind two spaces what else was said of it."""

from __future__ import annotations

_HOST_BEGINS = len("https://")
NO_PATH = "-"
MOST_AGENT = 512
"""Characters of a user agent that are kept; the payload has the rest."""

MOST_METHOD = 32
MOST_STATUS = 999
LONGEST = 1e9
"""Seconds, 31 years: no latency is longer."""


def line(url: str, origin: str, said: str = "") -> str:
    """The text of a request: of the URL what stands behind the host, the caller's address, and what was said.

    A URL without a host is taken as it is, spaces in it escaped: the first one ends the path.
    """
    if url[:1] != "/" and "://" in url:
        at = url.find("/", _HOST_BEGINS)
        url = url[at:] if at > 0 else "/"
    path = url.replace(" ", "%20") if url else NO_PATH
    text = f"{path} {origin}" if origin else path
    return f"{text}  {said}" if said else text


def path_of(text: str) -> str:
    """The path of a request's text, with its query."""
    return text.partition(" ")[0]


def origin_of(text: str) -> str:
    """The caller's address in a request's text, "" where it has none."""
    return text.partition(" ")[2].partition(" ")[0]
