"""`python -m jiangdong.stack.prepare`: schema and demo district, in one process since each takes seconds to start."""

import os

import django
from django.conf import settings
from django.core.management import call_command


def main() -> None:
    """Bring the schema up to date, and load the demo district into an empty database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiangdong.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    settings.STATIC_ROOT.mkdir(mode=0o700, exist_ok=True)  # where WhiteNoise looks first
    if settings.DEMO and not settings.PRODUCTION:
        call_command("seed_demo", if_empty=True)


if __name__ == "__main__":
    main()
