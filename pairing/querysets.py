"""Reading rules of places, agencies, people and pairings, as adjectives that chain."""

from django.db import models
from django.db.models import Exists, OuterRef

from jiangdong.terms import TermQuerySet


class AgencyQuerySet(models.QuerySet):
    """Agencies."""

    def paired(self) -> "AgencyQuerySet":
        """Keep those that answer for a community today."""
        return self.filter(self._is_paired())

    def unpaired(self) -> "AgencyQuerySet":
        """Keep those that answer for no community today."""
        return self.exclude(self._is_paired())

    def _is_paired(self) -> Exists:
        pairings = self.model._meta.get_field("pairings").related_model
        return Exists(pairings.objects.now().filter(agency=OuterRef("pk")))


class PairingQuerySet(TermQuerySet):
    """Pairings."""

    def agency_of(self, community_id: int) -> int | None:
        """Return the id of the agency that answers for a community today, or None in a gap."""
        return self.now().filter(community=community_id).values_list("agency_id", flat=True).first()


class CadreQuerySet(TermQuerySet):
    """People who act for agencies. Accounts that were ended are not among those who act now."""

    def acting(self) -> "CadreQuerySet":
        """Keep those whose term holds today and whose account is alive."""
        return self.now().filter(user__is_active=True)

    def liaisons(self) -> "CadreQuerySet":
        """Keep the liaisons."""
        return self.filter(is_liaison=True)

    def present(self) -> "CadreQuerySet":
        """Leave out those who are away today: they are not offered anything."""
        absences = self.model._meta.get_field("user").related_model.absences.rel.related_model
        return self.exclude(Exists(absences.objects.now().filter(user=OuterRef("user"))))

    def spokespeople(self) -> "CadreQuerySet":
        """Keep those who answer in their agency's name: the liaisons, and everybody of a street office."""
        return self.filter(models.Q(is_liaison=True) | models.Q(agency__street__isnull=False))

    def visible_to(self, standing) -> "CadreQuerySet":
        """Keep those a person may look up: of the own agency; all for workers, street offices, supervisors.

        A member of an association finds oneself there: hundreds of others and where they live are for its liaison.
        """
        readers = {"supervisor", "supervision_group"}
        if standing.community_id or standing.street_id or standing.roles & readers:
            return self
        if standing.is_agency_staff or standing.is_liaison:
            return self.filter(agency=standing.agency_id)
        return self.filter(user=standing.user_id)


class WorkerQuerySet(TermQuerySet):
    """People who work for communities."""

    def acting(self) -> "WorkerQuerySet":
        """Keep those whose term holds today and whose account is alive."""
        return self.now().filter(user__is_active=True)

    def workers(self) -> "WorkerQuerySet":
        """Keep the community workers, leaving block wardens out."""
        return self.filter(duty="worker")


class ResidentQuerySet(models.QuerySet):
    """Residents, of whom a list says nothing."""

    def with_the_telephone_of(self, resident) -> "ResidentQuerySet":
        """Keep those of the same community with the same telephone; none where no telephone is known."""
        if not resident.phone_index:
            return self.none()
        return self.filter(community=resident.community_id, phone_index=resident.phone_index)
