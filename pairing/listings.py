"""The list of who answers for whom, in one place: the page groups it by street, an export takes it row by row."""

from django.db.models import Prefetch, Q, QuerySet
from django.http import QueryDict

from pairing.models import Community, Pairing


def words_of(params: QueryDict) -> str:
    """Return what is searched for."""
    return params.get("q", "").replace("\x00", "").strip()[:40]


def communities(params: QueryDict) -> QuerySet:
    """Return the communities that a search finds by their own name or their agency's, each with `today`'s pairing."""
    words = words_of(params)
    todays = Prefetch("pairings", Pairing.objects.now().select_related("agency"), to_attr="today")
    found = Community.objects.prefetch_related(todays)
    if words:
        paired = Pairing.objects.now().filter(agency__name__contains=words).values("community")
        found = found.filter(Q(name__contains=words) | Q(pk__in=paired))
    return found
