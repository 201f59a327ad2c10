"""Who is told what when a wish moves: one small function a letter. No resident's detail is ever in one."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import DistrictRole, User
from notices.actions import notify
from notices.groups import Group
from pairing.absences import whoever_is_there
from pairing.models import Cadre, CommunityWorker
from pairing.robots import robots_of
from wishes.models import Ask, Escalation, Wish
from wishes.workflow import Asked, Rung, Visibility


@dataclass(frozen=True)
class Held:
    """In whose hands a wish was before a move took it out of them."""

    agency_id: int | None
    handler_id: int | None

    @classmethod
    def of(cls, wish: Wish) -> "Held":
        return cls(wish.agency_id, wish.handler_id)


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
    return whoever_is_there(cadre.user for cadre in liaisons)


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
    body = _("只给你们单位看，请认领或请同事认领。")
    if wish.open_to_all_on:
        day = date_format(wish.open_to_all_on, "n月j日")
        body = _("先问你们单位，%(day)s起大家都可以认领。") % {"day": day}
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


def released(wish: Wish, reason: str, held: Held, helpers: list[User], *, by: User) -> None:
    """Tell the worker, the liaisons, those who helped, and the handler from whom it was taken."""
    people = [*_people(wish.logged_by_id, held.handler_id), *_liaisons(held.agency_id), *helpers]
    to = [person for person in people if person.pk != by.pk]
    title = _("退回来了：%(title)s") % {"title": wish.title}
    _tell(wish, to, "released", title, reason, group=robots_of(held.agency_id))


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


def withdrawn(wish: Wish, reason: str, held: Held, helpers: list[User]) -> None:
    title = _("撤回了：%(title)s") % {"title": wish.title}
    _tell(wish, [*_people(held.handler_id), *helpers], "withdrawn", title, reason)


def merged(wish: Wish, into: Wish, *, by: User) -> None:
    """Tell who wrote the other one down and who handles it that one more resident wishes for it."""
    to = [one for one in _people(into.logged_by_id, into.handler_id) if one.pk != by.pk]
    title = _("又有一位居民也这样希望：%(title)s") % {"title": into.title}
    _tell(into, to, "merged", title, _("两件并成了一件，一起办。"))


def whom_to_remind(wish: Wish) -> list[User]:
    """Return who is to act on a wish: its handler, the holder's liaisons, or those of the agency it was offered to."""
    if wish.handler_id:
        return _people(wish.handler_id)
    return _liaisons(wish.agency_id or wish.offered_to_id)


def reminded(wish: Wish, *, to: list[User], by_label: str) -> None:
    title = _("%(who)s提醒一下：%(title)s") % {"who": by_label, "title": wish.title}
    body = _("约定的日子是%(day)s。") % {"day": date_format(wish.due_on, "n月j日")}
    _tell(wish, to, "reminded", title, body)


def team_dissolved(wish: Wish, helpers: list[User]) -> None:
    """Tell those who helped that it is in other hands now."""
    title = _("换人办了：%(title)s") % {"title": wish.title}
    _tell(wish, helpers, "dissolved", title, _("一起办的到此为止，谢谢。还想帮忙，等对方再请。"))


def joined(wish: Wish, by: User) -> None:
    title = _("%(name)s来一起办：%(title)s") % {"name": by.name, "title": wish.title}
    _tell(wish, _people(wish.handler_id), "joined", title, _("约个时间，分分工。"))


def left_the_team(wish: Wish, by: User, reason: str) -> None:
    title = _("%(name)s不能一起办了：%(title)s") % {"name": by.name, "title": wish.title}
    _tell(wish, _people(wish.handler_id), "left", title, reason)


def waiting(wish: Wish, reason: str) -> None:
    """Tell the worker, who tells the resident."""
    title = _("先等一等：%(title)s") % {"title": wish.title}
    body = _("等到%(day)s：%(why)s。请转告居民。") % {
        "day": date_format(wish.waits_until, "n月j日"),
        "why": reason,
    }
    _tell(wish, _people(wish.logged_by_id), "waiting", title, body)


def resumed(wish: Wish) -> None:
    title = _("等的日子到了，接着办：%(title)s") % {"title": wish.title}
    body = _("新的约定是%(day)s。") % {"day": date_format(wish.due_on, "n月j日")}
    _tell(wish, _people(wish.handler_id) or _liaisons(wish.agency_id), "resumed", title, body)


def asked(wish: Wish, ask: Ask) -> None:
    """Tell those who may decide what was asked."""
    words = {
        Asked.EXTEND: _("申请延期，请你定：%(title)s"),
        Asked.DECLINE: _("有人说办不了，请你看看：%(title)s"),
        Asked.RELEASE: _("请退回或说一声：%(title)s"),
    }
    title = words[ask.what] % {"title": wish.title}
    to = [person for person in _deciders(wish, ask) if person.pk != ask.asked_by_id]
    _tell(wish, to, f"ask_{ask.what}", title, ask.reason)


