"""Why an action cannot be taken now, in words; "" where it can."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cockpit.actions.action import Facts

NO_FILES = "files are written from the terminal, not from a browser"
NO_CHANGES = "changes are made from the terminal: a browser only looks on"


def needs_watch(facts: Facts) -> str:
    """For what wants a service, read or not."""
    return "" if facts.watching else "no service is watched yet"


def needs_live(facts: Facts) -> str:
    """For what asks the service itself."""
    return needs_watch(facts) or (facts.looking_back if facts.plays else "")


def needs_service(facts: Facts) -> str:
    """For what wants a service that was read."""
    return "" if facts.loaded else "the service has not been read yet"


def only_looking(facts: Facts) -> str:
    """For what changes something, where nothing can be changed from."""
    return NO_CHANGES if facts.in_browser else facts.looking_back


def needs_quiet(facts: Facts) -> str:
    """For what a change under way forbids."""
    busy = f"a change is under way: {facts.busy}" if facts.busy else ""
    return only_looking(facts) or needs_service(facts) or busy


def needs_selection(facts: Facts) -> str:
    """For what is about the selected revision."""
    return needs_service(facts) or ("" if facts.selected else "no revision is selected")


def needs_target(facts: Facts) -> str:
    """For what gives the selected revision traffic."""
    reason = needs_quiet(facts) or needs_selection(facts)
    if not reason and not facts.selected_ready:
        reason = f"{facts.selected} is not ready, so it cannot serve"
    return reason


def more(facts: Facts) -> str:
    """For giving the selected revision more."""
    full = facts.selected_percent >= 100
    return needs_target(facts) or (f"{facts.selected} already has 100 %" if full else "")


def less(facts: Facts) -> str:
    """For giving it less."""
    reason = needs_quiet(facts) or needs_selection(facts)
    return reason or ("" if facts.selected_percent else f"{facts.selected} has no traffic to give up")


def roll_back(facts: Facts) -> str:
    """For rolling back."""
    return needs_quiet(facts) or ("" if facts.can_roll_back else "no earlier split is known")


def undo(facts: Facts) -> str:
    """For undoing."""
    return needs_quiet(facts) or ("" if facts.can_undo else "there is nothing to undo")


def sides(facts: Facts) -> str:
    """For the three sides of an overtaken change."""
    return "" if facts.has_sides else "nobody has written in between"


def pick(facts: Facts) -> str:
    """For going to another service."""
    return "" if facts.has_fleet else "the cockpit was opened on this one service"


def signals(facts: Facts) -> str:
    """For what is about signals."""
    return "" if facts.has_signals else "no signal has been read yet"


def engine(facts: Facts) -> str:
    """For what asks PromQL."""
    return needs_service(facts) or ("" if facts.has_engine else "no metrics are loaded yet")


def logs(facts: Facts) -> str:
    """For what is about the log."""
    return "" if facts.has_logs else "the log is not loaded yet"


def log_file(facts: Facts) -> str:
    """For what writes the log to a file."""
    return logs(facts) or (NO_FILES if facts.in_browser else "")


def plays(facts: Facts) -> str:
    """For what is done to a recording that is played."""
    return "" if facts.plays else "this is live: only a recording is played"


def takes_notes(facts: Facts) -> str:
    """For writing a note."""
    return "a recording takes no notes" if facts.plays else needs_watch(facts)


def app(facts: Facts) -> str:
    """For the application's timelines."""
    return "" if facts.has_app else "the application keeps no timelines that are known here"


def arm(facts: Facts) -> str:
    """For arming."""
    return only_looking(facts) or needs_service(facts) or facts.cannot_arm
