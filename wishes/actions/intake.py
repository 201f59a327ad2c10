"""A community's own list coming in: received, read, checked without saving anything, and brought in whole."""

import base64
import datetime as dt
import hashlib
import json
import logging

from celery import current_app
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError

from accounts.models import User
from jiangdong import clock
from jiangdong.privacy import seal, unseal
from jiangdong.refusals import NotAllowed, NotNow, NotValid
from pairing.models import Community
from pairing.standing import Standing, standing_of
from wishes import policy
from wishes.actions.bulk import Brought, bring_in
from wishes.intake import files
from wishes.intake.checking import Row, Scope, check
from wishes.intake.columns import FIELDS, Layout, layout_of
from wishes.intake.grid import MOST_BYTES, MOST_ROWS, Grid, unreadable
from wishes.intake.likeness import Open
from wishes.models import Intake, IntakeRow, Wish

logger = logging.getLogger(__name__)

KEPT = dt.timedelta(hours=24)
SILENT = dt.timedelta(minutes=10)
# What is more is read, and brought in, by the worker.
READ_AT_ONCE = 100_000  # bytes
BROUGHT_AT_ONCE = 300  # rows
TOLD_EVERY = 250  # rows
PROGRESS_SECONDS = 600


def take_in(*, by: User, body: bytes) -> Intake:
    """Keep an uploaded file sealed, and read it; a large one is left to the worker.

    Raises:
        NotAllowed: they work for no community and no street.
        NotValid: it is heavier than MOST_BYTES.
    """
    standing = standing_of(by)
    if not policy.may_bring_in(standing):
        raise NotAllowed("not_yours", _("由社区和街道的人来导入。"))
    if len(body) > MOST_BYTES:
        raise unreadable(_("文件太大了，最多 5 MB。请删去图片和不用的表，另存一份再传。"))
    intake = Intake.objects.create(
        by=by,
        community_id=standing.community_id,
        street_id=None if standing.community_id else standing.street_id,
        at=clock.now(),
        touched_at=clock.now(),
        sha256=hashlib.sha256(body).hexdigest(),
        sealed=seal({"file": base64.b64encode(body).decode()}),
    )
    if len(body) > READ_AT_ONCE:
        _hand_over(intake, "wishes.tasks.read_intake")
    else:
        read(pk=intake.pk)
        intake.refresh_from_db()
    return intake


def _hand_over(intake: Intake, task: str) -> None:
    def ask_the_worker() -> None:
        try:
            current_app.send_task(task, args=[intake.pk])
        except OperationalError:
            logger.warning("broker unreachable: intake %d waits for the sweep", intake.pk)

    transaction.on_commit(ask_the_worker, robust=True)


@transaction.atomic
def read(*, pk: int) -> None:
    """Read a file that was received, find its columns and check its rows. Safe to repeat."""
    intake = Intake.objects.select_for_update().get(pk=pk)
    if intake.state != Intake.State.RECEIVED or not intake.sealed:
        return
    try:
        grid = files.read(base64.b64decode(unseal(intake.sealed)["file"]))
        layout = layout_of(grid)
        if len(grid.rows) - layout.head - 1 > MOST_ROWS:
            raise unreadable(_("行太多了，一次最多 %(n)s 行。请分成几份。"), n=MOST_ROWS)
    except NotValid as refusal:
        intake.state, intake.reason, intake.sealed = (
            Intake.State.UNREADABLE,
            str(refusal.message),
            "",
        )
        intake.save(update_fields=("state", "reason", "sealed"))
        return
    _check(intake, grid, layout)


def kept_grid(intake: Intake) -> Grid:
    """Return the rows that are kept.

    Raises:
        NotNow: they are erased.
    """
    kept = unseal(intake.sealed)
    if "rows" not in kept:
        raise NotNow("erased", _("这份表已经删去了，请重新上传。"))
    return Grid.loads(kept["rows"])


def kept_remarks(intake: Intake) -> dict[str, list]:
    """Return what was said of the rows: `problems` and `warnings`, each (number, index, column, message)."""
    return json.loads(unseal(intake.sealed).get("said", "{}")) or {"problems": [], "warnings": []}


def layout_kept(intake: Intake, grid: Grid) -> Layout:
    """Return the columns as they were found, or set by hand."""
    head = intake.columns["head"]
    return Layout(head, tuple(grid.rows[head]), intake.columns["columns"])


