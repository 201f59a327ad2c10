"""Who is told what about a topic of the month."""

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import DistrictRole, User
from notices.actions import notify
from pairing.models import Cadre
from pairing.robots import robots_of
from wishes.models import MonthlyTopic


def _tell(topic: MonthlyTopic, to: Iterable[User], kind: str, title: str, body: str) -> None:
    notify(to=to, kind=kind, title=title, body=body, url=topic.get_absolute_url(), thing=topic)


def _owners(topic: MonthlyTopic) -> list[User]:
    liaisons = Cadre.objects.acting().liaisons().filter(agency=topic.owner_id)
    return [cadre.user for cadre in liaisons.select_related("user")]


def topic_set(topic: MonthlyTopic) -> None:
    """Tell the owner's liaisons, and the robots of their agency."""
    title = _("每月一题，请你们牵头：%(title)s") % {"title": topic.title}
    body = _("请在%(day)s前办结。") % {"day": date_format(topic.due_on, "n月j日")}
    notify(
        to=_owners(topic),
        kind="topic-set",
        title=title,
        body=body,
        url=topic.get_absolute_url(),
        thing=topic,
        group=robots_of(topic.owner_id),
    )


def topic_reported(topic: MonthlyTopic) -> None:
    roles = DistrictRole.objects.now().filter(role=DistrictRole.Role.SUPERVISOR)
    to = [role.user for role in roles.filter(user__is_active=True).select_related("user")]
    title = _("每月一题说办结了，请确认：%(title)s") % {"title": topic.title}
    _tell(topic, to, "topic-reported", title, topic.result)


def topic_settled(topic: MonthlyTopic) -> None:
    title = _("每月一题确认办结：%(title)s") % {"title": topic.title}
    _tell(topic, _owners(topic), "topic-settled", title, topic.result)


def topic_returned(topic: MonthlyTopic, reason: str) -> None:
    title = _("每月一题还要办：%(title)s") % {"title": topic.title}
    _tell(topic, _owners(topic), "topic-returned", title, reason)
