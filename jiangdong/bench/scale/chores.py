"""What the worker does alone: the sweep of what is due, a list of 10 000 rows coming in, one of 100 000 going out.

Each is done in this process and undone again, so that every size finds the rows it was filled with.
"""

import datetime as dt
import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import connection, transaction
from django.http import QueryDict

from accounts.models import User
from jiangdong import clock
from jiangdong.bench.scale import cpu, filling
from notices import sheets
from notices.actions import sweep
from notices.tables import write_xlsx
from notices.workdays import is_workday
from wishes.actions import intake
from wishes.models import Wish

IMPORTED, EXPORTED = 10_000, 100_000
KINDS = ("物品", "维修", "陪伴", "助学", "跑腿")


@dataclass
class Done:
    """A chore done: its processor time, that of bare SQL for the same rows, and what else there is to say."""

    name: str
    seconds: float
    bare: float
    rows: int
    said: str


def chores() -> list[Done]:
    """Do all three."""
    return [_due(), _export(), _import()]


def _undone(act: Callable[[], object]) -> None:
    with transaction.atomic():
        act()
        transaction.set_rollback(True)


def _due() -> Done:
    """Sweep at ten on the next working day, and count which of the wishes' rows were read for it."""
    day = clock.today()
    while not is_workday(day):
        day += dt.timedelta(days=1)
    ten = clock.now().replace(hour=2, minute=0)
    found, read = [], []

    def act() -> None:
        with clock.at(dt.datetime.combine(day, ten.time(), dt.UTC)):
            found.append(sweep(day=day))
        read.append(_rows_read())

    seconds = cpu.spent(lambda: _undone(act), cpu.mine)
    due = Wish.objects.live().filter(state__in=("open", "claimed"), due_on__lte=day)
    bare = cpu.spent(lambda: list(due.values("id", "code", "title", "handler")), cpu.mine)
    return Done("sweep of what is due", seconds, bare, found[0], f"{read[0]} rows of wishes read")


def _rows_read() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
            " WHERE relname = 'wishes_wish'"
        )
        return cursor.fetchone()[0]


def _export() -> Done:
    """Write what a supervisor's list shows, as the worker would, and watch how much memory that takes."""
    sheet = sheets.REGISTRY["admin-wish"]
    supervisor = User.objects.get(username="supervisor")
    out, written = io.BytesIO(), []

    def act() -> None:
        things = sheet.queryset(supervisor, QueryDict("list=published"))
        rows = islice(sheets.cells_of(sheet, things), EXPORTED)
        write_xlsx(out, sheet.columns, (written.append(1) or row for row in rows))

    before = _peak(reset=True)
    seconds = cpu.spent(lambda: _undone(act), cpu.mine)
    grown = (_peak() - before) / 1024 - len(out.getvalue()) / 1024**2
    sql = "SELECT code, kind, title, state, published_at, due_on, fulfilled_at, closed_at, rating, how FROM wishes_wish"
    bare = cpu.spent(
        lambda: _copied(f"COPY ({sql} LIMIT {EXPORTED}) TO STDOUT"),
        cpu.mine,
    )
    return Done(
        "xlsx going out", seconds, bare, len(written), f"{grown:.0f} MB of memory beside the file"
    )


def _copied(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.copy_expert(statement, io.StringIO())


def _peak(*, reset: bool = False) -> int:
    """Return the most memory this process has held since the last reset, in KiB. Linux only."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


def _import() -> Done:
    """Take in a community's list of distinct wishes: read, checked, brought in."""
    worker = User.objects.get(username="worker")
    body = _list_of(IMPORTED).encode()
    took = []

    def act() -> None:
        begun = time.monotonic()
        taken = intake.take_in(by=worker, body=body)
        intake.read(pk=taken.pk)
        taken.refresh_from_db()
        if taken.bad or taken.good != IMPORTED:
            raise RuntimeError(f"{taken.good} of {IMPORTED} rows are good: {taken.reason}")
        intake.begin(intake=taken, by=worker)
        intake.bring(pk=taken.pk)
        took.append(time.monotonic() - begun)

    seconds = cpu.spent(lambda: _undone(act), cpu.mine)
    bare = cpu.spent(lambda: _undone(lambda: filling.add(IMPORTED)), cpu.mine)
    said = f"{IMPORTED / seconds:.0f} rows a CPU second, {IMPORTED / took[0]:.0f} a second here"
    return Done("list coming in", seconds, bare, IMPORTED, said)


def _list_of(count: int) -> str:
    lines = ["心愿,类别,姓名,电话,住处,同意记录,同意公开"]
    lines += [
        f"想要第{n}号{filling.THINGS[n % len(filling.THINGS)]},{KINDS[n % len(KINDS)]},张示例,"
        f"138{n:08},一村{n % 50 + 1}幢{n % 9 + 1}室,是,是"
        for n in range(count)
    ]
    return "\n".join(lines)
