"""How findings are found: a statement a check, giving `subject`, `latest` and the ids of its `wishes`.

`subject` tells a finding from the others of its check and stays the same; `latest` is when the last thing joined it.
Archived campaigns and festival batches are left out: they are entered in one go.
"""

from django.conf import settings
from django.db import connection

from jiangdong import clock

SHOWN = 20  # findings of a check on the page
LOOK_BACK = "90 days"
QUICK = "10 minutes"
HASTY = "1 hour"
TELEPHONE_NODS, TELEPHONE_DAYS = 5, "30 days"
CALLER_NODS, CALLER_GAP = 5, "3 minutes"
LIKE_BITS = 3  # of 64 in which two photos may differ: so one of their four quarters is the same

_FULFILLED = """
    SELECT id AS subject, fulfilled_at AS latest, ARRAY[id] AS wishes
      FROM wishes_wish
     WHERE NOT archived AND NOT in_batch AND fulfilled_at >= %(now)s - %(look_back)s::interval
"""

QUICKLY_DONE = f"{_FULFILLED} AND fulfilled_at - claimed_at < %(quick)s::interval"

LOGGED_AFTERWARDS = f"""{_FULFILLED}
       AND (fulfilled_at - logged_at < %(hasty)s::interval
            OR due_on < (logged_at AT TIME ZONE %(zone)s)::date)
"""

ONE_TELEPHONE = """
    SELECT min(resident.id) AS subject, max(closed_at) AS latest,
           array_agg(wish.id ORDER BY closed_at DESC, wish.id) AS wishes
      FROM wishes_wish wish JOIN pairing_resident resident ON resident.id = wish.resident_id
     WHERE NOT archived AND NOT in_batch AND state = 'closed' AND phone_index <> ''
       AND closed_at >= %(now)s - %(telephone_days)s::interval
     GROUP BY phone_index
    HAVING count(*) >= %(telephone_nods)s
"""

# A run goes on while the next nod is noted within the gap after the one before.
ONE_CALLER = """
    WITH nods AS (
        SELECT id, closed_by_id, closed_at,
               closed_at - lag(closed_at) OVER caller >= %(caller_gap)s::interval AS begins
          FROM wishes_wish
         WHERE NOT archived AND NOT in_batch AND state = 'closed' AND how IN ('phone', 'family')
           AND closed_at >= %(now)s - %(look_back)s::interval AND closed_by_id IS NOT NULL
        WINDOW caller AS (PARTITION BY closed_by_id ORDER BY closed_at, id)
    ), runs AS (
        SELECT *, count(*) FILTER (WHERE begins) OVER (
                   PARTITION BY closed_by_id ORDER BY closed_at, id) AS run
          FROM nods
    )
    SELECT (array_agg(id ORDER BY closed_at, id))[1] AS subject, max(closed_at) AS latest,
           array_agg(id ORDER BY closed_at DESC, id) AS wishes
      FROM runs
     GROUP BY closed_by_id, run
    HAVING count(*) >= %(caller_nods)s
"""

# Photos that differ in three bits at most have one quarter of 16 bits in common, by which they are joined; the
# bits that differ then decide. A plain surface (0) is like every other.
ONE_PHOTO = """
    WITH photos AS (
        SELECT evidence.id, wish_id, added_at, sha256, likeness
          FROM wishes_evidence evidence JOIN wishes_wish wish ON wish.id = wish_id
         WHERE NOT archived AND NOT in_batch AND published_at IS NOT NULL
    ), quarters AS (
        SELECT id, wish_id, added_at, likeness, n, (likeness >> 16 * n) & 65535 AS quarter
          FROM photos, generate_series(0, 3) n
         WHERE likeness <> 0
    ), pairs AS (
        SELECT a.id AS first, a.wish_id AS first_wish, b.wish_id, b.added_at
          FROM quarters a JOIN quarters b USING (n, quarter)
         WHERE a.id < b.id AND a.wish_id <> b.wish_id
           AND b.added_at >= %(now)s - %(look_back)s::interval
           AND bit_count((a.likeness # b.likeness)::bit(64)) <= %(like_bits)s
        UNION
        SELECT a.id, a.wish_id, b.wish_id, b.added_at
          FROM photos a JOIN photos b USING (sha256)
         WHERE sha256 <> '' AND a.id < b.id AND a.wish_id <> b.wish_id
           AND b.added_at >= %(now)s - %(look_back)s::interval
    ), firsts AS (
        SELECT wish_id, added_at, min(first) AS first FROM pairs GROUP BY wish_id, added_at
    )
    SELECT first AS subject, max(added_at) AS latest,
           array_agg(wish_id ORDER BY added_at DESC, wish_id) || min(evidence_wish) AS wishes
      FROM (SELECT firsts.*, evidence.wish_id AS evidence_wish
              FROM firsts JOIN wishes_evidence evidence ON evidence.id = first) each
     GROUP BY first
"""

# What a supervisor explained is off the list until something joins it later.
_LISTED = """
    SELECT subject, latest, wishes, count(*) OVER () AS number
      FROM ({statement}) found
     WHERE NOT EXISTS (SELECT FROM reports_explained
                        WHERE check_slug = %(slug)s AND subject = found.subject AND at >= latest)
       AND (%(only)s::bigint IS NULL OR subject = %(only)s)
     ORDER BY latest DESC, subject
     LIMIT {shown}
"""


def listed(slug: str, statement: str, only: int | None = None) -> list[tuple]:
    """Return a check's newest findings that nobody explained: subject, latest, ids of wishes, and how many there are.

    With `only`, the one with this subject.
    """
    facts = {
        "slug": slug,
        "only": only,
        "now": clock.now(),
        "zone": settings.TIME_ZONE,
        "look_back": LOOK_BACK,
        "quick": QUICK,
        "hasty": HASTY,
        "telephone_days": TELEPHONE_DAYS,
        "telephone_nods": TELEPHONE_NODS,
        "caller_gap": CALLER_GAP,
        "caller_nods": CALLER_NODS,
        "like_bits": LIKE_BITS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LISTED.format(statement=statement, shown=SHOWN), facts)
        return cursor.fetchall()
