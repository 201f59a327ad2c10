"""`python -m jiangdong.stack VERB`: on one machine `run` and `with -- COMMAND …`, in the image the others."""

import argparse
import os
import secrets
import signal
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from jiangdong import env
from jiangdong.stack import health, places, portal, prepare, programs, servers
from jiangdong.stack.children import StackError, end_with_parent, run_step, say


def main() -> int:
    """Read the command line, do it, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m jiangdong.stack", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("run", help="run the portal on PORT with its data in DATA")
    one = verbs.add_parser("with", help="run one command with both servers at hand")
    one.add_argument("command", nargs="+", help="the command, after --")
    for name in programs.NAMES:
        verbs.add_parser(name, help=f"become the portal's {name}, in a container of its own")
    verbs.add_parser("prepare", help="bring the schema up to date, once before the programs start")
    asked = verbs.add_parser("healthy", help="exit with 0 if the program of this container lives")
    asked.add_argument("name", choices=programs.NAMES)
    verbs.add_parser("secrets", help="print fresh secrets, as lines of .env")
    arguments = parser.parse_args()
    try:
        return _do(arguments) or 0
    except (StackError, ImproperlyConfigured) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _do(arguments: argparse.Namespace) -> int | None:
    match arguments.verb:
        case "run":
            return _run()
        case "with":
            return _with(arguments.command)
        case "prepare":
            return prepare.main()
        case "healthy":
            return health.check(arguments.name)
        case "secrets":
            return _print_secrets()
        case program:
            return programs.become(program)


def _print_secrets() -> None:
    passwords = ("POSTGRES_PASSWORD", "DATABASE_PASSWORD", "VALKEY_PASSWORD")
    # Hexadecimal: they stand in addresses, where other characters would have to be escaped.
    made = places.new_secrets() | {name: secrets.token_hex(24) for name in passwords}
    print("\n".join(f"{name}={value}" for name, value in made.items()))


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
