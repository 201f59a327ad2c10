"""`python -m jiangdong.stack run` and `python -m jiangdong.stack with -- COMMAND …`."""

import argparse
import os
import signal
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from jiangdong import env
from jiangdong.stack import portal, servers
from jiangdong.stack.children import StackError, end_with_parent, run_step, say


def main() -> int:
    """Read the command line, do it, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m jiangdong.stack", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("run", help="run the portal on PORT with its data in DATA")
    one = verbs.add_parser("with", help="run one command with both servers at hand")
    one.add_argument("command", nargs="+", help="the command, after --")
    arguments = parser.parse_args()
    try:
        return _run() if arguments.verb == "run" else _with(arguments.command)
    except (StackError, ImproperlyConfigured) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _run() -> int:
    _end_on(signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    if "MAKELEVEL" in os.environ:  # make was killed: nobody would be left to stop us
        end_with_parent(signal.SIGTERM)
    try:
        data = Path(os.environ.get("DATA") or ".data").resolve()
        portal.run(data, env.number("PORT", 8000, least=1))
    except SystemExit:
        say("stopped")
    return 0


def _with(command: list[str]) -> int:
    # The terminal sends Ctrl-C to the command as well: it ends in its own way, and then so do we.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_on(signal.SIGTERM, signal.SIGHUP)
    with servers.for_one_command() as given:
        return run_step(command, env=given)


def _end_on(*signals: signal.Signals) -> None:
    """Turn the first of these signals into SystemExit: every `with` on the way out cleans up.

    Set even where they were ignored, as SIGINT is in a background job. Later ones change nothing.
    """

    def end(number: int, frame) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        sys.exit(128 + number)

    for each in signals:
        signal.signal(each, end)


if __name__ == "__main__":
    sys.exit(main())
