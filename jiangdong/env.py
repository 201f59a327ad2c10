"""Typed readers of environment variables: nonsense is refused at start-up, by name, never guessed at."""

import ipaddress
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}
LEAST_PASSWORD = 16  # characters, of a server that others can reach


def text(name: str, default: str | None = None) -> str:
    """Return the variable, or the default.

    Raises:
        ImproperlyConfigured: it is not set and there is no default.
    """
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} must be set")
    return value


def secret(name: str, default: str | None = None) -> str:
    """Return the variable, or what stands in the file that `NAME_FILE` names, or the default.

    Raises:
        ImproperlyConfigured: both are set, the file cannot be read, or there is nothing and no default.
    """
    path = os.environ.get(f"{name}_FILE")
    if not path:
        return text(name, default)
    if os.environ.get(name):
        raise ImproperlyConfigured(f"set {name} or {name}_FILE, not both")
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"the file of {name}_FILE cannot be read: {error.strerror}"
        ) from error


def flag(name: str, *, default: bool) -> bool:
    """Return the variable as a truth value.

    Raises:
        ImproperlyConfigured: it is set to something that is neither yes nor no.
    """
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}")


def number(name: str, default: int, *, least: int = 0) -> int:
    """Return the variable as a whole number of at least `least`.

    Raises:
        ImproperlyConfigured: it is set to something else.
    """
    value = os.environ.get(name, str(default))
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number of at least {least}")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """Return the variable split at its commas, blanks dropped."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def networks(name: str, default: str = "") -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Return the variable as networks, an address alone being one.

    Raises:
        ImproperlyConfigured: one of them is none.
    """
    try:
        return [ipaddress.ip_network(word) for word in words(name, default)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must hold networks, such as 10.0.0.0/8") from error


def refuse_weak_password(name: str) -> None:
    """Refuse a server address without a good password; a server on this machine alone needs none.

    Raises:
        ImproperlyConfigured: the server is elsewhere, and its password is missing or short.
    """
    url = urlsplit(text(name))
    host = unquote(url.hostname or "")
    is_here = host.startswith("/") or host in {"127.0.0.1", "::1", "localhost"}
    if not is_here and len(unquote(url.password or "")) < LEAST_PASSWORD:
        raise ImproperlyConfigured(
            f"production needs a password of {LEAST_PASSWORD} characters or more in {name}"
        )


def database(name: str) -> dict:
    """Return Django's settings for the database at a `postgres://` address.

    A host of the form `/path` (percent-encoded) is a socket folder.

    Raises:
        ImproperlyConfigured: it is unset, of another kind, or names no database.
    """
    url = urlsplit(text(name))
    if url.scheme not in {"postgres", "postgresql"} or not url.path.strip("/"):
        raise ImproperlyConfigured(f"{name} must read postgres://user:password@host:port/name")
    return {
        "ENGINE": "django_prometheus.db.backends.postgresql",
        "NAME": unquote(url.path.strip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        # Not url.hostname: that lower-cases, and a socket folder may hold capitals.
        "HOST": unquote(url.netloc.rpartition("@")[2].partition(":")[0]),
        "PORT": str(url.port or ""),
    }