@transaction.atomic
def match_columns(*, intake: Intake, columns: dict[str, int], by: User) -> Intake:
    """Say by hand which column is which, and check again.

    Raises:
        NotAllowed: it is somebody else's.
        NotNow: it is brought in, or erased.
        NotValid: no column holds the wishes, or there is no such column.
    """
    intake = _own(intake, by)
    _require_before(intake)
    grid = kept_grid(intake)
    heads = tuple(grid.rows[intake.columns["head"]])
    unknown = set(columns) - set(FIELDS) or set(columns.values()) - set(range(len(heads)))
    if unknown or "title" not in columns:
        message = _("请说明哪一列是心愿。")
        raise NotValid("no_title_column", message, fields={"columns": [message]})
    _check(intake, grid, Layout(intake.columns["head"], heads, columns))
    return intake


def _own(intake: Intake, by: User) -> Intake:
    """Lock an upload of one's own for a post one still has."""
    if intake.by_id != by.pk or not policy.may_bring_into(standing_of(by), intake):
        raise NotAllowed("not_yours", _("由上传的人来导入。"))
    return Intake.objects.select_for_update(of=("self",)).get(pk=intake.pk)


def _require_before(intake: Intake) -> None:
    if intake.state not in (Intake.State.UNMATCHED, Intake.State.CHECKED):
        raise NotNow("wrong_state", _("这份表已经在导入，或者导入完了。"), state=intake.state)


def scope_of(intake: Intake) -> Scope:
    """Return for which communities this upload may hold rows."""
    if intake.community_id:
        own = Community.objects.get(pk=intake.community_id)
        return Scope.of([own], own)
    return Scope.of(list(Community.objects.filter(street=intake.street_id)), None)


def _check(intake: Intake, grid: Grid, layout: Layout) -> None:
    """Check every row, and keep what is to be said of them; nothing becomes a wish."""
    intake.columns = {"head": layout.head, "columns": dict(layout.columns)}
    kept = {"rows": grid.dumps()}
    if layout.is_complete:
        rows = _checked(intake, grid, layout)
        said = {
            "problems": [_as_kept(row, one) for row in rows for one in row.problems],
            "warnings": [_as_kept(row, one) for row in rows for one in row.warnings],
        }
        kept["said"] = json.dumps(said, ensure_ascii=False)
        intake.total, intake.bad = len(rows), sum(bool(row.problems) for row in rows)
        intake.known = len(_known(row.digest for row in rows if row.digest))
        intake.good = intake.total - intake.bad - intake.known
        intake.state = Intake.State.CHECKED
    else:
        intake.state = Intake.State.UNMATCHED
    intake.sealed = seal(kept)
    intake.touched_at = clock.now()
    intake.save()


def _checked(intake: Intake, grid: Grid, layout: Layout) -> list[Row]:
    rows = []
    for row in check(grid, layout, scope_of(intake), clock.today()):
        rows.append(row)
        note_progress(intake.pk, len(rows), len(grid.rows))
    fine = [row for row in rows if not row.problems]
    there = Open({row.community.pk for row in fine})
    for row in fine:
        there.point_out(row)
    return rows


def _as_kept(row: Row, remark) -> tuple:
    return remark.number, row.index, remark.column, remark.message


def _known(digests) -> set[str]:
    wanted = list(digests)
    return set(
        IntakeRow.objects.filter(digest__in=wanted).values_list("digest", flat=True)
        if wanted
        else ()
    )


@transaction.atomic
def begin(*, intake: Intake, by: User) -> Intake:
    """Bring the good rows in, or have the worker do it when there are many.

    Raises:
        NotAllowed: it is somebody else's.
        NotNow: it is under way or done, erased, or no row is good.
    """
    intake = _own(intake, by)
    _require_before(intake)
    if intake.state != Intake.State.CHECKED or not intake.good:
        raise NotNow("nothing_to_bring", _("没有可以导入的行。"), state=intake.state)
    kept_grid(intake)
    intake.state, intake.touched_at = Intake.State.BRINGING, clock.now()
    intake.save(update_fields=("state", "touched_at"))
    if intake.good > BROUGHT_AT_ONCE:
        _hand_over(intake, "wishes.tasks.bring_intake")
    else:
        bring(pk=intake.pk)
        intake.refresh_from_db()
    return intake


