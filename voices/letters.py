"""Who is told what when a voice moves: one small function a letter. No asker's detail is ever in one.

Nothing is told when somebody without a name writes: the moment of a message would say when that was.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.models import DistrictRole, User
from notices.actions import notify
from notices.groups import Group
from pairing.models import Cadre, CommunityWorker
from pairing.robots import robots_of
from voices.models import Question, Voice


def _tell(
    voice: Voice,
    to: Iterable[User],
    kind: str,
    title: str,
    body: str = "",
    group: Group | None = None,
) -> None:
    """Tell people, and the robots of an agency where its liaisons are meant; robots name public voices alone."""
    notify(
        to=to,
        kind=kind,
        title=title,
        body=body,
        url=voice.get_absolute_url(),
        thing=voice,
        group=group,
        discreet=not voice.public,
    )


def moderators_of(voice: Voice) -> list[User]:
    """Return who looks through it: the community's workers, else the street's staff, else the supervisors."""
    if voice.community_id:
        workers = CommunityWorker.objects.acting().workers().filter(community=voice.community_id)
        staff = Cadre.objects.acting().filter(agency__street=voice.community.street_id)
        for rows in (workers, staff):
            if found := [row.user for row in rows.select_related("user")]:
                return found
    return supervisors()


def supervisors() -> list[User]:
    roles = DistrictRole.objects.now().filter(role=DistrictRole.Role.SUPERVISOR)
    return [role.user for role in roles.filter(user__is_active=True).select_related("user")]


def answering_for(agency_id: int | None) -> list[User]:
    """Return who answers in an agency's name: its liaisons; of a street office without one, its staff."""
    if agency_id is None:
        return []
    acting = Cadre.objects.acting().filter(agency=agency_id).select_related("user")
    liaisons = [cadre.user for cadre in acting.liaisons()]
    return liaisons or [cadre.user for cadre in acting.filter(agency__street__isnull=False)]


def _logger(voice: Voice) -> list[User]:
    return [voice.logged_by] if voice.logged_by_id else []


def noted(voice: Voice, *, by: User | None) -> None:
    to = [person for person in moderators_of(voice) if by is None or person.pk != by.pk]
    title = _("有人说了一件事：%(title)s") % {"title": voice.title}
    _tell(voice, to, "voice-noted", title, _("看过以后交给单位答复。"))


def asked(voice: Voice) -> None:
    title = _("请答复：%(title)s") % {"title": voice.title}
    body = _("请在%(day)s前答复。") % {"day": voice.answer_due_on.isoformat()}
    if voice.urgent:
        title, body = _("加急，请今天答复：%(title)s") % {"title": voice.title}, ""
    group = robots_of(voice.agency_id)
    _tell(voice, answering_for(voice.agency_id), "voice-asked", title, body, group=group)


def taken_away(voice: Voice, reason: str, *, agency_id: int) -> None:
    title = _("转给别的单位了：%(title)s") % {"title": voice.title}
    _tell(voice, answering_for(agency_id), "voice-away", title, reason)


def returned(voice: Voice, reason: str) -> None:
    title = _("单位退回来了：%(title)s") % {"title": voice.title}
    _tell(voice, moderators_of(voice), "voice-returned", title, reason)


def answered(voice: Voice) -> None:
    title = _("答复了：%(title)s") % {"title": voice.title}
    _tell(voice, _logger(voice), "voice-answered", title)


def settled(voice: Voice) -> None:
    title = _("说办结了，请问问提的人：%(title)s") % {"title": voice.title}
    _tell(voice, _logger(voice) or moderators_of(voice), "voice-settled", title)


def rated(voice: Voice) -> None:
    title = _("提的人评过了：%(title)s") % {"title": voice.title}
    body = _("评价：%(rating)s") % {"rating": voice.get_rating_display()}
    people = [*answering_for(voice.agency_id), *_logger(voice)]
    _tell(voice, people, "voice-rated", title, body, group=robots_of(voice.agency_id))


def reopened(voice: Voice, reason: str) -> None:
    title = _("提的人说没有解决：%(title)s") % {"title": voice.title}
    group = robots_of(voice.agency_id)
    _tell(voice, answering_for(voice.agency_id), "voice-reopened", title, reason, group=group)


def wrote(voice: Voice) -> None:
    title = _("提的人又写了几句：%(title)s") % {"title": voice.title}
    _tell(voice, answering_for(voice.agency_id) or moderators_of(voice), "voice-word", title)


def withdrawn(voice: Voice, reason: str, *, agency_id: int | None) -> None:
    title = _("撤回了：%(title)s") % {"title": voice.title}
    _tell(voice, answering_for(agency_id), "voice-withdrawn", title, reason)


def to_answer(question: Question) -> None:
    """Tell the leaders and secretaries of a session that a question was let onto its page."""
    session = question.session
    people = [
        person
        for answerer in session.answerers.select_related("user", "secretary")
        for person in (answerer.user, answerer.secretary)
        if person is not None
    ]
    notify(
        to=people,
        kind="question",
        title=_("网上面对面有新问题：%(title)s") % {"title": session.title},
        url=session.get_absolute_url(),
        thing=session,
    )
