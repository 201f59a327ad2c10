"""The audit of what is locked fails for what can be mended, and for nothing else; secrets are found in any commit."""

import json
import re
import subprocess
import sys

import pytest
from django.conf import settings

from jiangdong import audit

WELL = {"name": "django", "version": "5.2.9", "vulns": []}
UNKNOWN = {"name": "ours", "skip_reason": "Dependency not found"}


def ill(*fixes: str) -> dict:
    found = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": list(fixes)}
    return {"name": "pillow", "version": "13.0.0", "vulns": [found]}


@pytest.mark.parametrize(
    ("package", "accepted", "last", "failed"),
    [
        (WELL, {}, "1 of 2 packages audited", False),
        (
            ill("13.0.1"),
            {},
            "VULNERABLE: pillow 13.0.0 PYSEC-2026-1 CVE-2026-1: fixed in 13.0.1",
            True,
        ),
        (
            ill("13.0.1"),
            {"CVE-2026-1": "we open no such files"},
            "accepted: pillow 13.0.0 PYSEC-2026-1 CVE-2026-1: we open no such files",
            False,
        ),
        (
            ill(),
            {},
            "vulnerable, and without a fix yet: pillow 13.0.0 PYSEC-2026-1 CVE-2026-1",
            False,
        ),
        (UNKNOWN, {}, "NOT AUDITED: this package registry knows nothing of vulnerabilities", False),
    ],
)
def test_only_a_vulnerability_with_a_fix_that_nobody_accepted_fails(
    package, accepted, last, failed
):
    lines, does_fail = audit.judge({"dependencies": [package, UNKNOWN]}, accepted)
    assert (lines[-1], does_fail) == (last, failed)


def test_what_the_registry_answers_is_the_exit_code(monkeypatch, capsys):
    report = json.dumps({"dependencies": [ill("13.0.1")], "fixes": []})
    answer = f"import sys; print({report!r}); sys.exit(1)"
    monkeypatch.setattr(audit, "ASK", [sys.executable, "-c", answer])
    assert audit.main() == 1
    assert "VULNERABLE: pillow" in capsys.readouterr().out


@pytest.mark.parametrize(
    "answer", ["import sys; sys.exit('no way there')", "import time; time.sleep(9)"]
)
def test_a_registry_that_does_not_answer_fails_nobody_and_is_told_of(answer, monkeypatch, capsys):
    monkeypatch.setattr(audit, "ASK", [sys.executable, "-c", answer])
    monkeypatch.setattr(audit, "PATIENCE", 1)
    assert audit.main() == 0
    assert capsys.readouterr().out.startswith("NOT AUDITED: the package registry does not answer (")


def test_a_secret_in_any_commit_is_found_by_what_make_lint_runs(tmp_path):
    command = re.search(r"betterleaks git [^;]*", (settings.BASE_DIR / "Makefile").read_text())[0]
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
    secret = tmp_path / "robots.env"
    secret.write_text("DATABASE_URL=postgres://portal:" + "Xk29dkfj" + "2391kd@db:5432/portal\n")
    subprocess.run([*git, "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run([*git, "add", "."], cwd=tmp_path, check=True)
    subprocess.run([*git, "commit", "-qm", "x"], cwd=tmp_path, check=True)
    subprocess.run([*git, "rm", "-q", secret.name], cwd=tmp_path, check=True)
    subprocess.run([*git, "commit", "-qm", "y"], cwd=tmp_path, check=True)
    done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"Xk29" in done.stdout + done.stderr
