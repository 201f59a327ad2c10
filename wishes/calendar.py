"""What somebody promised, as dates for their own calendar (RFC 5545); nothing of the resident is in it."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from jiangdong import clock
from wishes.models import Wish
from wishes.workflow import Visibility


def calendar_of(wishes: Iterable[Wish], address_of: Callable[[Wish], str], host: str) -> bytes:
    """Return a calendar with a whole day for each wish; adding it again moves a day instead of doubling it."""
    calendar = Calendar()
    calendar.add("prodid", "-//jiangdong365//wishes//ZH")
    calendar.add("version", "2.0")
    for wish in wishes:
        calendar.add_component(_day_of(wish, address_of(wish), host))
    return calendar.to_ical()


def _day_of(wish: Wish, address: str, host: str) -> Event:
    """Return the agreed day of a wish; calendars are shared, so only a public wish is called by its words."""
    is_public = wish.visibility == Visibility.PUBLIC
    event = Event()
    event.add("uid", f"{wish.code}@{host}")
    event.add("dtstamp", clock.now())
    event.add("dtstart", wish.due_on)
    event.add("summary", _("微心愿：%(what)s") % {"what": wish.title if is_public else wish.code})
    event.add("location", wish.community.name)
    event.add("url", address)
    event.add("transp", "TRANSPARENT")
    return event
