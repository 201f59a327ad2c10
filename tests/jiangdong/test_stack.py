"""The servers that the portal brings along: they start anywhere, keep what they were told, and end with us."""

import json
import os
import pwd
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg2
import pytest
from django.db import connection

from jiangdong.stack import places
from jiangdong.stack.postgres import Postgres
from jiangdong.stack.valkey import free_port

STACK = [sys.executable, "-m", "jiangdong.stack"]
OURS_ALONE = {"DATABASE_URL", "REDIS_URL", "DATA"}
PATIENCE = 60  # seconds; the test machine may be busy


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data folder; pytest closes its parents, so that root's servers find them closed."""
    folder = tmp_path / "data"
    yield folder
    places.remove_data_folder(folder)


def environment(**more: str) -> dict[str, str]:
    """Return our environment without the servers that the tests themselves use."""
    return {k: v for k, v in os.environ.items() if k not in OURS_ALONE} | more


def sql(statement: str) -> list[str]:
    """Return a command that runs one statement on DATABASE_URL and prints the first value, if any."""
    code = (
        "import os, sys, psycopg2\n"
        "connection = psycopg2.connect(os.environ['DATABASE_URL'])\n"
        "connection.autocommit = True\n"
        "cursor = connection.cursor()\n"
        "cursor.execute(sys.argv[1])\n"
        "print(cursor.fetchone()[0] if cursor.description else '', flush=True)\n"
    )
    return [sys.executable, "-c", code, statement]


