"""What somebody is to a wish, and what that lets them do: one predicate a question, of person and thing alone."""

from pairing.standing import Standing
from wishes.models import Wish
from wishes.workflow import State, Visibility


def works_there(standing: Standing, wish: Wish) -> bool:
    """Say whether they are a community worker of the wish's community."""
    return standing.community_id == wish.community_id and standing.community_id is not None


def oversees(standing: Standing, wish: Wish) -> bool:
    """Say whether they are staff of the street office the wish's community belongs to."""
    return standing.street_id is not None and standing.street_id == wish.community.street_id


def wrote_it(standing: Standing, wish: Wish) -> bool:
    """Say whether they are a block warden who noted this draft."""
    return standing.warden_of_id == wish.community_id and wish.logged_by_id == standing.user_id


def handles(standing: Standing, wish: Wish) -> bool:
    return wish.handler_id is not None and wish.handler_id == standing.user_id


def is_liaison_of_holder(standing: Standing, wish: Wish) -> bool:
    return (
        standing.is_liaison and wish.agency_id is not None and wish.agency_id == standing.agency_id
    )


def is_of_holder(standing: Standing, wish: Wish) -> bool:
    """Say whether they belong to the agency that holds the wish: its word is not the resident's."""
    return wish.agency_id is not None and wish.agency_id == standing.agency_id


def may_log(standing: Standing) -> bool:
    """Write down a wish: workers, and wardens as drafts."""
    return standing.any_community_id is not None


def may_bring_in(standing: Standing) -> bool:
    """Bring in a list: a community's workers for their own, the street office for any of its communities."""
    return standing.community_id is not None or standing.street_id is not None


def may_bring_into(standing: Standing, intake) -> bool:
    """Go on with a list that was uploaded: only in the post in which it was."""
    if intake.community_id:
        return intake.community_id == standing.community_id
    return standing.community_id is None and intake.street_id == standing.street_id


def may_edit(standing: Standing, wish: Wish) -> bool:
    """Change a draft's words: the community's workers, or the warden who noted it."""
    return works_there(standing, wish) or wrote_it(standing, wish)


def may_publish(standing: Standing, wish: Wish) -> bool:
    """Publish: the community's workers, or the street as second person."""
    return works_there(standing, wish) or (oversees(standing, wish) and wish.state != State.DRAFT)


def may_claim(standing: Standing, wish: Wish) -> bool:
    """Claim: whoever acts for an agency, or only staff of the paired one; what is private is handed to somebody."""
    if wish.visibility == Visibility.PAIRED:
        return standing.is_agency_staff and wish.offered_to_id == standing.agency_id
    return standing.agency_id is not None and wish.visibility != Visibility.PRIVATE


def may_assign_outside(standing: Standing, wish: Wish) -> bool:
    """Hand it to people of any agency (交办): street and supervisor; the worker for what is not public."""
    private = wish.visibility == Visibility.PRIVATE
    return (
        oversees(standing, wish)
        or standing.is_supervisor
        or (private and works_there(standing, wish))
    )


def may_assign(standing: Standing, wish: Wish) -> bool:
    """Name who handles it: to anybody as above, or the holder's liaison to a colleague."""
    return may_assign_outside(standing, wish) or is_liaison_of_holder(standing, wish)


def may_release(standing: Standing, wish: Wish) -> bool:
    return handles(standing, wish) or is_liaison_of_holder(standing, wish)


def may_hear_the_resident(standing: Standing, wish: Wish) -> bool:
    """Take down the resident's word: the worker or the street, never anybody of the holder."""
    return (
        (works_there(standing, wish) or oversees(standing, wish))
        and not handles(standing, wish)
        and not is_of_holder(standing, wish)
    )


def may_withdraw(standing: Standing, wish: Wish) -> bool:
    return (
        works_there(standing, wish)
        or (oversees(standing, wish) and wish.state != State.DRAFT)
        or (wrote_it(standing, wish) and wish.state == State.DRAFT)
    )


def may_remind(standing: Standing, wish: Wish) -> bool:
    """Nudge whoever is to act (提醒一下): the worker, the street, a supervisor, the holder's liaison."""
    return (
        works_there(standing, wish)
        or oversees(standing, wish)
        or standing.is_supervisor
        or is_liaison_of_holder(standing, wish)
    )


def helps(standing: Standing, wish: Wish) -> bool:
    """Say whether they are one of those who help its lead now, or helped to the end."""
    return any(helper.user_id == standing.user_id for helper in wish.team)


def may_join(standing: Standing, wish: Wish) -> bool:
    """Help another who holds it: whoever might have claimed it."""
    return may_claim(standing, wish) and not handles(standing, wish)


def may_gather(standing: Standing, wish: Wish) -> bool:
    """Ask others to help (请大家一起办): the lead, or the holder's liaison."""
    return handles(standing, wish) or is_liaison_of_holder(standing, wish)


def may_settle(standing: Standing, wish: Wish) -> bool:
    """Say that a wish goes elsewhere or ends: the community's workers; the street once it left the desk."""
    return works_there(standing, wish) or (oversees(standing, wish) and wish.state != State.DRAFT)


def may_merge(standing: Standing, wish: Wish) -> bool:
    """Say that it is another one told again: the community's workers; the street once it left the desk."""
    return may_settle(standing, wish)


def may_extend(standing: Standing, wish: Wish) -> bool:
    """Grant more days: the holder's liaison; the street, for those whose liaison handles it themself or is none."""
    return is_liaison_of_holder(standing, wish) or oversees(standing, wish)


def may_decline(standing: Standing, wish: Wish) -> bool:
    """Agree that a wish cannot be fulfilled: the community or its street, never the holder alone."""
    return may_hear_the_resident(standing, wish)


def may_ask_extend(standing: Standing, wish: Wish) -> bool:
    return handles(standing, wish)


def may_ask_decline(standing: Standing, wish: Wish) -> bool:
    """Say that it cannot be fulfilled, for a second person to agree: the holder, the community, the street."""
    return may_release(standing, wish) or may_settle(standing, wish)


def may_ask_release(standing: Standing, wish: Wish) -> bool:
    """Ask a silent claimant to give it back: the community, the street, a supervisor."""
    return works_there(standing, wish) or oversees(standing, wish) or standing.is_supervisor


def may_watch(standing: Standing) -> bool:
    """Read every wish that was published, in the admin: supervisors, who act, and a supervision group."""
    return bool(standing.roles & {"supervisor", "supervision_group"})


def may_set_numbers(standing: Standing) -> bool:
    """Change the workflow's numbers: supervisors."""
    return standing.is_supervisor


def is_insider(standing: Standing, wish: Wish) -> bool:
    """Say whether they see more of a wish than the public does: its course, its holder's note, its handler.

    Of an association that holds it, that is the handler and the liaison, not its hundreds of members.
    """
    of_holder = is_of_holder(standing, wish) and (standing.is_agency_staff or standing.is_liaison)
    return (
        works_there(standing, wish)
        or wrote_it(standing, wish)
        or oversees(standing, wish)
        or of_holder
        or handles(standing, wish)
        or bool(standing.roles & {"supervisor", "supervision_group"})
    )
