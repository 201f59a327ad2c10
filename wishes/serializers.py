"""What the API takes and tells of wishes. Rows are plain dictionaries; no resident's detail is ever in one."""

from functools import cache
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from jiangdong import api_views
from pairing.models import Cadre, Community
from wishes.models import Campaign, Wish
from wishes.validators import no_control_characters, not_in_the_past, one_line
from wishes.workflow import (
    EVENT_LABELS,
    Asked,
    EndedBy,
    How,
    Kind,
    Move,
    Origin,
    PauseReason,
    Rating,
    ReferTo,
    Source,
    State,
    SuitsWhen,
    Takes,
    Visibility,
)

SHOWN_WITH = ("community__street", "agency", "offered_to", "handler", "campaign")


class WishRow(serializers.Serializer):
    """What whoever may open a wish may know of it. Sources are columns: rows come from `.values()`."""

    code = serializers.CharField()
    title = serializers.CharField()
    detail = serializers.CharField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    state = serializers.ChoiceField(choices=State.choices)
    visibility = serializers.ChoiceField(
        choices=Visibility.choices, allow_blank=True, help_text="Blank before publishing."
    )
    community = serializers.CharField(source="community__code")
    community_name = serializers.CharField(source="community__name")
    street = serializers.CharField(source="community__street__code")
    street_name = serializers.CharField(source="community__street__name")
    agency = serializers.CharField(
        source="agency__code", allow_null=True, help_text="Who has claimed it."
    )
    agency_name = serializers.CharField(source="agency__name", allow_null=True)
    estimate = serializers.DecimalField(
        max_digits=8, decimal_places=2, allow_null=True, help_text="Yuan."
    )
    logged_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True)
    open_to_all_on = serializers.DateField(
        allow_null=True, help_text="Until then the paired agency is asked first."
    )
    due_on = serializers.DateField(allow_null=True)
    campaign = serializers.CharField(source="campaign__slug", allow_null=True)
    archived = serializers.BooleanField()


class PublicWish(WishRow):
    """One wish, with the moves open to who asks."""

    suits_when = serializers.ChoiceField(
        choices=SuitsWhen.choices, allow_blank=True, help_text="When it can be done, if said."
    )
    takes = serializers.ChoiceField(choices=Takes.choices, allow_blank=True)
    together = serializers.BooleanField(help_text="Its holder asks others to help.")
    goal = serializers.IntegerField(
        allow_null=True, help_text="How many shares it can be split into."
    )
    shares_taken = serializers.IntegerField()
    moves = serializers.ListField(child=serializers.ChoiceField(choices=Move.choices))


class WishDetail(PublicWish):
    """One wish, with the moves open to who asks. What follows `moves` is there for insiders only."""

    offered_to = serializers.CharField(
        source="offered_to__code", required=False, allow_null=True, help_text="The paired agency."
    )
    handler_name = serializers.CharField(source="handler__name", required=False, allow_null=True)
    origin = serializers.ChoiceField(choices=Origin.choices, required=False, allow_blank=True)
    for_child = serializers.BooleanField(required=False)
    sensitive = serializers.BooleanField(required=False)
    money_source = serializers.ChoiceField(choices=Source.choices, required=False, allow_blank=True)
    response_due_on = serializers.DateField(required=False, allow_null=True)
    claimed_at = serializers.DateTimeField(required=False, allow_null=True)
    fulfilled_at = serializers.DateTimeField(required=False, allow_null=True)
    fulfil_note = serializers.CharField(required=False)
    reopened = serializers.IntegerField(
        required=False, help_text="How often the resident said it was not done."
    )
    closed_at = serializers.DateTimeField(required=False, allow_null=True)
    rating = serializers.ChoiceField(choices=Rating.choices, required=False, allow_blank=True)
    words = serializers.CharField(required=False, help_text="The resident's own.")
    how = serializers.ChoiceField(choices=How.choices, required=False, allow_blank=True)
    for_group = serializers.BooleanField(required=False)
    waits_for = serializers.ChoiceField(
        choices=PauseReason.choices, required=False, allow_blank=True
    )
    waits_until = serializers.DateField(required=False, allow_null=True)
    referred_to = serializers.ChoiceField(choices=ReferTo.choices, required=False, allow_blank=True)
    receipt = serializers.CharField(required=False)
    told = serializers.CharField(required=False, help_text="A word to the resident.")


