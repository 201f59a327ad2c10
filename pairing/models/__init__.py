"""Who answers for what: places, agencies and their people, pairings, and residents' details."""

from pairing.models.absences import Absence
from pairing.models.agencies import Agency, Cadre, CommunityWorker
from pairing.models.pairings import Pairing, Responsibility
from pairing.models.places import Community, Street
from pairing.models.residents import Consent, Details, Look, Resident

__all__ = [
    "Absence",
    "Agency",
    "Cadre",
    "Community",
    "CommunityWorker",
    "Consent",
    "Details",
    "Look",
    "Pairing",
    "Resident",
    "Responsibility",
    "Street",
]
