"""A migration runs while the release before still serves people: what that release does must go on working.

Columns and tables are dropped in two releases (the first stops using them), new columns that must not be empty have
a `db_default`, indexes on tables with rows are made concurrently, constraints are added NOT VALID and proved later.
Where a migration knows better, its class says why: `allows = {"ban-drop-column": "unused since release 1.3"}`.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import connection, migrations, models
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

SQUAWK = Path(sys.executable).parent / "squawk"
# Nobody was running before the first release: it holds these, and whatever each app had before them.
FIRST_RELEASE = {
    "accounts": "0003_anchors_and_heartbeats",
    "notices": "0003_exports",
    "pairing": "0004_absences",
    "reports": "0001_explained",
    "voices": "0001_voices_and_sessions",
    "wishes": "0014_claim_due",
}
# How it is written, and not what it does; time limits are set for the whole run, by docker-compose.yml.
MATTERS_OF_STYLE = [
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",
    "prefer-identity",
    "prefer-robust-stmts",
    "prefer-text-field",
    "prefer-timestamptz",
    "require-lock-timeout",
    "require-statement-timeout",
]

INDEX = models.Index(name="wish_serial", fields=["serial"])
CHECK = models.CheckConstraint(name="wish_serial_counts", condition=models.Q(serial__gte=0))


def ours() -> list[Migration]:
    """Return the migrations of the portal's own apps."""
    own = {each.label for each in apps.get_app_configs() if is_own(Path(each.path))}
    found = MigrationLoader(None).disk_migrations
    return [migration for (label, _name), migration in sorted(found.items()) if label in own]


def is_own(path: Path) -> bool:
    """Tell whether an app stands in this repository, and not in its virtual environment."""
    return path.is_relative_to(settings.BASE_DIR) and "site-packages" not in path.parts


def findings(sql: str) -> set[str]:
    """Return the rules that a script breaks."""
    excluded = [f"--exclude={rule}" for rule in MATTERS_OF_STYLE]
    done = subprocess.run(
        [SQUAWK, "--reporter", "json", "--pg-version", "18", *excluded],
        input=sql,
        capture_output=True,
        text=True,
        check=False,
    )
    return {finding["rule_name"] for finding in json.loads(done.stdout or "[]")}


def script(migration: Migration, state: ProjectState) -> str:
    """Return a migration as the script that it is to a database in that state."""
    with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
        migration.apply(state, editor, collect_sql=True)
    lines = editor.collected_sql
    return "\n".join(["BEGIN;", *lines, "COMMIT;"] if migration.atomic else lines)


def made_of(*operations, **facts) -> Migration:
    """Make a migration of wishes that nobody wrote."""
    migration = type("Made", (Migration,), {"operations": list(operations), **facts})
    return migration("9999_made", "wishes")


@pytest.mark.django_db
def test_no_migration_hurts_the_release_that_still_runs():
    loader = MigrationLoader(connection)
    for migration in ours():
        if migration.name <= FIRST_RELEASE.get(migration.app_label, "0001~"):
            continue
        state = loader.project_state((migration.app_label, migration.name), at_end=False)
        found = findings(script(migration, state)) - set(getattr(migration, "allows", {}))
        assert found == set(), f"{migration}: {found}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("operation", "rules"),
    [
        (migrations.RemoveField("wish", "detail"), {"ban-drop-column"}),
        (migrations.DeleteModel("CallBack"), {"ban-drop-table"}),
        (migrations.RenameField("wish", "words", "answer"), {"renaming-column"}),
        (
            migrations.AlterField("wish", "how", models.TextField()),
            {"changing-column-type"},
        ),
        (
            migrations.AddField("wish", "many", models.BigIntegerField(default=0)),
            {"ban-drop-default"},
        ),
        (migrations.AddField("wish", "many", models.BigIntegerField(db_default=0)), set()),
        (migrations.AddField("wish", "many", models.BigIntegerField(null=True)), set()),
        (migrations.AddIndex("wish", INDEX), {"require-concurrent-index-creation"}),
        (migrations.AddConstraint("wish", CHECK), {"constraint-missing-not-valid"}),
        (AddConstraintNotValid("wish", CHECK), set()),
        (migrations.CreateModel("New", [("id", models.BigAutoField(primary_key=True))]), set()),
    ],
)
def test_the_linter_knows_what_hurts(operation, rules):
    state = MigrationLoader(connection).project_state()
    assert findings(script(made_of(operation), state)) == rules


@pytest.mark.django_db(transaction=True)
def test_an_index_made_concurrently_hurts_nobody():
    state = MigrationLoader(connection).project_state()
    made = made_of(AddIndexConcurrently("wish", INDEX), atomic=False)
    assert findings(script(made, state)) == set()