def _deciders(wish: Wish, ask: Ask) -> list[User]:
    if ask.what == Asked.RELEASE:
        return [*_people(wish.handler_id), *_liaisons(wish.agency_id)]
    if ask.what == Asked.DECLINE:
        return [*_workers(wish), *_street(wish)]
    others = [one for one in _liaisons(wish.agency_id) if one.pk != ask.asked_by_id]
    return others or _street(wish)


def _workers(wish: Wish) -> list[User]:
    workers = CommunityWorker.objects.acting().workers().filter(community=wish.community_id)
    return [worker.user for worker in workers.select_related("user")]


def _street(wish: Wish) -> list[User]:
    staff = Cadre.objects.acting().filter(agency__street=wish.community.street_id)
    return [cadre.user for cadre in staff.select_related("user")]


def refused(wish: Wish, ask: Ask, reason: str) -> None:
    title = _("没有同意「%(what)s」：%(title)s") % {
        "what": ask.get_what_display(),
        "title": wish.title,
    }
    _tell(wish, [ask.asked_by], "refused", title, reason)


def extended(wish: Wish, ask: Ask) -> None:
    """Tell who asked, and the worker, who tells the resident; their page says it too."""
    title = _("延期了：%(title)s") % {"title": wish.title}
    body = _("新的约定是%(day)s：%(why)s。请转告居民。") % {
        "day": date_format(wish.due_on, "n月j日"),
        "why": ask.reason,
    }
    _tell(wish, _people(ask.asked_by_id, wish.logged_by_id), "extended", title, body)


def lapsed(wish: Wish, held: Held, helpers: list[User], why: str) -> None:
    """Tell all who held it, and the worker, that it is open again."""
    people = [*_people(wish.logged_by_id, held.handler_id), *_liaisons(held.agency_id), *helpers]
    title = _("久无动静，收回了：%(title)s") % {"title": wish.title}
    _tell(wish, people, "lapsed", title, why, group=robots_of(held.agency_id))


def referred(wish: Wish, *, by: User) -> None:
    """Tell who noted it, a block warden perhaps, that somebody else settles it."""
    title = _("转给%(who)s了：%(title)s") % {
        "who": wish.get_referred_to_display(),
        "title": wish.title,
    }
    to = [person for person in _people(wish.logged_by_id) if person.pk != by.pk]
    _tell(wish, to, "referred", title, wish.told)


def declined(wish: Wish, ask: Ask, held: Held, helpers: list[User]) -> None:
    people = [*_people(wish.logged_by_id, held.handler_id, ask.asked_by_id), *helpers]
    title = _("同意不办：%(title)s") % {"title": wish.title}
    _tell(wish, people, "declined", title, ask.reason)


def unreached(wish: Wish) -> None:
    title = _("没联系上居民：%(title)s") % {"title": wish.title}
    body = _("几天都没人接；居民回了话再改。")
    _tell(wish, _people(wish.handler_id), "unreached", title, body)


def ended(wish: Wish, held: Held, helpers: list[User]) -> None:
    """Tell those who held it, once and without a reason, that nobody need come; so that nobody rings."""
    title = _("不用再办了：%(code)s") % {"code": wish.code}
    body = _("请不要再联系居民，有事问社区。")
    _tell(wish, [*_people(held.handler_id), *helpers], "ended", title, body)


def escalated(wish: Wish, issued: Escalation) -> None:
    """Hand a 督办单 or 通报 to those who answer for the agency, with the day by which an answer is due."""
    words = {
        Rung.SUPERVISE: _("督办单，请在%(day)s前答复：%(number)s"),
        Rung.CIRCULATE: _("通报，请在%(day)s前答复：%(number)s"),
    }
    facts = {"day": date_format(issued.answer_by, "n月j日"), "number": issued.number}
    notify(
        to=_spokespeople(issued.agency_id),
        kind=issued.step,
        title=words[issued.step] % facts,
        body=issued.text,
        url=issued.get_absolute_url(),
        thing=wish,
        group=robots_of(issued.agency_id),
    )


def _spokespeople(agency_id: int) -> list[User]:
    """Return who speaks for an agency: its liaisons, everybody of a street office."""
    people = Cadre.objects.acting().spokespeople().filter(agency=agency_id)
    return whoever_is_there(cadre.user for cadre in people.select_related("user"))


def answered(wish: Wish, issued: Escalation) -> None:
    """Tell whoever issued it what the agency says."""
    notify(
        to=[issued.issued_by],
        kind="answered",
        title=_("%(agency)s答复了%(number)s")
        % {"agency": issued.agency.name, "number": issued.number},
        body=issued.answer,
        url=issued.get_absolute_url(),
        thing=wish,
    )


def story_offered(wish: Wish) -> None:
    """Tell the worker that the resident lets others read their words; the words stand on the wish's page alone."""
    title = _("居民愿意让大家看到自己的话：%(title)s") % {"title": wish.title}
    _tell(wish, _people(wish.logged_by_id), "story", title, _("请看一看，没有问题就放上心愿墙。"))


def story_shown(wish: Wish) -> None:
    """Tell those who did it that the resident's words stand on the wall."""
    title = _("居民的话上了心愿墙：%(title)s") % {"title": wish.title}
    _tell(wish, _people(wish.handler_id), "story", title)
