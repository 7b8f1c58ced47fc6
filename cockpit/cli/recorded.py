"""Which of the services that were recorded a command means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.cli.exits import usage_error

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cockpit.config import Settings
    from cockpit.release.service import ServiceRef

LIST = "`cockpit recordings` lists what there is"


def meant(recorded: Iterable[ServiceRef], settings: Settings) -> ServiceRef | None:
    """The service that settings mean, None where nobody recorded it. Raises CommandError where several may be."""
    name, project, region = settings.service.name, _named(settings, "project"), _named(settings, "region")
    found = {
        ref
        for ref in recorded
        if name in ("", ref.service) and project in ("", ref.project) and region in ("", ref.region)
    }
    if len(found) > 1:
        names = ", ".join(sorted(f"{ref.service} of {ref.project} in {ref.region}" for ref in found))
        mend = "name one with --service, --project and --region"
        raise usage_error(f"{len(found)} services were recorded: {names}", mend)
    return next(iter(found), None)


def whom(settings: Settings) -> str:
    """What settings mean, in words."""
    project, region = _named(settings, "project"), _named(settings, "region")
    place = f"{f' of {project}' if project else ''}{f' in {region}' if region else ''}"
    return f"{settings.service.name or 'any service'}{place}"


def _named(settings: Settings, what: str) -> str:
    """The project or region that somebody named: what ships as such says nothing of what was recorded."""
    return str(getattr(settings.service, what)) if settings.names(f"service.{what}") else ""
