"""`python -m jiangdong.faults`: exits with 1 if anything that was promised did not hold."""

import os
import sys
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "jiangdong.faults.settings"


def main() -> int:
    """Start a portal, tell Django where it is, and run."""
    from jiangdong.faults.portal import NOT_OURS, Portal, leftovers, seconds_back
    from jiangdong.stack import servers

    began = time.monotonic()
    os.environ["FAULTS_SECONDS_BACK"] = str(seconds_back())
    for name in NOT_OURS:
        os.environ.pop(name, None)
    with Portal() as portal:
        os.environ.update(servers.environment(portal.data))
        import django

        django.setup()
        from jiangdong.celery import app
        from jiangdong.faults.run import out, run

        app.set_default()
        try:
            held = run(portal)
        except BaseException:
            sys.stderr.write("".join(portal.lines()[-4000:]))
            raise
        family = [portal.stack, *portal.family()]
    left = leftovers(family)
    out(
        f"{'everything held' if held and not left else 'NOT everything held'}"
        f" in {time.monotonic() - began:.0f} s; {len(left)} processes left behind"
    )
    return 0 if held and not left else 1


if __name__ == "__main__":
    sys.exit(main())