def told(wish: Wish, *, insider: bool, moves: list[str]) -> dict[str, Any]:
    """Return a wish as this person may read it; what `SHOWN_WITH` names is at hand."""
    columns = [*_columns(WishDetail if insider else PublicWish)]
    facts = {column: _reach(wish, column) for column in columns}
    return _shaped(facts, insider, moves)


def told_anew(wish: Wish, *, insider: bool, moves: list[str]) -> dict[str, Any]:
    """Return the same of a wish that an action has just changed: only the names beside it are read. One query."""
    shown = _columns(WishDetail if insider else PublicWish)
    facts = {column: getattr(wish, column) for column in shown if "__" not in column}
    return _shaped({**facts, **_names_beside(wish.pk)}, insider, moves)


def _shaped(facts: dict[str, Any], insider: bool, moves: list[str]) -> dict[str, Any]:
    shape = WishDetail if insider else PublicWish
    return api_views.told([{**facts, "moves": moves}], shape)[0]


@cache
def _columns(shape: type[serializers.Serializer]) -> list[str]:
    """Return the columns behind a shape's fields, but for the moves, which are nobody's column."""
    columns = [field.source or name for name, field in shape._declared_fields.items()]
    return [column for column in columns if column != "moves"]


def _names_beside(pk: int) -> dict[str, Any]:
    """Return the codes and names of what stands beside a wish: its places, agencies, handler, campaign."""
    sql, names = _names_asked_for()
    with connection.cursor() as cursor:
        cursor.execute(sql, [pk])
        return dict(zip(names, cursor.fetchone(), strict=True))


@cache
def _names_asked_for() -> tuple[str, list[str]]:
    """Return the question and what it asks for, compiled once: that takes longer than asking."""
    names = [column for column in _columns(WishDetail) if "__" in column]
    sql, _params = Wish.objects.filter(pk=1).values_list(*names).query.sql_with_params()
    return sql, names


def _reach(thing: Any, column: str) -> Any:
    """Return what `.values()` would for this column; the things on the way are at hand."""
    for name in column.split("__"):
        if thing is not None:
            thing = getattr(thing, name)
    return thing


class Line(serializers.CharField):
    """Text on one line."""

    def __init__(self, **kwargs) -> None:
        super().__init__(validators=[one_line], **kwargs)


class Text(serializers.CharField):
    """Text that may run over several lines."""

    def __init__(self, **kwargs) -> None:
        super().__init__(validators=[no_control_characters], **kwargs)

    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(data).replace("\r\n", "\n")


class ResidentDetails(serializers.Serializer):
    """Kept sealed; never told again by the API."""

    name = Line(max_length=40, required=False, allow_blank=True)
    phone = Line(max_length=30, required=False, allow_blank=True)
    address = Line(max_length=80, required=False, allow_blank=True)
    note = Text(max_length=200, required=False, allow_blank=True)


class Consents(serializers.Serializer):
    """What the resident said yes to; silence is no."""

    contact = serializers.BooleanField(default=False)
    publish = serializers.BooleanField(default=False)
    sensitive = serializers.BooleanField(default=False)


