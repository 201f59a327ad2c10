"""The event trail: every move of a thing, in a chain of hashes that shows any later change."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

APPEND_ONLY = (
    pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
    # Protect knows no TRUNCATE, and a statement that empties a table fires no row trigger.
    pgtrigger.Trigger(
        name="no_truncate",
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
    ),
)


class Trailed(models.Model):
    """A thing whose moves are recorded. It keeps the length and head of its chain, so that a cut-off tail is seen."""

    trail_n = models.PositiveIntegerField(default=0, editable=False)
    trail_head = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True


class Event(models.Model):
    """One move of one thing. Rows are only ever added: the database refuses anything else.

    There is no foreign key to what may be erased. `by_label` says in whose name (an agency, a
    community, 居民本人), not who: events are read by more people than the actor's name concerns.
    """

    thing_kind = models.CharField(max_length=40)
    thing_id = models.BigIntegerField()
    n = models.PositiveIntegerField()
    at = models.DateTimeField(_("时间"))
    move = models.CharField(_("动作"), max_length=20)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20)
    by_id = models.BigIntegerField(null=True)
    by_label = models.CharField(max_length=80, blank=True)
    note_digest = models.CharField(max_length=64, blank=True)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("经过")
        verbose_name_plural = _("经过")
        constraints = (
            models.UniqueConstraint(
                name="event_chain_does_not_fork", fields=["thing_kind", "thing_id", "n"]
            ),
            models.CheckConstraint(name="event_n_starts_at_one", condition=models.Q(n__gte=1)),
        )
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.thing_kind}:{self.thing_id} #{self.n} {self.move}"


class EventNote(models.Model):
    """The words that went with an event, apart from it: they may be erased and the chain still proves."""

    event = models.OneToOneField(
        Event, on_delete=models.PROTECT, primary_key=True, related_name="note"
    )
    text = models.TextField()
    salt = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.text[:30]


class Anchor(models.Model):
    """One night's word on the whole trail: what the heads of all chains were, told on from the night before.

    It speaks of the events up to `last_event`: `things` chains, whose kinds, ids, lengths and heads in order
    give `heads`. `digest` is over all of that and `previous`, the digest of the anchor before; it also leaves
    the database, as a file and by mail.
    """

    day = models.DateField(primary_key=True)
    at = models.DateTimeField()
    last_event = models.BigIntegerField()
    things = models.PositiveIntegerField()
    heads = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.day} {self.digest}"
