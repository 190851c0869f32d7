"""HTTP to triple stores: credentials, digest and basic authentication, time limits. Standard library only.

User and password come from SCHACHZUG_USER and SCHACHZUG_PASSWORD, or from the netrc file (NETRC or ~/.netrc); never
from a command line, which other users of the machine can read.
"""

from __future__ import annotations

import ipaddress
import netrc
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

from schachzug._version import __version__
from schachzug.errors import StoreError


class UnreachableError(StoreError):
    """No answer came from the server, or it said that it is too busy: trying again may help."""


@dataclass(frozen=True)
class Answer:
    """What a server sent back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this very machine.

    >>> is_loopback("http://127.0.0.1:7878/store"), is_loopback("https://example.org/")
    (True, False)
    """
    host = urllib.parse.urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def credentials(url: str, environment: Mapping[str, str] = os.environ) -> tuple[str, str] | None:
    """User and password for a URL, from the environment or the netrc file; None where neither has them.

    Raises:
        StoreError: the URL itself holds a password, or the netrc file is broken.
    """
    parts = urllib.parse.urlsplit(url)
    if parts.username is not None or parts.password is not None:
        hint = "Set SCHACHZUG_USER and SCHACHZUG_PASSWORD, or write them into ~/.netrc"
        raise StoreError("an address must not hold a user or a password", where=_safe(url), hint=hint)
    user, password = environment.get("SCHACHZUG_USER"), environment.get("SCHACHZUG_PASSWORD")
    if user is not None and password is not None:
        return user, password
    path = Path(environment.get("NETRC", "~/.netrc")).expanduser()
    try:
        entry = netrc.netrc(str(path)).authenticators(parts.hostname or "") if path.is_file() else None
    except (netrc.NetrcParseError, OSError) as error:
        raise StoreError(f"the netrc file cannot be read: {error}", where=path, hint="Mend it") from error
    return (entry[0], entry[2] or "") if entry else None


def request(
    url: str, method: str, body: bytes | None = None, headers: Mapping[str, str] | None = None, *, seconds: float = 60.0
) -> Answer:
    """Send one request and read the whole answer.

    Args:
        url: http or https.
        method: GET, POST, PUT, HEAD or DELETE.
        body: what is sent.
        headers: beyond User-Agent.
        seconds: how long to wait for the server each time that it is silent.

    Raises:
        UnreachableError: the server is not there, hung up, was silent too long, or answered 429, 502, 503 or 504.
        StoreError: it refused: the message holds its status and the start of its answer.
    """
    if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
        raise StoreError("not an http address", where=_safe(url), hint="Give one such as http://127.0.0.1:7878/query")
    handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
    if is_loopback(url):
        handlers.append(urllib.request.ProxyHandler({}))
    found = credentials(url)
    if found is not None:
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, url, *found)
        handlers.append(urllib.request.HTTPDigestAuthHandler(passwords))
        if url.lower().startswith("https:") or is_loopback(url):
            # A basic login is the password itself, readable by whoever carries the request.
            handlers.append(urllib.request.HTTPBasicAuthHandler(passwords))
    opener = urllib.request.build_opener(*handlers)
    outgoing = urllib.request.Request(url, body, {"User-Agent": f"schachzug/{__version__}"} | dict(headers or {}))
    outgoing.method = method
    try:
        with opener.open(outgoing, timeout=seconds) as response:
            return Answer(response.status, dict(response.headers.items()), response.read())
    except urllib.error.HTTPError as error:
        raise _refused(url, error) from error
    except (urllib.error.URLError, HTTPException, OSError) as error:
        reason = getattr(error, "reason", error) or type(error).__name__
        hint = "Check that the server runs and that the address is right"
        raise UnreachableError(f"no answer: {reason or type(error).__name__}", where=_safe(url), hint=hint) from error
    except ValueError as error:  # urllib's digest handler knows MD5 and SHA only
        raise StoreError(f"the server asks for a login that is not known: {error}", where=_safe(url)) from error


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Redirects are refused: following one would turn a PUT into a GET, or lead to another machine."""

    def redirect_request(self, *_: object) -> None:
        return None


def _refused(url: str, error: urllib.error.HTTPError) -> StoreError:
    try:
        said = error.read(2000).decode("utf-8", "replace")
    except (OSError, HTTPException):
        said = ""
    first = " ".join(said.split())[:300]
    hints = {
        401: "Set SCHACHZUG_USER and SCHACHZUG_PASSWORD, or write the login into ~/.netrc (basic logins need https)",
        403: "The login has no right to do this",
        404: "Check the path of the address (Oxigraph: /query and /store; Virtuoso: /sparql and /sparql-graph-crud)",
        413: "The graph is too large for one request; use the bulk files of `schachzug export`",
    }
    kind = UnreachableError if error.code in (429, 502, 503, 504) else StoreError
    what = f"the server answered {error.code} {error.reason}" + (f": {first}" if first else "")
    return kind(what, where=_safe(url), hint=hints.get(error.code))


def _safe(url: str) -> str:
    """The address without a user, a password and a query, as it may be shown."""
    parts = urllib.parse.urlsplit(url)
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
