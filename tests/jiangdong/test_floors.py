"""The floors of pyproject.toml leave no module of the project package standing outside."""

import re
import tomllib
from pathlib import Path

from django.conf import settings


def test_every_module_of_the_project_package_is_named_on_a_floor():
    configuration = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
    floors = configuration["tool"]["importlinter"]["contracts"][0]["layers"]
    named = set(re.findall(r"jiangdong\.(\w+)", " ".join(floors)))
    package = Path(settings.BASE_DIR) / "jiangdong"
    found = {p.stem for p in package.glob("*.py")} | {
        p.parent.name for p in package.glob("*/__init__.py")
    }
    assert found - {"__init__"} == named
