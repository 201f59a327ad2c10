"""Which lists of voices go out as files: those that pages show. Never an asker's details."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from notices.sheets import AdminSheet, Sheet, register
from pairing.standing import standing_of
from voices.models import Voice
from voices.views.lists import all_of, desk_of
from wishes.sheets import in_order

SHOWN_WITH = ("topic", "community__street", "agency")
COLUMNS = (
    _("编号"),
    _("提出日期"),
    _("渠道"),
    _("主题"),
    _("街道"),
    _("社区"),
    _("谁提的"),
    _("企业"),
    _("一句话"),
    _("状态"),
    _("答复单位"),
    _("答复期限"),
    _("答复日期"),
    _("办结期限"),
    _("办结日期"),
    _("评价"),
    _("怎样评的"),
)


def row_of(voice: Voice) -> tuple:
    """Return a voice's cells; one that concerns no community concerns the whole district."""
    place = voice.community
    return (
        voice.code,
        voice.noted_on,
        voice.get_channel_display(),
        voice.topic and voice.topic.name,
        place and place.street.name,
        place and place.name,
        voice.get_asker_display(),
        voice.enterprise,
        voice.title,
        voice.get_state_display(),
        voice.agency and voice.agency.name,
        voice.answer_due_on,
        voice.answered_on,
        voice.settle_due_on,
        voice.settled_on,
        voice.get_rating_display(),
        voice.get_how_display(),
    )


class VoiceSheet(Sheet):
    """A list of voices as its page shows it."""

    columns: ClassVar = COLUMNS

    def __init__(self, slug: str, label: Any) -> None:
        self.slug = slug
        self.label = label

    def queryset(self, user, params: QueryDict) -> QuerySet:
        if not standing_of(user).user_id:
            raise PermissionDenied
        return self.voices(user, params).select_related(*SHOWN_WITH)

    def voices(self, user, params: QueryDict) -> QuerySet:
        """Return the voices of the page, in its order."""
        raise NotImplementedError

    def row(self, voice: Voice) -> tuple:
        return row_of(voice)

    def scope(self, user) -> str:
        """Return for what they answer: who changed their post takes nothing of the former one along."""
        at = standing_of(user)
        places = (at.community_id, at.warden_of_id, at.street_id, at.agency_id, at.is_liaison)
        return repr((*places, sorted(at.roles)))


class Desk(VoiceSheet):
    def voices(self, user, params: QueryDict) -> QuerySet:
        return in_order(*desk_of(user, params))


class All(VoiceSheet):
    def voices(self, user, params: QueryDict) -> QuerySet:
        return in_order(*all_of(user, params))


class Watched(AdminSheet):
    """The supervisors' list."""

    slug = "admin-voice"
    label = _("督办看的民声")
    columns = COLUMNS
    model = Voice

    def queryset(self, user, params: QueryDict) -> QuerySet:
        return super().queryset(user, params).select_related(*SHOWN_WITH)

    def row(self, voice: Voice) -> tuple:
        return row_of(voice)


def register_sheets() -> None:
    """Let people take these lists out."""
    register(Desk("voices-desk", _("民声")), All("voices-all", _("交给单位的民声")), Watched())