@transaction.atomic
def bring(*, pk: int) -> None:
    """Make drafts of all good rows or of none, as whoever uploaded them. Safe to repeat and to be killed.

    Communities are locked in one order: of two people who bring in the same rows the second waits, and finds them
    known. Rows with problems stay for the rest of the day, so that they can be fetched and mended.
    """
    intake = Intake.objects.select_for_update(of=("self",)).get(pk=pk)
    if intake.state != Intake.State.BRINGING:
        return
    by = intake.by
    if not by.is_active or not policy.may_bring_into(standing_of(by), intake):
        _stop(intake, _("上传的人已经不在这里工作了，没有导入。"))
        return
    grid = kept_grid(intake)
    layout = layout_kept(intake, grid)
    rows = list(check(grid, layout, scope_of(intake), clock.today()))
    fine = [row for row in rows if not row.problems]
    communities = sorted({row.community.pk for row in fine})
    list(Community.objects.select_for_update(no_key=True).filter(pk__in=communities).order_by("pk"))
    known = _known(row.digest for row in fine)
    fresh = [row for row in fine if row.digest not in known]
    _bring(intake, fresh, standing_of(by))
    _finish(intake, grid, rows, brought=len(fresh), known=len(known))


def _bring(intake: Intake, rows: list[Row], standing: Standing) -> None:
    at, label = clock.now(), standing.label
    brought = [
        Brought(draft=row.draft, community=row.community, by=intake.by, at=at, label=label)
        for row in rows
    ]
    made: list[Wish] = []
    bring_in(rows=brought, batch=TOLD_EVERY * 4, made=made, tell=_teller(intake.pk, len(rows)))
    IntakeRow.objects.bulk_create(
        (IntakeRow(wish=wish, digest=row.digest) for row, wish in zip(rows, made, strict=True)),
        batch_size=2000,
    )


def _teller(pk: int, total: int):
    return lambda done: note_progress(pk, done, total, always=True)


def _finish(intake: Intake, grid: Grid, rows: list[Row], *, brought: int, known: int) -> None:
    """Keep of the rows those with problems alone."""
    bad = {row.index for row in rows if row.problems}
    head = intake.columns["head"]
    left = [index for index in range(len(grid.rows)) if index == head or index in bad]
    places = {index: at for at, index in enumerate(left)}
    rest = Grid([grid.numbers[at] for at in left], [grid.rows[at] for at in left])
    said = [
        (number, places[row.index], column, message)
        for row in rows
        for number, _index, column, message in (_as_kept(row, one) for one in row.problems)
    ]
    intake.sealed = (
        seal({"rows": rest.dumps(), "said": json.dumps({"problems": said, "warnings": []})})
        if bad
        else ""
    )
    intake.columns = {**intake.columns, "head": places[head]}
    intake.state = Intake.State.DONE
    intake.brought, intake.known, intake.good, intake.bad = brought, known, 0, len(bad)
    intake.touched_at = clock.now()
    intake.save()


def _stop(intake: Intake, reason) -> None:
    intake.state, intake.reason, intake.sealed = Intake.State.UNREADABLE, str(reason), ""
    intake.save(update_fields=("state", "reason", "sealed"))


@transaction.atomic
def discard(*, intake: Intake, by: User) -> None:
    """Erase what was uploaded, because whoever did does not want it any more.

    Raises:
        NotAllowed: it is somebody else's.
        NotNow: it is just being brought in.
    """
    intake = _own(intake, by)
    if intake.is_under_way:
        raise NotNow("wrong_state", _("正在导入，等它完了再删。"), state=intake.state)
    intake.sealed = ""
    intake.save(update_fields=("sealed",))


def note_progress(pk: int, done: int, total: int, *, always: bool = False) -> None:
    """Say how far it is, where pages look: in the cache, for the rows themselves are in a transaction."""
    if always or done % TOLD_EVERY == 0:
        cache.set(f"intake:{pk}", (done, total), PROGRESS_SECONDS)


def progress_of(intake: Intake) -> tuple[int, int]:
    """Return rows done and rows in all, as far as is known."""
    return cache.get(f"intake:{intake.pk}") or (0, intake.good or intake.total)


def look_after_intakes() -> None:
    """Erase what is older than a day, and hand to the worker again what nobody works on."""
    now = clock.now()
    Intake.objects.kept_until(now - KEPT).exclude(state=Intake.State.BRINGING).update(sealed="")
    tasks = {
        Intake.State.RECEIVED: "wishes.tasks.read_intake",
        Intake.State.BRINGING: "wishes.tasks.bring_intake",
    }
    for intake in Intake.objects.under_way().filter(touched_at__lte=now - SILENT):
        Intake.objects.filter(pk=intake.pk).update(touched_at=now)
        _hand_over(intake, tasks[intake.state])
