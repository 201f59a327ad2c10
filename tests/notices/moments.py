"""Days and moments as people write them."""

import datetime as dt
from zoneinfo import ZoneInfo

# A Monday without holidays near it.
MONDAY = "2026-03-09"


def moment(text: str) -> dt.datetime:
    """Read `2026-03-09 10:00` as the district's own time."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def day(text: str) -> dt.date:
    """Read `2026-03-09`."""
    return dt.date.fromisoformat(text)
