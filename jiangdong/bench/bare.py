"""The least a Django view could do for the same rows: no policy, no templates, no refusals."""

import uuid

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from accounts.models import Event
from jiangdong import clock
from notices.models import Notice
from wishes.models import Wish
from wishes.serializers import WishRow

COLUMNS = [field.source or name for name, field in WishRow._declared_fields.items()]
LIST, BOARD = 50, 20


class CountQueries:
    """Say in a header how many queries a request took, when it asks: counting costs time of its own."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "X-Count" not in request.headers:
            return self.get_response(request)
        asked = []

        def count(execute, sql, params, many, context):
            asked.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            response = self.get_response(request)
        response["X-Queries"] = str(len(asked))
        return response


def rows(request: HttpRequest) -> JsonResponse:
    """The newest 50 as they stand."""
    return JsonResponse(list(Wish.objects.order_by("-pk").values(*COLUMNS)[:LIST]), safe=False)


def board(request: HttpRequest) -> JsonResponse:
    """Twenty open ones."""
    wishes = Wish.objects.filter(state="open", archived=False).order_by("due_on", "pk")
    return JsonResponse(list(wishes.values(*COLUMNS)[:BOARD]), safe=False)


def detail(request: HttpRequest, code: str) -> JsonResponse:
    """One wish and its events."""
    wish = Wish.objects.values("id", *COLUMNS).get(code=code)
    events = Event.objects.filter(thing_kind="wishes.wish", thing_id=wish["id"]).order_by("n")
    return JsonResponse(
        {**wish, "events": list(events.values("at", "move", "by_label", "note__text"))}
    )


@csrf_exempt
@transaction.atomic
def claim(request: HttpRequest, code: str) -> JsonResponse:
    """The same lock, update and two inserts as a claim, and nothing else."""
    wish = Wish.objects.select_for_update(of=("self",)).get(code=code)
    if wish.state != "open":
        return JsonResponse({"state": wish.state}, status=409)
    now, user_id = clock.now(), int(request.headers["X-User"])
    wish.state, wish.origin = "claimed", "self"
    wish.agency_id, wish.claimed_by_id, wish.handler_id = (
        int(request.headers["X-Agency"]),
        user_id,
        user_id,
    )
    wish.claimed_at, wish.first_claimed_on = now, clock.today()
    wish.lead_share = wish.shares_taken = 1
    wish.trail_n += 1
    wish.trail_head = uuid.uuid4().hex * 2
    Event.objects.create(
        thing_kind="wishes.wish",
        thing_id=wish.pk,
        n=wish.trail_n,
        at=now,
        move="claim",
        from_state="open",
        to_state="claimed",
        by_id=user_id,
        hash=wish.trail_head,
    )
    Notice.objects.create(
        recipient_id=wish.logged_by_id,
        kind="claimed",
        title=wish.title,
        created_at=now,
        not_before=now,
        mail_state="none",
    )
    wish.save(
        update_fields=(
            "state", "origin", "agency", "claimed_by", "handler", "claimed_at",
            "first_claimed_on", "lead_share", "shares_taken", "trail_n", "trail_head",
        )
    )  # fmt: skip
    return JsonResponse({"state": wish.state})