class NewWish(serializers.Serializer):
    community = serializers.SlugRelatedField(
        "code",
        queryset=Community.objects.all(),
        required=False,
        help_text="One's own if left out.",
    )
    title = Line(max_length=40)
    detail = Text(max_length=500, allow_blank=True, default="")
    kind = serializers.ChoiceField(choices=Kind.choices)
    due_on = serializers.DateField(required=False, allow_null=True, validators=[not_in_the_past])
    estimate = serializers.DecimalField(
        max_digits=8, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    money_source = serializers.ChoiceField(choices=Source.choices, allow_blank=True, default="")
    suits_when = serializers.ChoiceField(
        choices=SuitsWhen.choices, allow_blank=True, default="", help_text="Blank: not said."
    )
    takes = serializers.ChoiceField(choices=Takes.choices, allow_blank=True, default="")
    for_child = serializers.BooleanField(default=False)
    sensitive = serializers.BooleanField(default=False)
    for_group = serializers.BooleanField(default=False)
    goal = serializers.IntegerField(required=False, allow_null=True, min_value=2, max_value=999)
    campaign = serializers.SlugRelatedField(
        "slug",
        queryset=Campaign.objects.festivals(),
        required=False,
        allow_null=True,
        help_text="The festival whose batch it belongs to; such wishes are counted apart.",
    )
    resident = ResidentDetails(required=False)
    consent = Consents(required=False)


class NoBody(serializers.Serializer):
    """Nothing need be said."""


class Reason(serializers.Serializer):
    reason = Text(max_length=300)


class Publish(serializers.Serializer):
    visibility = serializers.ChoiceField(choices=Visibility.choices)


class Claim(serializers.Serializer):
    for_branch = serializers.BooleanField(
        default=False, help_text="For the party branch; only a liaison may."
    )
    together = serializers.BooleanField(default=False, help_text="Ask others to help.")
    share = serializers.IntegerField(
        default=1, min_value=1, max_value=999, help_text="Of a goal that can be split."
    )


class Join(serializers.Serializer):
    share = serializers.IntegerField(default=1, min_value=1, max_value=999)


class Wait(serializers.Serializer):
    waits_for = serializers.ChoiceField(choices=PauseReason.choices)
    until = serializers.DateField()
    reason = Text(max_length=300)


class Ask(serializers.Serializer):
    what = serializers.ChoiceField(choices=Asked.choices)
    reason = Text(max_length=300)
    until = serializers.DateField(
        required=False, allow_null=True, help_text="The day an extension asks for."
    )


class Refuse(serializers.Serializer):
    what = serializers.ChoiceField(choices=Asked.choices)
    reason = Text(max_length=300)


class Refer(serializers.Serializer):
    to = serializers.ChoiceField(choices=ReferTo.choices)
    receipt = Line(max_length=60)
    told = Text(max_length=200, help_text="A word to the resident.")


class Decline(serializers.Serializer):
    told = Text(max_length=200, help_text="A word to the resident.")


class End(serializers.Serializer):
    ended_by = serializers.ChoiceField(choices=EndedBy.choices)


@extend_schema_field(OpenApiTypes.INT)
class CadreField(serializers.Field):
    """A person who acts for an agency today: the id in `cadres/`; a user name is understood too."""

    default_error_messages = {
        "not_there": _("没有这位同事，或已不在岗。"),
        "incorrect_type": _("请填同事的编号。"),
    }

    def to_internal_value(self, data: Any) -> Cadre:
        if isinstance(data, bool) or not isinstance(data, int | str):
            self.fail("incorrect_type")
        text = str(data).strip()
        is_id = text.isascii() and text.isdecimal() and len(text) < 19
        wanted = {"pk": int(text)} if is_id else {"user__username": text}
        try:
            cadre = Cadre.objects.acting().select_related("user", "agency").filter(**wanted).first()
        except ValueError:
            cadre = None
        return cadre or self.fail("not_there")


class Assign(serializers.Serializer):
    handler = CadreField(help_text="The id in `cadres/`.")


class Fulfil(serializers.Serializer):
    note = Text(max_length=500, help_text="What was done; the resident reads it.")
    photo = serializers.FileField(
        required=False, allow_null=True, help_text="Of the thing, not of faces; in multipart only."
    )


class Confirm(serializers.Serializer):
    rating = serializers.ChoiceField(choices=Rating.choices)
    words = Text(max_length=300, allow_blank=True, default="")
    how = serializers.ChoiceField(
        choices=How.choices, help_text="`scan` is the resident's own link alone."
    )


class EventRow(serializers.Serializer):
    """One event of a wish's course."""

    n = serializers.IntegerField()
    at = serializers.DateTimeField()
    move = serializers.ChoiceField(choices=list(EVENT_LABELS.items()))
    by = serializers.CharField(source="by_label", help_text="In whose name, not who.")
    note = serializers.CharField(source="note__text", allow_null=True)
    hash = serializers.CharField(help_text="Over this event and the hash of the one before.")

    def get_fields(self) -> dict[str, serializers.Field]:
        """Add `from` and `to`, of which the first is a word of Python's own."""
        fields = super().get_fields()
        states = {"choices": State.choices}
        fields["from"] = serializers.ChoiceField(source="from_state", allow_blank=True, **states)
        fields["to"] = serializers.ChoiceField(source="to_state", **states)
        return fields
