"""What the API takes and tells of voices. Rows are plain dictionaries; no asker's detail is ever in one."""

from typing import Any

from rest_framework import serializers

from pairing.models import Agency, Community
from voices.models import Topic, Voice
from voices.workflow import EVENT_LABELS, Asker, Channel, How, Move, Rating, State
from wishes.serializers import Line, Text

SHOWN_WITH = ("community__street", "agency", "topic")


class VoiceRow(serializers.Serializer):
    """What whoever may open a voice may know of it. Sources are columns: rows come from `.values()`."""

    code = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    topic = serializers.IntegerField(source="topic_id", allow_null=True)
    topic_name = serializers.CharField(source="topic__name", allow_null=True)
    channel = serializers.ChoiceField(choices=Channel.choices)
    state = serializers.ChoiceField(choices=State.choices)
    community = serializers.CharField(source="community__code", allow_null=True)
    community_name = serializers.CharField(source="community__name", allow_null=True)
    urgent = serializers.BooleanField()
    agency = serializers.CharField(
        source="agency__code", allow_null=True, help_text="Who is to answer."
    )
    agency_name = serializers.CharField(source="agency__name", allow_null=True)
    noted_on = serializers.DateField()
    answer_due_on = serializers.DateField(allow_null=True)
    settle_due_on = serializers.DateField(allow_null=True)
    answered_on = serializers.DateField(allow_null=True)
    answer = serializers.CharField()
    settled_on = serializers.DateField(allow_null=True)
    settlement = serializers.CharField()
    rating = serializers.ChoiceField(choices=Rating.choices, allow_blank=True)


class PublicVoice(VoiceRow):
    """One voice, with the moves open to who asks."""

    moves = serializers.ListField(child=serializers.ChoiceField(choices=Move.choices))


class VoiceDetail(PublicVoice):
    """One voice, with the moves open to who asks. What follows `moves` is there for insiders only."""

    asker = serializers.ChoiceField(choices=Asker.choices, required=False)
    enterprise = serializers.CharField(required=False)
    public = serializers.BooleanField(required=False)
    may_publish = serializers.BooleanField(
        required=False, help_text="Its asker agreed to its being public."
    )
    first_asked_on = serializers.DateField(required=False, allow_null=True)
    response_due_on = serializers.DateField(
        required=False, allow_null=True, help_text="By which the rate of answers in time counts."
    )
    reopened = serializers.IntegerField(
        required=False, help_text="How often its asker said that it was not settled."
    )
    closed_on = serializers.DateField(required=False, allow_null=True)
    words = serializers.CharField(required=False, help_text="The asker's own.")
    how = serializers.ChoiceField(choices=How.choices, required=False, allow_blank=True)
    follows = serializers.CharField(
        source="follows__code",
        required=False,
        allow_null=True,
        help_text="An earlier one of the same topic and community within 90 days.",
    )


def told(voice: Voice, *, insider: bool, moves: list[str]) -> dict[str, Any]:
    """Return a voice as this person may read it; what `SHOWN_WITH` names is at hand."""
    shape = VoiceDetail if insider else PublicVoice
    columns = [field.source or name for name, field in shape._declared_fields.items()]
    facts = {column: _reach(voice, column) for column in columns if column != "moves"}
    return shape({**facts, "moves": moves}).data


def _reach(thing: Any, column: str) -> Any:
    """Return what `.values()` would for this column; the things on the way are at hand."""
    for name in column.split("__"):
        if thing is not None:
            thing = getattr(thing, name)
    return thing


class Contact(serializers.Serializer):
    """Kept sealed; never told again by the API."""

    name = Line(max_length=40, required=False, allow_blank=True)
    phone = Line(max_length=30, required=False, allow_blank=True)


class NewVoice(serializers.Serializer):
    """What a colleague notes. Those without an account use the page, at whose door nobody is known."""

    title = Line(max_length=40)
    text = Text(max_length=1000, allow_blank=True, default="")
    channel = serializers.ChoiceField(choices=Channel.choices)
    asker = serializers.ChoiceField(choices=Asker.choices)
    community = serializers.SlugRelatedField(
        "code",
        queryset=Community.objects.all(),
        required=False,
        allow_null=True,
        help_text="A worker's own if left out; else the whole district.",
    )
    enterprise = Line(max_length=60, allow_blank=True, default="")
    topic = serializers.PrimaryKeyRelatedField(
        queryset=Topic.objects.filter(offered=True), required=False, allow_null=True
    )
    may_publish = serializers.BooleanField(default=False)
    contact = Contact(required=False)
    consent = serializers.BooleanField(
        default=False, help_text="The asker agreed to the contact being kept."
    )


class _ToAgency(serializers.Serializer):
    agency = serializers.SlugRelatedField("code", queryset=Agency.objects.all())


class AskAgency(_ToAgency):
    topic = serializers.PrimaryKeyRelatedField(
        queryset=Topic.objects.filter(offered=True), required=False, allow_null=True
    )
    urgent = serializers.BooleanField(default=False)
    public = serializers.BooleanField(default=False)


class HandOn(_ToAgency):
    reason = Text(max_length=300)


class AnswerVoice(serializers.Serializer):
    answer = Text(max_length=1000, help_text="Its asker reads it; everybody where it is public.")


class SettleVoice(serializers.Serializer):
    settlement = Text(max_length=1000)


class RateVoice(serializers.Serializer):
    rating = serializers.ChoiceField(choices=Rating.choices)
    words = Text(max_length=300, allow_blank=True, default="")
    how = serializers.ChoiceField(
        choices=How.choices, help_text="`oneself` is the asker's own link or code alone."
    )


class VoiceEvent(serializers.Serializer):
    """One event of a voice's course. Only the day is told."""

    n = serializers.IntegerField()
    on = serializers.DateField(source="at__date")
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
