"""Who asks: application default credentials, the account behind them, and the user at this machine."""

from __future__ import annotations

import asyncio
import functools
import getpass
import os
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.sources.errors import UnauthenticatedError, UnreachableError

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

LOGIN = "run `gcloud auth application-default login`"

_SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
_REFRESH_SECONDS = 10.0

# By module and class of google-auth, so that telling the kind of a credential imports none of them.
_KINDS = {
    "google.oauth2.credentials": "user",
    "google.oauth2.service_account": "service account",
    "google.auth.compute_engine.credentials": "metadata server",
    "google.auth.impersonated_credentials": "impersonated service account",
    "google.auth.external_account_authorized_user": "workforce user",
}


@dataclass(frozen=True, slots=True)
class Account:
    """Whose credentials are used: their kind in words, the e-mail address or "" where nobody says, the project
    that pays for the calls or "" for the account's own."""

    kind: str
    email: str = ""
    quota_project: str = ""

    @property
    def who(self) -> str:
        """The e-mail address, or else the user of this machine."""
        return self.email or machine_user()


NOBODY = Account("none: the local endpoint asks for none")


def machine_user() -> str:
    """The name of the user who runs the cockpit; "uid N" for one without a name."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return f"uid {os.getuid()}"


async def find_credentials(project: str) -> Credentials:
    """Application default credentials as gcloud, the environment or the metadata server give them.

    A user's credentials that name no quota project of their own get `project`: Google refuses their calls
    otherwise. Raises UnauthenticatedError.
    """
    return await asyncio.to_thread(_find, project)


async def account_of(credentials: Credentials) -> Account:
    """Whose credentials these are, refreshed where only a refresh tells (and proves that they still work).

    Raises UnauthenticatedError where Google takes them no more, UnreachableError where it could not be asked.
    """
    if not credentials.valid:
        await asyncio.to_thread(refresh, credentials)
    return Account(
        kind=_KINDS.get(type(credentials).__module__, "workload identity"),
        email=_email(credentials),
        quota_project=getattr(credentials, "quota_project_id", None) or "",
    )


def _find(project: str) -> Credentials:
    import google.auth
    from google.auth.exceptions import GoogleAuthError
    from google.oauth2.credentials import Credentials as UserCredentials

    # What it warns of, missing quota projects, is mended below.
    warnings.filterwarnings("ignore", message="Your application has authenticated using end user credentials")
    try:
        credentials, _ = google.auth.default(scopes=_SCOPES)
    except GoogleAuthError as error:
        raise UnauthenticatedError(_missing(error), LOGIN) from error
    if isinstance(credentials, UserCredentials) and not credentials.quota_project_id:
        credentials = credentials.with_quota_project(project)
    found: Credentials = credentials
    return found


def _missing(error: Exception) -> str:
    message = " ".join(str(error).split())
    if message.startswith("Your default credentials were not found"):
        return "no Google credentials on this machine"
    return f"the Google credentials of this machine cannot be used: {message}"


def refresh(credentials: Credentials) -> None:
    """Have Google renew a token, waiting 10 s at most; blocks, so call it in a thread.

    Raises UnauthenticatedError where Google does not take the credentials, UnreachableError without an answer.
    """
    from google.auth.exceptions import GoogleAuthError, TransportError
    from google.auth.transport.requests import Request

    try:
        credentials.refresh(functools.partial(Request(), timeout=_REFRESH_SECONDS))  # type: ignore[no-untyped-call]
    except TransportError as error:
        raise UnreachableError("Google could not be asked for a token", "check the network or proxy") from error
    except GoogleAuthError as error:
        raise UnauthenticatedError(refused(str(error)), LOGIN) from error


def refused(message: str) -> str:
    """Google's refusal to give a token, in one line; google-auth adds the whole answer, which is left out."""
    reason = " ".join(message.strip("()'\" ").split("', {")[0].split('", {')[0].split())
    return f"Google does not take the credentials of this machine: {reason}"


def _email(credentials: Credentials) -> str:
    named = getattr(credentials, "service_account_email", None) or getattr(credentials, "account", None)
    if named and "@" in named:
        return str(named)
    token = getattr(credentials, "id_token", None)
    if not token:
        return ""
    from google.auth import jwt

    # Google itself sent it over TLS a moment ago, and it is only shown.
    claims = jwt.decode(token, verify=False)  # type: ignore[no-untyped-call]
    return str(claims.get("email", ""))
