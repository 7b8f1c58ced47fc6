"""The page that is served, and what every answer says about it. Nothing of it comes from another machine."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from string import Template

_TEMPLATES = files(__package__) / "templates"

ENTRY = (_TEMPLATES / "entry.html").read_text(encoding="utf-8")
"""What the printed address answers: it leads on, from a page of our own, so that the cookie goes along, and the
token is not in the address any more."""

_PAGE = Template((_TEMPLATES / "cockpit.html").read_text(encoding="utf-8"))

FONT_SIZES = range(8, 33)
FONT_SIZE = 15


def page(title: str, host: str, font_size: int = FONT_SIZE) -> str:
    """The page for a browser that knows this machine as `host` (with the port); `title` is shown as it is."""
    return _PAGE.substitute(title=escape(title), host=escape(host), font_size=font_size)


def headers(host: str) -> dict[str, str]:
    """What goes with every answer: only this server is asked for anything, and no other page may frame it.

    The terminal writes styles of its own into the page, so those are allowed; scripts are only files from here.
    """
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",
        "font-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": f"'self' ws://{host}",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {allowed}" for name, allowed in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