def with_servers(*command: str, **variables: str) -> str:
    """Run a command with servers at hand and return what it printed."""
    done = subprocess.run(
        [*STACK, "with", "--", *command],
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@contextmanager
def running(*arguments: str, **variables: str) -> Iterator[subprocess.Popen]:
    """Have the stack running for a while."""
    with subprocess.Popen(
        [*STACK, *arguments],
        env=environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for_line(process: subprocess.Popen, text: str) -> str:
    """Return the first line with that text; what came before is shown if there is none."""
    seen = []
    for line in process.stdout:
        seen.append(line)
        if text in line:
            return line
    pytest.fail("".join(seen))


def wait_until_gone(processes: list[psutil.Process]) -> None:
    """Fail unless all of them have ended."""
    _, alive = psutil.wait_procs(processes, timeout=PATIENCE)
    assert alive == []


@pytest.mark.django_db
def test_chinese_words_are_words_to_the_database():
    with connection.cursor() as cursor:
        cursor.execute(r"SELECT '心愿' ~ '^\w+$', lower('ÄÖ')")
        assert cursor.fetchone() == (True, "äö")


def test_a_command_alone_leaves_neither_folder_nor_process_behind():
    code = "import os; print(os.environ['DATA'])"
    folder = Path(with_servers(sys.executable, "-c", code))
    assert not folder.exists()
    assert not [
        p for p in psutil.process_iter(["cmdline"]) if str(folder) in str(p.info["cmdline"])
    ]


def test_one_address_without_the_other_is_refused():
    assert "REDIS_URL is set alone" in refused_start(
        REDIS_URL="redis://127.0.0.1:1/0", PORT=str(free_port())
    )


def test_with_both_addresses_given_no_server_is_started(data: Path):
    given = {"DATABASE_URL": "postgres://a@127.0.0.1:1/a", "REDIS_URL": "redis://127.0.0.1:1/0"}
    code = "import os; print(os.environ['DATABASE_URL'])"
    assert (
        with_servers(sys.executable, "-c", code, DATA=str(data), **given) == given["DATABASE_URL"]
    )
    assert not (data / "postgres").exists()


def test_what_was_committed_survives_the_killing_of_everything(data: Path):
    where = {"DATA": str(data)}
    with_servers(*sql("CREATE TABLE kept AS SELECT 7 AS number"), **where)
    code = "import sys, time; print('at work', flush=True); time.sleep(600)"
    with running("with", "--", sys.executable, "-c", code, **where) as runner:
        wait_for_line(runner, "at work")
        family = psutil.Process(runner.pid).children(recursive=True)
        assert "postgres" in {process.name() for process in family}
        with_servers(*sql("UPDATE kept SET number = 8"), **where)  # joins the servers that run
        runner.kill()
        wait_until_gone(family)

    assert with_servers(*sql("SELECT number FROM kept"), **where) == "8"


def test_a_database_killed_in_the_middle_of_a_long_query_starts_again(data: Path):
    places.make_data_folder(data)
    server = Postgres(data, throwaway=True)
    server.start()
    try:
        many = "generate_series(1, 100000)"
        forever = f"SELECT count(*) FROM {many} AS a, {many} AS b, {many} AS c"
        environment = {**os.environ, "DATABASE_URL": server.url}
        with subprocess.Popen(sql(forever), env=environment, stderr=subprocess.DEVNULL) as asking:
            busy = wait_for_busy(server.url)
            psutil.Process(busy).parent().kill()
            while server.ended() is None:
                time.sleep(0.01)
            assert psutil.pid_exists(busy)
            server.start()
            assert not psutil.pid_exists(busy)
            assert asking.wait(PATIENCE) != 0
    finally:
        server.stop()


def wait_for_busy(url: str) -> int:
    """Return the process that answers the long query, once it is at it."""
    asked = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT count%' AND state = 'active'"
    deadline = time.monotonic() + PATIENCE
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            while time.monotonic() < deadline:
                cursor.execute(asked)
                if row := cursor.fetchone():
                    time.sleep(0.5)
                    return row[0]
    finally:
        connection.close()
    pytest.fail("no query runs")


def test_the_pid_file_of_a_server_long_gone_does_not_stop_the_next(data: Path):
    where = {"DATA": str(data)}
    with_servers("true", **where)
    account = places.server_account()
    # Somebody else's program of the same account now has the pid: PostgreSQL alone would give up.
    bystander = subprocess.Popen(
        ["sleep", "600"], **({"user": account.pw_uid} if account is not None else {})
    )
    cluster = (data / "postgres").resolve() / "cluster"
    (cluster / "postmaster.pid").write_text(f"{bystander.pid}\n{cluster}\n")
    try:
        assert with_servers(*sql("SELECT 1"), **where) == "1"
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_a_data_folder_with_a_very_long_name_is_served(data: Path):
    deep = data / ("深" * 40)
    assert with_servers(*sql("SELECT 1"), DATA=str(deep)) == "1"
    places.remove_data_folder(deep)


def test_secrets_are_made_once_and_are_nobody_elses_business(data: Path):
    places.make_data_folder(data)
    made = places.secrets_in(data)
    assert places.secrets_in(data) == made
    assert set(made) == {"SECRET_KEY", "RESIDENT_KEYS", "INDEX_KEY"}
    assert (data / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert json.loads((data / "secrets.json").read_text()) == made


def test_root_has_postgresql_run_as_somebody_else():
    account = places.server_account()
    assert (account is None) == (os.geteuid() != 0)
    if account is not None:
        assert pwd.getpwuid(account.pw_uid).pw_name in {"postgres", "nobody"}


def test_the_portal_runs_mends_itself_and_stops_with_all_its_children(data: Path):
    port = free_port()
    variables = {"DATA": str(data), "PORT": str(port), "DEMO": "no"}
    with running("run", **variables) as portal:
        ready = wait_for_line(portal, f"ready http://127.0.0.1:{port}/")
        assert f"http://localhost:{port}/" in ready
        assert "already running" in refused_start(**variables | {"PORT": str(free_port())})

        web = next(p for p in psutil.Process(portal.pid).children() if "gunicorn" in p.cmdline())
        web.kill()
        wait_for_line(portal, "web ended")
        wait_until_answering(port)

        family = psutil.Process(portal.pid).children(recursive=True)
        portal.terminate()
        portal.communicate(timeout=PATIENCE)
        assert portal.returncode == 0
        wait_until_gone(family)


def refused_start(**variables: str) -> str:
    """Start the portal where it must not start, and return what it says."""
    done = subprocess.run(
        [*STACK, "run"],
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 1
    return done.stderr


def wait_until_answering(port: int) -> None:
    """Fail unless the portal answers at that port."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
                assert answer.status == 200
                return
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
