"""Who is told what when a wish moves: one small function a letter. No resident's detail is ever in one."""

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import DistrictRole, User
from notices.actions import notify
from notices.groups import Group
from pairing.models import Cadre
from pairing.robots import robots_of
from wishes.models import Wish
from wishes.workflow import Visibility


def _tell(
    wish: Wish,
    to: Iterable[User],
    kind: str,
    title: str,
    body: str = "",
    group: Group | None = None,
) -> None:
    """Tell people, and the robots of an agency where its liaisons are meant; robots name public wishes alone."""
    notify(
        to=to,
        kind=kind,
        title=title,
        body=body,
        url=wish.get_absolute_url(),
        thing=wish,
        group=group,
        discreet=wish.visibility != Visibility.PUBLIC,
    )


def _liaisons(agency_id: int | None) -> list[User]:
    if agency_id is None:
        return []
    liaisons = Cadre.objects.acting().liaisons().filter(agency=agency_id).select_related("user")
    return [cadre.user for cadre in liaisons]


def _people(*ids: int | None) -> list[User]:
    wanted = [pk for pk in ids if pk is not None]
    return list(User.objects.filter(pk__in=wanted)) if wanted else []


def to_be_checked(wish: Wish, *, to: list[User]) -> None:
    _tell(
        wish,
        to,
        "check",
        _("请复核：%(title)s") % {"title": wish.title},
        _("看过没有问题就可以公开。"),
    )


def returned(wish: Wish, reason: str) -> None:
    _tell(
        wish,
        _people(wish.logged_by_id),
        "returned",
        _("退回修改：%(title)s") % {"title": wish.title},
        reason,
    )


def offered(wish: Wish) -> None:
    """Tell the paired agency's liaisons that it is theirs to take first."""
    body = _("先问你们单位，三个工作日后大家都可以认领。")
    _tell(
        wish,
        _liaisons(wish.offered_to_id),
        "offered",
        _("结对社区有新心愿：%(title)s") % {"title": wish.title},
        body,
        group=robots_of(wish.offered_to_id),
    )


def claimed(wish: Wish, agency: str) -> None:
    title = _("%(agency)s认领了：%(title)s") % {"agency": agency, "title": wish.title}
    _tell(wish, _people(wish.logged_by_id), "claimed", title)


def assigned(wish: Wish, handler: User) -> None:
    _tell(
        wish,
        [handler],
        "assigned",
        _("交给你办：%(title)s") % {"title": wish.title},
        _("约定的日子见详情。"),
    )


def left_without_handler(wish: Wish) -> None:
    """Tell the holder's liaisons that whoever handled it has left; supervisors, where there is no liaison."""
    to = _liaisons(wish.agency_id) or _supervisors()
    title = _("经办人离任了：%(title)s") % {"title": wish.title}
    body = _("请在两个工作日内另定一位经办人。")
    _tell(wish, to, "unnamed", title, body, group=robots_of(wish.agency_id))


def _supervisors() -> list[User]:
    roles = DistrictRole.objects.now().filter(role=DistrictRole.Role.SUPERVISOR)
    return [role.user for role in roles.filter(user__is_active=True).select_related("user")]


def released(wish: Wish, reason: str, *, agency_id: int, handler_id: int | None, by: User) -> None:
    """Tell the worker, the liaisons, and the handler from whom it was taken."""
    people = [*_people(wish.logged_by_id, handler_id), *_liaisons(agency_id)]
    to = [person for person in people if person.pk != by.pk]
    title = _("退回来了：%(title)s") % {"title": wish.title}
    _tell(wish, to, "released", title, reason, group=robots_of(agency_id))


def fulfilled(wish: Wish) -> None:
    title = _("说办好了，请问问居民：%(title)s") % {"title": wish.title}
    _tell(wish, _people(wish.logged_by_id), "fulfilled", title, _("在「今天要打的电话」里。"))


def confirmed(wish: Wish) -> None:
    title = _("居民点头了：%(title)s") % {"title": wish.title}
    body = _("居民的评价：%(rating)s") % {"rating": wish.get_rating_display()}
    _tell(wish, _people(wish.handler_id, wish.logged_by_id), "confirmed", title, body)


def reopened(wish: Wish, reason: str) -> None:
    """Tell the handler and the holder's liaisons what the resident misses."""
    people = [*_people(wish.handler_id), *_liaisons(wish.agency_id)]
    title = _("居民说还没有办好：%(title)s") % {"title": wish.title}
    _tell(wish, people, "reopened", title, reason, group=robots_of(wish.agency_id))


def withdrawn(wish: Wish, reason: str, *, handler_id: int | None) -> None:
    _tell(
        wish,
        _people(handler_id),
        "withdrawn",
        _("撤回了：%(title)s") % {"title": wish.title},
        reason,
    )


def whom_to_remind(wish: Wish) -> list[User]:
    """Return who is to act on a wish: its handler, the holder's liaisons, or those of the agency it was offered to."""
    if wish.handler_id:
        return _people(wish.handler_id)
    return _liaisons(wish.agency_id or wish.offered_to_id)


def reminded(wish: Wish, *, to: list[User], by_label: str) -> None:
    title = _("%(who)s提醒一下：%(title)s") % {"who": by_label, "title": wish.title}
    body = _("约定的日子是%(day)s。") % {"day": date_format(wish.due_on, "n月j日")}
    _tell(wish, to, "reminded", title, body)
