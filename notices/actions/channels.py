"""Robots that people set up for themselves or, as whoever keeps it, for their group."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.trail import TRAIL_FIELDS, record
from jiangdong import clock
from jiangdong.privacy import digest, seal
from jiangdong.refusals import NotAllowed, NotNow, NotValid
from notices import policy, robots
from notices.actions.sending import ask_the_worker
from notices.groups import Group
from notices.models import Channel
from notices.quiet import is_quiet

MOST_CHANNELS = 5


@transaction.atomic
def add_channel(*, address: str, by: User, group: Group | None = None) -> Channel:
    """Keep the robot at this address, for oneself or for a group that one keeps the robots of.

    Raises:
        NotAllowed: somebody else's group.
        NotValid: no address of a robot.
        NotNow: it is there already, or there are as many as there may be.
    """
    if group and not policy.may_keep_channels(by, group):
        raise NotAllowed("not_yours", _("只有本单位的联络员可以添本单位的群机器人。"))
    found = robots.read_address(address)
    if found is None:
        raise NotValid("bad_address", _("这不是机器人的地址。"), fields={"address": []})
    kind, token = found
    # Whoever adds two at once is one person: their row is the lock.
    User.objects.select_for_update().get(pk=by.pk)
    there = Channel.objects.of_group(group) if group else Channel.objects.of_person(by)
    if there.count() >= MOST_CHANNELS:
        raise NotNow("too_many", _("已经有五个了，先去掉一个再添。"))
    channel = Channel(
        kind=kind,
        user=None if group else by,
        group_kind=group.kind if group else "",
        group_id=group.id if group else None,
        sealed=seal({"token": token}),
        fingerprint=digest(token.lower()),
        tail=token[-4:],
        added_at=clock.now(),
        added_by=by,
    )
    try:
        with transaction.atomic():
            channel.save(force_insert=True)
    except IntegrityError:
        raise NotNow("there_already", _("这个机器人已经添过了。")) from None
    _record(channel, "add_channel", "", "on", by)
    channel.save(update_fields=TRAIL_FIELDS)
    return channel


@transaction.atomic
def remove_channel(*, channel: Channel, by: User) -> None:
    """Forget a robot's token and say nothing more through it; one removed already stays removed.

    Raises:
        NotAllowed: somebody else's.
    """
    channel = _locked(channel, by)
    if channel.removed_at:
        return
    state = "on" if channel.enabled else "stopped"
    channel.sealed = channel.fingerprint = ""
    channel.enabled, channel.trial_asked_at = False, None
    channel.removed_at = clock.now()
    _record(channel, "remove_channel", state, "removed", by)
    channel.save(
        update_fields=(
            "sealed",
            "fingerprint",
            "enabled",
            "trial_asked_at",
            "removed_at",
            *TRAIL_FIELDS,
        )
    )
    channel.sendings.pending().delete()


@transaction.atomic
def ask_for_trial(*, channel: Channel, by: User) -> None:
    """Ask for a trial message, which the worker sends; asking again before it did changes nothing.

    Raises:
        NotAllowed: somebody else's.
        NotNow: the quiet hours, or it was removed.
    """
    channel = _locked(channel, by)
    if channel.removed_at:
        raise NotNow("removed", _("这个机器人已经去掉了。"))
    if is_quiet(clock.now()):
        raise NotNow("quiet_hours", _("晚上八点到早上八点不往外发消息，早上再试。"))
    channel.trial_asked_at = clock.now()
    channel.save(update_fields=("trial_asked_at",))
    ask_the_worker("notices.tasks.try_channel", channel.pk)


def _locked(channel: Channel, by: User) -> Channel:
    if not policy.may_keep_channel(by, channel):
        raise NotAllowed("not_yours", _("这个机器人不归你管。"))
    return Channel.objects.select_for_update(of=("self",)).get(pk=channel.pk)


def _record(channel: Channel, move: str, from_state: str, to_state: str, by: User) -> None:
    record(
        thing=channel,
        move=move,
        from_state=from_state,
        to_state=to_state,
        by=by,
        by_label=str(_("本人") if channel.user_id else _("联络员")),
    )
