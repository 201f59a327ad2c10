"""What an engine would be told: the image, the compose file, the secrets that production asks for."""

import json
import os
import re
import subprocess
import sys
import time
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from redis import Redis
from redis.exceptions import AuthenticationError, RedisError

from jiangdong.backup import programs as clients
from jiangdong.stack import valkey
from jiangdong.stack.valkey import free_port

ROOT = settings.BASE_DIR
BIN = Path(sys.executable).parent
# Not the script of its wheel: that ends with 0 whatever happens.
DOCKER_COMPOSE = Path(find_spec("compose").origin).parent / "docker-compose"
COMPOSE = (ROOT / "docker-compose.yml").read_text()
EXAMPLE = dict(
    line.split("=", 1)
    for line in (ROOT / ".env.example").read_text().splitlines()
    if line and not line.startswith("#")
)
REQUIRED = sorted(set(re.findall(r"\$\{(\w+):\?", COMPOSE)))
NAMED = sorted(set(re.findall(r"(?<!\$)\$\{(\w+)", COMPOSE)))


def told(tmp_path: Path, **values: str) -> Path:
    """Write an .env filled in, but for the values given."""
    filled = {name: value or "/srv/something" for name, value in EXAMPLE.items()} | values
    path = tmp_path / "filled.env"
    path.write_text("".join(f"{name}={value}\n" for name, value in filled.items()))
    return path


