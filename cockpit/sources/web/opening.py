"""How the HTTP client is set up."""

from __future__ import annotations

import ssl
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version

import httpx

from cockpit.sources.errors import InvalidError
from cockpit.sources.web.exchange import AGENT
from cockpit.sources.web.loopback import LoopbackTransport

_LIMITS = httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=90.0)


def open_client(ca_file: str = "") -> httpx.AsyncClient:
    """A client over HTTP/1.1 with verified TLS, the environment's proxies, no cookies, redirects or time limits.

    Loopback is reached past any proxy. `ca_file` is a bundle of authorities in place of the usual ones; without it
    SSL_CERT_FILE and SSL_CERT_DIR count. Takes 0.1 s: call it in a thread. Raises InvalidError for a bad bundle.
    """
    context = _context(ca_file)
    direct = LoopbackTransport(httpx.AsyncHTTPTransport(verify=context, limits=_LIMITS, trust_env=False))
    plain = httpx.AsyncHTTPTransport(verify=context, limits=_LIMITS, trust_env=False)
    return httpx.AsyncClient(
        verify=context,
        limits=_LIMITS,
        timeout=None,  # the deadline of a whole exchange is set where it is made
        headers={"User-Agent": f"{AGENT}{version('cockpit')}", "Accept-Encoding": "gzip"},
        # A cookie would tie all scrapes to one instance where session affinity is on.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        mounts={
            "all://*.localhost": direct,
            **{f"all://{host}": plain for host in ("localhost", "127.0.0.1", "[::1]")},
        },
    )


def _context(ca_file: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file) if ca_file else httpx.create_ssl_context()
    except (OSError, ssl.SSLError) as error:
        named = ca_file or "the bundle that SSL_CERT_FILE or SSL_CERT_DIR names"
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidError(
            f"{named} is no bundle of certificate authorities: {reason}", "name a PEM file"
        ) from error
