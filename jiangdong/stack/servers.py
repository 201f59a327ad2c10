"""Both servers together: brought along, or found through DATABASE_URL and REDIS_URL."""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from jiangdong import env
from jiangdong.stack import places
from jiangdong.stack.children import StackError, say_into
from jiangdong.stack.postgres import Postgres
from jiangdong.stack.valkey import Valkey

ADDRESSES = ("DATABASE_URL", "REDIS_URL")


def brought_along() -> bool:
    """Return whether we start servers, because none is named in the environment.

    Raises:
        StackError: one of the two is named and the other is not.
    """
    named = [name for name in ADDRESSES if os.environ.get(name)]
    if len(named) == 1:
        raise StackError(
            f"{named[0]} is set alone: set both of {' and '.join(ADDRESSES)}, or neither"
        )
    return not named


@contextmanager
def serving(data: Path, *, throwaway: bool = False) -> Iterator[list[Postgres | Valkey]]:
    """Hold the data folder, run both servers in it, and leave their addresses in `servers.json`.

    Raises:
        StackError: another portal holds the folder, or a server does not start.
    """
    places.make_data_folder(data)
    with places.held(data) as alone, ExitStack() as at_the_end:
        if not alone:
            raise StackError(f"a portal is already running on {data}")
        servers = [Postgres(data, throwaway=throwaway), Valkey(data)]
        for server in servers:
            at_the_end.callback(server.stop)
            server.start()
        addresses = data / "servers.json"
        at_the_end.callback(addresses.unlink, missing_ok=True)
        urls = dict(zip(ADDRESSES, [server.url for server in servers], strict=True))
        places.keep_private(addresses, json.dumps(urls))
        yield servers


def environment(data: Path) -> dict[str, str]:
    """Return the environment for the portal's programs, while `data` is being served."""
    given = {**os.environ, "DATA": str(data), "PYTHONUNBUFFERED": "1"}
    if brought_along():
        given |= json.loads((data / "servers.json").read_text())
    if not env.flag("PRODUCTION", default=False):
        given = places.secrets_in(data) | given
    return given


@contextmanager
def for_one_command() -> Iterator[dict[str, str]]:
    """Yield the environment for one command: with servers named, running on DATA, or new ones.

    Without DATA the new ones stand in a temporary folder that is removed afterwards.
    """
    with ExitStack() as at_the_end:
        throwaway = not os.environ.get("DATA")
        if throwaway:
            data = Path(tempfile.mkdtemp(prefix="jiangdong365-")).resolve()
            at_the_end.callback(places.remove_data_folder, data)
        else:
            data = Path(os.environ["DATA"]).resolve()
        places.make_data_folder(data)
        if brought_along() and not _running_on(data):
            at_the_end.enter_context(_quietly(data))
            at_the_end.enter_context(serving(data, throwaway=throwaway))
        yield environment(data)


@contextmanager
def _quietly(data: Path) -> Iterator[None]:
    """Keep the servers' lines out of the command's; show them if it comes to nothing."""
    with (data / "servers.log").open("w+") as lines:
        say_into(lines)
        try:
            yield
        except StackError:
            lines.seek(0)
            sys.stderr.write(lines.read())
            raise
        finally:
            say_into(sys.stdout)


def _running_on(data: Path) -> bool:
    with places.held(data) as alone:
        return not alone
