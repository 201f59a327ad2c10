"""What the API tells of places, agencies, people and pairings. Sources are columns: rows come from `.values()`."""

from rest_framework import serializers

from pairing.models import Agency


class StreetRow(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class CommunityRow(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    street = serializers.CharField(source="street__code")
    street_name = serializers.CharField(source="street__name")
    agency = serializers.CharField(
        source="agency_code", allow_null=True, help_text="Who answers for it today; null in a gap."
    )
    agency_name = serializers.CharField(allow_null=True)
    phone = serializers.CharField(help_text="The community's service telephone.")
    households = serializers.IntegerField(allow_null=True)


class AgencyRow(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Agency.Kind.choices)
    street = serializers.CharField(
        source="street__code", allow_null=True, help_text="Of a street office."
    )
    communities = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of those it answers for today."
    )


class CadreRow(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField(source="user__name")
    agency = serializers.CharField(source="agency__code")
    agency_name = serializers.CharField(source="agency__name")
    is_liaison = serializers.BooleanField()
    specialities = serializers.ListField(child=serializers.CharField())
    registered_with = serializers.CharField(source="registered_with__code", allow_null=True)
    registered_with_name = serializers.CharField(source="registered_with__name", allow_null=True)


class PairingRow(serializers.Serializer):
    id = serializers.IntegerField()
    agency = serializers.CharField(source="agency__code")
    agency_name = serializers.CharField(source="agency__name")
    community = serializers.CharField(source="community__code")
    community_name = serializers.CharField(source="community__name")
    street = serializers.CharField(source="community__street__code")
    since = serializers.DateField(source="term.lower", allow_null=True)
    until = serializers.DateField(
        source="term.upper", allow_null=True, help_text="The first day it no longer holds."
    )
