"""The API's doors to places, agencies, people and pairings: read only."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery

from jiangdong.api_views import Rows
from jiangdong.pagination import Order
from pairing import filters, serializers
from pairing.models import Agency, Cadre, Community, Pairing, Street
from pairing.standing import standing_of

CODE = "[A-Z0-9]{1,8}"
NUMBER = "[0-9]{1,18}"
CUSTOMARY = {  # 规范顺序
    "position": Order("position"),
    "-position": Order("position", descending=True),
}
BY_CODE = {"code": Order("code"), "-code": Order("code", descending=True)}
BY_ID = {"id": Order("id"), "-id": Order("id", descending=True)}


class Streets(Rows):
    """Streets (街道), in their customary order."""

    queryset = Street.objects.all()
    serializer_class = serializers.StreetRow
    filterset_class = filters.StreetFilter
    lookup_field, lookup_value_regex = "code", CODE
    orderings = {**CUSTOMARY, **BY_CODE}


class Communities(Rows):
    """Communities (社区) with the agency that answers for each today, in the order of their names."""

    queryset = Community.objects.all()
    serializer_class = serializers.CommunityRow
    filterset_class = filters.CommunityFilter
    lookup_field, lookup_value_regex = "code", CODE
    orderings = {
        "name": Order("sort_key"),
        "-name": Order("sort_key", descending=True),
        **BY_CODE,
        "households": Order("households"),
        "-households": Order("households", descending=True),
    }

    def get_queryset(self) -> QuerySet:
        todays = Pairing.objects.now().filter(community=OuterRef("pk"))
        return Community.objects.annotate(
            agency_code=Subquery(todays.values("agency__code")[:1]),
            agency_name=Subquery(todays.values("agency__name")[:1]),
        )


class Agencies(Rows):
    """Agencies (单位) with the communities each answers for today, in their customary order."""

    queryset = Agency.objects.all()
    serializer_class = serializers.AgencyRow
    filterset_class = filters.AgencyFilter
    lookup_field, lookup_value_regex = "code", CODE
    orderings = {**CUSTOMARY, **BY_CODE}

    def get_queryset(self) -> QuerySet:
        todays = Pairing.objects.now().filter(agency=OuterRef("pk")).order_by("community__code")
        return Agency.objects.annotate(communities=ArraySubquery(todays.values("community__code")))


class Cadres(Rows):
    """People who act for agencies today: of the own agency; all for communities, street offices and supervisors.

    A member of an association is told of oneself alone.
    """

    queryset = Cadre.objects.all()
    serializer_class = serializers.CadreRow
    filterset_class = filters.CadreFilter
    lookup_field, lookup_url_kwarg, lookup_value_regex = "id", "id", NUMBER
    orderings = BY_ID

    def get_queryset(self) -> QuerySet:
        return Cadre.objects.acting().visible_to(standing_of(self.request.user))


class Pairings(Rows):
    """Which agency answers for which community (结对), today or on the day asked for."""

    queryset = Pairing.objects.all()
    serializer_class = serializers.PairingRow
    filterset_class = filters.PairingFilter
    lookup_field, lookup_url_kwarg, lookup_value_regex = "id", "id", NUMBER
    orderings = BY_ID
