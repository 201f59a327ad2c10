"""Programs that we start: their lines are relayed under a name, and none of them outlives us."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TextIO

from honcho.colour import get_colours
from honcho.printer import Message, Printer

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None
_colours = get_colours()
_printer = Printer(sys.stdout, width=8)
_printing = threading.Lock()


class StackError(Exception):
    """The portal cannot be started or kept running; the text tells the person at the terminal."""


def say(line: str | bytes, name: str = "portal", colour: str | None = None) -> None:
    """Print one line under the name of the program that it comes from; a closed terminal is no harm."""
    with _printing, suppress(OSError):
        # DTZ005: the clock on the wall of whoever reads the terminal is meant.
        now = datetime.now()  # noqa: DTZ005
        _printer.write(Message(type="line", data=line, time=now, name=name, colour=colour))


def say_into(file: TextIO) -> None:
    """Send the lines to a file from now on: where a command has the terminal for itself."""
    _printer.output = file
    _printer.colour = False


def end_with_parent(number: int) -> None:
    """Have the kernel send us signal `number` when our parent ends, even by kill -9.

    Where the kernel cannot (not Linux), an orderly stop is still orderly.
    """
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, number)


def _child_of_ours(number: int) -> Callable[[], None]:
    """Return a `preexec_fn` that has the program end with us."""
    parent = os.getpid()

    def ask() -> None:
        end_with_parent(number)
        if os.getppid() != parent:  # we ended before it could ask
            os._exit(1)

    return ask


class Child:
    """One program in a session of its own: Ctrl-C reaches us alone, and we stop things in order."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str],
        cwd: Path | None = None,
        account: pwd.struct_passwd | None = None,
        stop_with: signal.Signals = signal.SIGTERM,
        patience: float = 15,
    ) -> None:
        """Describe the program; `patience` is how many seconds it may take to stop."""
        self.name = name
        self._command = command
        self._env = env
        self._cwd = cwd
        self._account = account
        self._stop_with = stop_with
        self._patience = patience
        self._colour = next(_colours)
        self._process: subprocess.Popen | None = None
        self._relay: threading.Thread | None = None

    def start(self) -> None:
        """Start it, or start it again; what a killed forerunner left running is ended first."""
        self._end_session()
        self._process = subprocess.Popen(
            self._command,
            env=self._env,
            cwd=self._cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=0o077,
            preexec_fn=_child_of_ours(self._stop_with),
            **as_account(self._account),
        )
        self._relay = threading.Thread(target=self._relay_lines, args=[self._process.stdout])
        self._relay.daemon = True
        self._relay.start()

    def ended(self) -> int | None:
        """Return the exit code (negative: the signal that killed it), or None while it runs."""
        return None if self._process is None else self._process.poll()

    def ask_to_stop(self) -> None:
        """Tell it to stop, and do not wait."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(self._stop_with)

    def stop(self) -> None:
        """Tell it to stop and wait; kill what has not stopped in time."""
        if self._process is None:
            return
        self.ask_to_stop()
        try:
            self._process.wait(self._patience)
        except subprocess.TimeoutExpired:
            say(f"{self.name} has not stopped in {self._patience:.0f} s and is killed")
            self._process.kill()
            self._process.wait()
        self._end_session()
        self._relay.join(timeout=1)
        self._process = None

    def _end_session(self) -> None:
        """Kill what still runs in the session of a program that has itself ended."""
        if self._process is None:
            return
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return

    def _relay_lines(self, lines) -> None:
        with lines:
            for line in lines:
                say(line.rstrip(b"\n"), self.name, self._colour)


def as_account(account: pwd.struct_passwd | None) -> dict:
    """Return the arguments with which `subprocess` runs things as that account; None is ours."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def run_step(command: Sequence[str | Path], *, env: Mapping[str, str]) -> int:
    """Run a program in the foreground, at our own terminal, and return its exit code."""
    with subprocess.Popen(command, env=env, preexec_fn=_child_of_ours(signal.SIGTERM)) as process:
        try:
            return process.wait()
        except BaseException:
            process.terminate()
            raise
