"""Loading the whole demo district, in one go."""

import datetime as dt

from jiangdong import clock
from jiangdong.demo import campaign, district
from jiangdong.demo.beside import Beside
from jiangdong.demo.campaign import Spring
from jiangdong.demo.dice import dice
from jiangdong.demo.season import Season
from jiangdong.demo.stage import Stage
from jiangdong.demo.story import play
from jiangdong.demo.voices import Chorus
from notices.models import Notice
from wishes.models import Campaign

SEED = 365
# What was told before has been read; what was told in the last days waits in the inbox.
UNREAD = dt.timedelta(days=2)


def is_loaded() -> bool:
    """Tell whether this database holds the demo district."""
    return Campaign.objects.filter(slug=campaign.SLUG).exists()


def load(password: str) -> None:
    """Load places, people, pairings, spring 2014 and the live season up to this moment.

    Call in a transaction: half a district is worse than none.
    """
    now = clock.now()
    loaded = district.load(dice(SEED), password)
    campaign.bring_in_spring(Spring(loaded, dice(SEED + 1)).rows())
    season = Season(loaded, dice(SEED + 2), clock.today())
    stage = Stage(loaded, dice(SEED + 3), clock.today())
    chorus = Chorus(loaded, dice(SEED + 4), clock.today())
    beside = Beside(loaded, dice(SEED + 5), clock.today())
    chorus.keep_topics()
    told = (season, stage, chorus, beside)
    play([each for scene in told for each in scene.stories()], until=now)
    chorus.hold_sessions()
    Notice.objects.filter(created_at__lt=now - UNREAD).update(read_at=now - UNREAD)
    district.give_addresses()