def compose(env_file: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Read the compose file as an engine does, with nothing but that environment."""
    return subprocess.run(
        [DOCKER_COMPOSE, "--env-file", env_file, "--profile", "operator", "config", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(env_file.parent)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def rendered(tmp_path_factory) -> dict:
    """The compose file as an engine reads it."""
    done = compose(told(tmp_path_factory.mktemp("compose")), "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def services(rendered) -> dict:
    """Its services."""
    return rendered["services"]


def test_the_compose_file_is_read_without_a_warning(tmp_path: Path):
    done = compose(told(tmp_path), "--quiet")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", REQUIRED)
def test_what_has_no_value_stops_everything_by_name(name: str, tmp_path: Path):
    done = compose(told(tmp_path, **{name: ""}), "--quiet")
    assert done.returncode != 0
    assert f"required variable {name} is missing a value" in done.stderr


def test_the_example_names_every_variable_and_gives_no_secret_away():
    assert sorted(EXAMPLE) == NAMED
    assert [name for name in REQUIRED if EXAMPLE[name]] == ["RELEASE"]


def test_the_proxy_alone_is_reached_from_outside(services: dict):
    assert [name for name, service in services.items() if service.get("ports")] == ["proxy"]
    assert {port["published"] for port in services["proxy"]["ports"]} == {"80", "443"}
    assert set(services["proxy"]["networks"]) == {"front"}


def test_database_and_broker_have_no_way_out(rendered: dict, services: dict):
    assert rendered["networks"]["inside"]["internal"] is True
    for name in ("database", "broker"):
        assert set(services[name]["networks"]) == {"inside"}


def test_nothing_may_write_to_its_image_or_gain_rights(services: dict):
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "cap_add" not in service, name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service.get("user", "10001") not in {"root", "0"}, name
    assert "USER 10001:10001" in (ROOT / "Dockerfile").read_text()


def test_everything_has_limits_and_leaves_its_lines_in_the_journal(services: dict):
    for name, service in services.items():
        assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}, name
        assert service["logging"]["driver"] == "journald", name


def test_whatever_stays_up_says_whether_it_lives(services: dict):
    for name, service in services.items():
        stays = service["restart"] != "no"
        assert stays == ("test" in service["healthcheck"]), name


def test_the_programs_wait_for_the_schema_and_for_living_servers(services: dict):
    for name in ("web", "worker", "beat"):
        waits = {on: each["condition"] for on, each in services[name]["depends_on"].items()}
        assert waits == {
            "database": "service_healthy",
            "broker": "service_healthy",
            "prepare": "service_completed_successfully",
        }


def test_the_linter_of_the_compose_file_finds_nothing(tmp_path: Path):
    file = tmp_path / "docker-compose.yml"
    file.write_text(COMPOSE)
    # It looks at mounts whose folders it knows, and would take a secret's value for one written down.
    folders = [f"{name}=/srv/{name.lower()}\n" for name in NAMED if name.endswith("_FOLDER")]
    (tmp_path / ".env").write_text("".join(folders))
    words = ["--config", ROOT / "deploy/compose-lint.yml", "--strict-config", "--fail-on", "low"]
    done = linted("compose-lint", "check", "--quiet", "--no-pager", *words, file)
    assert done.returncode == 0, done.stdout


def test_the_linter_of_the_image_finds_nothing():
    done = linted("hadolint", "--failure-threshold", "style", ROOT / "Dockerfile")
    assert done.returncode == 0, done.stdout


def linted(linter: str, *arguments: str | Path) -> subprocess.CompletedProcess:
    """Run a linter."""
    return subprocess.run([BIN / linter, *arguments], capture_output=True, text=True, check=False)


def test_the_image_takes_every_app_along():
    taken = re.findall(r"^!(\w+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert set(configuration["tool"]["importlinter"]["root_packages"]) <= set(taken)


def test_the_image_installs_what_runs_and_nothing_that_only_tests():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    runs, _line, tests = (ROOT / "requirements.lock").read_text().partition("\n# only to test it\n")
    assert [name for name in names(project["dependencies"]) if not stands_in(runs, name)] == []
    extra = names(project["optional-dependencies"]["test"])
    assert [name for name in extra if stands_in(runs, name)] == []
    assert [name for name in extra if not stands_in(tests, name)] == []


def names(requirements: list[str]) -> list[str]:
    """Return the names of packages as a lock file writes them."""
    return [re.match(r"[\w.-]+", each).group().lower().replace("_", "-") for each in requirements]


def stands_in(lock: str, name: str) -> bool:
    """Tell whether a package is pinned there."""
    return re.search(rf"^{re.escape(name)}(\[\S*\])?==", lock, re.MULTILINE) is not None


@pytest.mark.django_db
def test_the_database_knows_the_portal_as_an_owner_and_not_as_a_superuser():
    script = (ROOT / "deploy/postgres/10-portal.sh").read_text()
    for word in ("ROLE", "DATABASE", "OWNER"):
        assert f"{word} jiangdong" in script
        script = script.replace(f"{word} jiangdong", f"{word} jiangdong_deployed")
    psql, given = clients.path_of("psql"), clients.environment()
    more = {"POSTGRES_USER": given["PGUSER"], "DATABASE_PASSWORD": "it's a secret"}
    path = {"PATH": f"{psql.parent}{os.pathsep}{given['PATH']}"}
    try:
        subprocess.run(["sh", "-c", script], env=given | more | path, check=True)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rolsuper, rolcreatedb, rolcreaterole, rolcanlogin, datname FROM pg_roles"
                " JOIN pg_database ON datdba = pg_roles.oid WHERE rolname = 'jiangdong_deployed'"
            )
            assert cursor.fetchall() == [(False, False, False, True, "jiangdong_deployed")]
    finally:
        for each in ("DROP DATABASE jiangdong_deployed", "DROP ROLE jiangdong_deployed"):
            subprocess.run([psql, "--quiet", f"--command={each}"], env=given, check=True)


def test_the_broker_keeps_everything_and_asks_for_its_password(services: dict, tmp_path: Path):
    password, port = "p" * 20, free_port()
    _shell, _option, script = services["broker"]["command"]
    script = script.replace("$$", "$").replace("--dir /data", f"--dir {tmp_path} --port {port}")
    script = script.replace("valkey-server", str(valkey.binary()))
    with subprocess.Popen(["sh", "-c", script], env={"VALKEY_PASSWORD": password}) as broker:
        try:
            with Redis.from_url(f"redis://:{password}@127.0.0.1:{port}/0") as client:
                wait_until_answering(client)
                assert client.config_get("appendonly") == {"appendonly": "yes"}
                assert password not in Path(f"/proc/{broker.pid}/cmdline").read_text()
            with Redis(port=port) as stranger, pytest.raises(AuthenticationError):
                stranger.ping()
        finally:
            broker.terminate()  # it is the broker itself, and no shell that would keep the word
    assert broker.returncode == 0


def wait_until_answering(client: Redis) -> None:
    """Wait for a broker that has just been started."""
    for _each in range(200):
        try:
            client.ping()
            return
        except RedisError:
            time.sleep(0.05)
    pytest.fail("the broker does not answer")


GOOD = {
    "PRODUCTION": "1",
    "SECRET_KEY": "s" * 50,
    "RESIDENT_KEYS": "1:n2lW2Y0F1eSx2a3oV0hQGk1m7Jm0R1b8bF9w8r3vX0E=",
    "INDEX_KEY": "i" * 32,
    "DATABASE_URL": f"postgres://jiangdong:{'p' * 16}@database:5432/jiangdong",
    "REDIS_URL": f"redis://:{'v' * 16}@broker:6379/0",
    "ALLOWED_HOSTS": "portal.example",
    "SITE_URL": "https://portal.example",
}
BAD = [
    ("SECRET_KEY", None, "SECRET_KEY must be set"),
    ("SECRET_KEY", "short", "SECRET_KEY"),
    (
        "SECRET_KEY",
        "development-only-secret-key-that-production-refuses-to-start-with",
        "SECRET_KEY",
    ),
    ("RESIDENT_KEYS", None, "RESIDENT_KEYS"),
    ("RESIDENT_KEYS", "1:ZGV2ZWxvcG1lbnQtb25seS1yZXNpZGVudC1rZXktMDE=", "RESIDENT_KEYS"),
    ("INDEX_KEY", None, "INDEX_KEY must be set"),
    ("INDEX_KEY", "development-only-index-key-that-production-refuses", "INDEX_KEY"),
    ("DATABASE_URL", "postgres://jiangdong:postgres@database/jiangdong", "DATABASE_URL"),
    ("REDIS_URL", "redis://broker:6379/0", "REDIS_URL"),
    ("SITE_URL", None, "SITE_URL must be set"),
    ("DEBUG", "1", "DEBUG and PRODUCTION"),
]


@pytest.mark.parametrize(("name", "value", "said"), [(None, None, None), *BAD])
def test_production_refuses_to_start_with_missing_or_default_secrets(name, value, said):
    given = GOOD | ({name: value} if name else {})
    done = subprocess.run(
        [sys.executable, "-c", "import jiangdong.settings"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | {k: v for k, v in given.items() if v is not None},
        capture_output=True,
        text=True,
        check=False,
    )
    if name is None:
        assert (done.returncode, done.stderr) == (0, "")
    else:
        assert done.returncode != 0
        assert said in done.stderr.splitlines()[-1]
