"""Folders, accounts and secrets of a portal that brings its own servers."""

import fcntl
import json
import os
import pwd
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from cryptography.fernet import Fernet

from jiangdong.stack.children import StackError

# Where a server's files go when the data folder lies behind doors that its account cannot pass.
OPEN_GROUND = Path("/var/lib")


def make_data_folder(data: Path) -> None:
    """Make the data folder; others may pass through, as a server's account has to, and no more."""
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o711)


@contextmanager
def held(data: Path) -> Iterator[bool]:
    """Hold the data folder; yields False where another portal does. The lock dies with us."""
    with (data / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def keep_private(path: Path, text: str) -> None:
    """Write a file that only we may read, whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent)  # made with mode 0600
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)


def secrets_in(data: Path) -> dict[str, str]:
    """Return this installation's secrets as environment variables; made once, the first time."""
    path = data / "secrets.json"
    if not path.exists():
        keep_private(path, json.dumps(new_secrets(), indent=2) + "\n")
    return json.loads(path.read_text())


def new_secrets() -> dict[str, str]:
    """Return fresh secrets of the portal itself, as environment variables."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(60),
        "RESIDENT_KEYS": f"1:{Fernet.generate_key().decode()}",
        "INDEX_KEY": secrets.token_urlsafe(48),
    }


def server_account() -> pwd.struct_passwd | None:
    """Return the account that PostgreSQL runs as: None is our own, but PostgreSQL refuses root.

    Raises:
        StackError: we are root and there is no other account to use.
    """
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise StackError(
        "PostgreSQL refuses to run as root, and there is no account postgres or nobody"
    )


def server_home(data: Path, account: pwd.struct_passwd | None) -> Path:
    """Return the folder for a server's files: `data/postgres`, or where that leads.

    Parents of a checkout may be closed to the server's account (/root, a private temporary folder).
    Its files then stand on open ground, and `data/postgres` is a link that moves with the data.
    """
    home = data / "postgres"
    if home.exists():
        return home.resolve()
    if account is None or all(folder.stat().st_mode & 0o001 for folder in [data, *data.parents]):
        home.mkdir(mode=0o700)
        target = home
    else:
        target = Path(tempfile.mkdtemp(prefix="jiangdong365-", dir=OPEN_GROUND))
        home.unlink(missing_ok=True)  # a link to files that are gone
        home.symlink_to(target)
    give(target, account)
    return target.resolve()


def give(path: Path, account: pwd.struct_passwd | None) -> None:
    """Hand a file or folder to the server's account."""
    if account is not None:
        os.chown(path, account.pw_uid, account.pw_gid)


def remove_data_folder(data: Path) -> None:
    """Remove a data folder with what stands elsewhere on its behalf."""
    shutil.rmtree((data / "postgres").resolve(), ignore_errors=True)
    shutil.rmtree(data, ignore_errors=True)


def clear_leftover(pid_file: Path, program: str, *, patience: float = 30) -> None:
    """Make way for a server whose pid file is still there.

    Only called by the holder of the data folder, so a living server is an orphan on its way out: it
    is told again and waited for. A pid that now belongs to anything else is stale. Servers work in
    the folder of their pid file.

    Raises:
        StackError: the orphan does not stop within `patience` seconds.
    """
    try:
        orphan = psutil.Process(int(pid_file.read_text().split()[0]))
        if orphan.name() == program and Path(orphan.cwd()) == pid_file.parent:
            orphan.terminate()
            orphan.wait(patience)
    except (FileNotFoundError, ValueError, IndexError, psutil.NoSuchProcess, psutil.AccessDenied):
        pass
    except psutil.TimeoutExpired as error:
        raise StackError(f"an earlier {program} (pid {error.pid}) does not stop") from error
    pid_file.unlink(missing_ok=True)
