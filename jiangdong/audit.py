"""`python -m jiangdong.audit`: does the package registry know a vulnerability of anything in requirements.lock?

A known one that has a fix fails, unless pyproject names it with a reason under `[tool.audit.accepted]`. A registry
that does not answer, or knows nothing of vulnerabilities as most mirrors do, fails nobody's tests: that is said.
"""

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASK = [
    *("pip-audit", "--requirement", "requirements.lock", "--disable-pip", "--format", "json"),
    *("--progress-spinner", "off", "--desc", "off", "--timeout", "5", "--cache-dir", ".venv/audit"),
]
PATIENCE = 60  # seconds for all of it; with an answer for everything it takes about ten


def main() -> int:
    """Ask, say what was found, and return the exit code."""
    report, trouble = _ask()
    if report is None:
        print(f"NOT AUDITED: the package registry does not answer ({trouble})")
        return 0
    lines, failed = judge(report, _accepted())
    print(*lines, sep="\n")
    return int(failed)


def judge(report: dict, accepted: dict[str, str]) -> tuple[list[str], bool]:
    """Return what to say of a report of pip-audit, and whether it fails: for what has a fix and is not accepted."""
    packages = report["dependencies"]
    known = [package for package in packages if "vulns" in package]
    if not known:
        return ["NOT AUDITED: this package registry knows nothing of vulnerabilities"], False
    lines = [f"{len(known)} of {len(packages)} packages audited"]
    failed = False
    for package, found in _found(known):
        names = [found["id"], *found["aliases"]]
        reasons = [accepted[name] for name in names if name in accepted]
        fixes = ", ".join(found["fix_versions"])
        what = f"{package['name']} {package['version']} {' '.join(names)}"
        if reasons:
            lines.append(f"accepted: {what}: {reasons[0]}")
        elif fixes:
            lines.append(f"VULNERABLE: {what}: fixed in {fixes}")
            failed = True
        else:
            lines.append(f"vulnerable, and without a fix yet: {what}")
    return lines, failed


def _found(packages: list[dict]) -> Iterator[tuple[dict, dict]]:
    for package in packages:
        for found in package["vulns"]:
            yield package, found


def _ask() -> tuple[dict | None, str]:
    """Return what pip-audit reports, or None and why it could not ask."""
    try:
        done = subprocess.run(
            ASK, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return None, f"within {PATIENCE} seconds"
    try:
        return json.loads(done.stdout), ""
    except ValueError:
        return None, (done.stderr.strip().splitlines() or ["without a word"])[-1]


def _accepted() -> dict[str, str]:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return pyproject["tool"]["audit"]["accepted"]


if __name__ == "__main__":
    sys.exit(main())
