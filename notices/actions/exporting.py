"""Taking lists out: asked for, made in the background, told, handed out, thrown away."""

import datetime as dt
import itertools
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from accounts.models import User
from jiangdong import clock
from jiangdong.refusals import NotNow, Refusal
from notices.actions.telling import notify
from notices.models import Export
from notices.sheets import CHUNK, REGISTRY, Sheet, cells_of
from notices.tables import write

logger = logging.getLogger(__name__)

KEPT = dt.timedelta(days=7)
# Who makes one says so every CHUNK rows; who has said nothing for so long was killed.
SILENT = dt.timedelta(minutes=5)
MOST_AT_ONCE = 3


@transaction.atomic
def ask_for_export(*, by: User, sheet: Sheet, params: QueryDict, file_format: str) -> Export:
    """Note that a person wants a list as a file, and hand it to the worker; the same wish twice is one file.

    Raises:
        PermissionDenied: the list is not theirs.
        NotNow: MOST_AT_ONCE of theirs are still being made.
    """
    total = sheet.queryset(by, params).order_by().count()
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    wanted = {
        "sheet": sheet.slug,
        "query": params.urlencode(),
        "scope": sheet.scope(by),
        "format": file_format,
    }
    under_way = list(Export.objects.of(by).under_way())
    for export in under_way:
        if all(getattr(export, name) == value for name, value in wanted.items()):
            return export
    if len(under_way) >= MOST_AT_ONCE:
        raise NotNow("exports_under_way", _("你有几张表还在做，等做好了再导出下一张。"))
    export = Export.objects.create(
        user=by, total=total, asked_at=clock.now(), expires_at=clock.now() + KEPT, **wanted
    )
    transaction.on_commit(lambda: _hand_over(export.pk), robust=True)
    return export


def _hand_over(pk: int) -> None:
    try:
        current_app.send_task("notices.tasks.make_export", args=[pk])
    except OperationalError:
        logger.warning("broker unreachable: export %d waits for the sweep", pk)


def make_export(*, pk: int) -> None:
    """Make a file, if nobody else makes it, as its owner's page would show the list now; then tell them.

    An owner who lost their post meanwhile gets nothing. Safe to repeat, and to be killed at any moment.
    """
    if not _take(pk):
        return
    export = Export.objects.select_related("user").get(pk=pk)
    try:
        things = rows_for(export)
    except (PermissionDenied, Refusal):
        _finish(export, Export.State.REFUSED)
        return
    sheet = REGISTRY[export.sheet]
    total = things.order_by().count()
    Export.objects.filter(pk=pk).update(total=total)
    try:
        done = _write(export, sheet, cells_of(sheet, things))
    except Exception:
        export.path.with_suffix(".part").unlink(missing_ok=True)
        _finish(export, Export.State.FAILED)
        raise
    _finish(export, Export.State.READY, done=done, total=done)


def rows_for(export: Export):
    """Return what the file is to hold, read by its owner's rights as they are now.

    Raises:
        PermissionDenied: the list is not theirs any more, or is another one than when they asked.
    """
    sheet = REGISTRY.get(export.sheet)
    if sheet is None or not export.user.is_active or sheet.scope(export.user) != export.scope:
        raise PermissionDenied
    return sheet.queryset(export.user, export.params)


def _take(pk: int) -> bool:
    now = clock.now()
    free = Export.objects.filter(pk=pk).to_make(now - SILENT).order_by()
    return bool(free.update(state=Export.State.WORKING, touched_at=now, done=0))


def _write(export: Export, sheet: Sheet, rows: Iterable) -> int:
    """Write the file beside its place and move it there when it is whole; return how many rows it has."""
    counted = itertools.count()
    rows = _noted(export.pk, rows, counted)
    part = export.path.with_suffix(".part")
    part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part.touch(mode=0o600)
    with part.open("wb") as out:
        write(out, export.format, sheet.columns, rows)
    part.replace(export.path)
    return next(counted)


def _noted(pk: int, rows: Iterable, counted: Iterator[int]) -> Iterator:
    for row in rows:
        yield row
        done = next(counted) + 1
        if done % CHUNK == 0:
            Export.objects.filter(pk=pk).update(done=done, touched_at=clock.now())


@transaction.atomic
def _finish(export: Export, state: str, **facts: int) -> None:
    """Say what became of it, once, and tell its owner."""
    ours = Export.objects.filter(pk=export.pk, state=Export.State.WORKING)
    if not ours.update(state=state, touched_at=clock.now(), **facts):
        return
    label = REGISTRY[export.sheet].label if export.sheet in REGISTRY else export.sheet
    titles = {
        Export.State.READY: _("导出的「%(label)s」做好了"),
        Export.State.FAILED: _("导出的「%(label)s」没有做成，请再试一次"),
        Export.State.REFUSED: _("「%(label)s」现在不归你看了，没有导出"),
    }
    notify(
        to=[export.user],
        kind="export",
        title=titles[state] % {"label": label},
        url=export.get_absolute_url(),
        discreet=True,
    )


def make_waiting_exports() -> None:
    """Hand to the worker again what nobody makes: after a dead broker or a killed worker."""
    waiting = Export.objects.to_make(clock.now() - SILENT).values_list("pk", "asked_at")
    for pk, asked_at in waiting:
        if asked_at < clock.now() - dt.timedelta(minutes=1):
            _hand_over(pk)


def drop_expired_exports() -> int:
    """Delete files whose time is over, with their rows, and files that no row knows; return how many rows."""
    expired = list(Export.objects.expired(clock.now()))
    for export in expired:
        export.path.unlink(missing_ok=True)
        export.path.with_suffix(".part").unlink(missing_ok=True)
    gone = Export.objects.filter(pk__in=[export.pk for export in expired]).delete()[0]
    _drop_strays()
    return gone


def _drop_strays() -> None:
    """Delete files whose row is gone: its owner was deleted, or a backup from before was restored."""
    folder = Path(settings.EXPORTS_FOLDER)
    if not folder.is_dir():
        return
    found = list(folder.iterdir())  # before the rows: a file made meanwhile has one
    known = set(Export.objects.values_list("handle", flat=True))
    for path in found:
        if path.stem not in known:
            path.unlink(missing_ok=True)
