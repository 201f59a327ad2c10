"""The API's doors to wishes: fetch through `visible_to`, call one action, answer with the wish."""

import re
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import trail
from accounts.models import IdempotencyKey
from jiangdong.api_views import Rows
from jiangdong.pagination import Order
from jiangdong.refusals import NotAllowed
from pairing.models import Community, Details
from pairing.standing import standing_of
from wishes import actions, policy, serializers
from wishes.filters import ApiFilter
from wishes.models import Draft, Wish
from wishes.workflow import ASK, GATHER, REFUSE, Move

KEY = re.compile(r"[ -~]{1,100}")
KEY_HEADER = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    description="1 to 100 printable ASCII characters. The same key again answers 200 with the wish it made.",
)


def door_to(move: str, body: type = serializers.NoBody) -> Callable:
    """Make a method the door to a move: its address is the move's word, its body has this shape."""

    def make(method: Callable) -> Callable:
        address = {"methods": ("post",), "url_path": str(move)}
        method = action(detail=True, serializer_class=body, **address)(method)
        shape = {"request": body, "responses": serializers.WishDetail}
        return extend_schema(operation_id=f"wishes_{move}", filters=False, **shape)(method)

    return make


class Wishes(Rows):
    """Residents' wishes, as whoever asks may see them."""

    queryset = Wish.objects.all()
    serializer_class = serializers.WishRow
    filterset_class = ApiFilter
    lookup_field = "code"
    lookup_value_regex = "[A-Z0-9-]{1,16}"
    orderings = {
        "-entered": Order("id", descending=True),  # the order in which the portal learnt of them
        "entered": Order("id"),
        "-published_at": Order("published_at", descending=True),
        "published_at": Order("published_at"),
        "due_on": Order("due_on"),
        "-due_on": Order("due_on", descending=True),
        "code": Order("code"),
        "-code": Order("code", descending=True),
    }

    def get_queryset(self) -> QuerySet:
        return Wish.objects.visible_to(standing_of(self.request.user))

    @extend_schema(responses=serializers.WishDetail)
    def retrieve(self, request: Request, code: str) -> Response:
        return self._answer(self._found(code))

    @extend_schema(
        request=serializers.NewWish,
        responses={201: serializers.WishDetail, 200: serializers.WishDetail},
        parameters=[KEY_HEADER],
    )
    def create(self, request: Request) -> Response:
        """Write a wish down as a draft: community workers and block wardens, for their own community."""
        own = standing_of(request.user).any_community_id
        if own is None:
            raise NotAllowed("not_yours", _("只能为自己的社区记心愿。"))
        key = _key_of(request)
        body = serializers.NewWish(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        community = given.pop("community", None) or Community.objects.get(pk=own)
        kept = IdempotencyKey.objects.filter(user=request.user, key=key)
        again = key != "" and kept.exists()
        wish = actions.log(draft=_draft(given), community=community, by=request.user, key=key)
        return self._answer(self._fresh(wish), status=200 if again else 201)

    @door_to(Move.SUBMIT)
    def submit(self, request: Request, code: str) -> Response:
        """Ask a second person of the community or street to look (请同事复核)."""
        return self._move(Move.SUBMIT, code, actions.submit)

    @door_to(Move.RETURN, serializers.Reason)
    def return_(self, request: Request, code: str) -> Response:
        """Hand it back to the desk, saying what to change (退回修改)."""
        return self._move(Move.RETURN, code, actions.return_)

    @door_to(Move.PUBLISH, serializers.Publish)
    def publish(self, request: Request, code: str) -> Response:
        """Let it be seen, and offer it to the paired agency first (公开)."""
        return self._move(Move.PUBLISH, code, actions.publish)

    @door_to(Move.CLAIM, serializers.Claim)
    def claim(self, request: Request, code: str) -> Response:
        """Take it (认领). Of any number at once one gets it; the others read who did."""
        return self._move(Move.CLAIM, code, actions.claim)

    @door_to(Move.ASSIGN, serializers.Assign)
    def assign(self, request: Request, code: str) -> Response:
        """Name who handles it (交办)."""
        return self._move(Move.ASSIGN, code, actions.assign)

    @door_to(Move.RELEASE, serializers.Reason)
    def release(self, request: Request, code: str) -> Response:
        """Give it back to the board, saying why (退回，说明原因)."""
        return self._move(Move.RELEASE, code, actions.release)

    @door_to(Move.FULFIL, serializers.Fulfil)
    def fulfil(self, request: Request, code: str) -> Response:
        """Say it is done (办好了); a photo may come along in a multipart body."""
        return self._move(Move.FULFIL, code, actions.fulfil)

    @door_to(Move.CONFIRM, serializers.Confirm)
    def confirm(self, request: Request, code: str) -> Response:
        """Take down that the resident says it is done (居民说办好了)."""
        return self._move(Move.CONFIRM, code, actions.confirm)

    @door_to(Move.REOPEN, serializers.Reason)
    def reopen(self, request: Request, code: str) -> Response:
        """Take down that the resident says it was not done (居民说没办好)."""
        return self._move(Move.REOPEN, code, actions.reopen)

    @door_to(Move.WITHDRAW, serializers.Reason)
    def withdraw(self, request: Request, code: str) -> Response:
        """Take it back before it is done, saying why (撤回)."""
        return self._move(Move.WITHDRAW, code, actions.withdraw)

    @door_to(GATHER)
    def gather(self, request: Request, code: str) -> Response:
        """Ask others to help with what one holds (请大家一起办)."""
        return self._move(GATHER, code, actions.gather)

    @door_to(Move.JOIN, serializers.Join)
    def join(self, request: Request, code: str) -> Response:
        """Help its lead (一起办), with a share of a goal that can be split."""
        return self._move(Move.JOIN, code, actions.join)

    @door_to(Move.LEAVE, serializers.Reason)
    def leave(self, request: Request, code: str) -> Response:
        """Help no longer (退出一起办)."""
        return self._move(Move.LEAVE, code, actions.leave)

    @door_to(Move.WAIT, serializers.Wait)
    def wait(self, request: Request, code: str) -> Response:
        """Stop the clock until a day (先等一等), as long as a wish may wait."""
        return self._move(Move.WAIT, code, actions.wait)

    @door_to(Move.RESUME)
    def resume(self, request: Request, code: str) -> Response:
        """Let the clock go on (接着办): the working days that passed are added."""
        return self._move(Move.RESUME, code, actions.resume)

    @door_to(ASK, serializers.Ask)
    def ask(self, request: Request, code: str) -> Response:
        """Ask a second person: for more days, that it cannot be done, that its holder give it back."""
        return self._move(ASK, code, actions.ask)

    @door_to(REFUSE, serializers.Refuse)
    def refuse(self, request: Request, code: str) -> Response:
        """Say no to what was asked."""
        return self._move(REFUSE, code, actions.refuse)

    @door_to(Move.EXTEND)
    def extend(self, request: Request, code: str) -> Response:
        """Grant the extension that was asked for (同意延期)."""
        return self._move(Move.EXTEND, code, actions.extend)

    @door_to(Move.LAPSE)
    def lapse(self, request: Request, code: str) -> Response:
        """Take back a claim whose silent holder was asked to release it (收回)."""
        return self._move(Move.LAPSE, code, actions.lapse)

    @door_to(Move.REFER, serializers.Refer)
    def refer(self, request: Request, code: str) -> Response:
        """Give what is no wish to whoever settles it, with their receipt (转给别处办)."""
        return self._move(Move.REFER, code, actions.refer)

    @door_to(Move.DECLINE, serializers.Decline)
    def decline(self, request: Request, code: str) -> Response:
        """Agree, as second person, that it cannot be fulfilled (同意不办)."""
        return self._move(Move.DECLINE, code, actions.decline)

    @door_to(Move.UNREACHED)
    def unreached(self, request: Request, code: str) -> Response:
        """Note that nobody answered on several days (记作没联系上)."""
        return self._move(Move.UNREACHED, code, actions.unreached)

    @door_to(Move.END, serializers.End)
    def end(self, request: Request, code: str) -> Response:
        """Stop everything: the resident died or moved away."""
        return self._move(Move.END, code, actions.end)

    @extend_schema(responses=serializers.EventRow(many=True), filters=False)
    @action(
        detail=True,
        filterset_class=None,
        serializer_class=serializers.EventRow,
        orderings={"n": Order("n"), "-n": Order("n", descending=True)},
    )
    def events(self, request: Request, code: str) -> Response:
        """Tell its course so far, to those who have to do with it."""
        wish = self._found(code)
        if not policy.is_insider(standing_of(request.user), wish):
            raise NotAllowed("not_yours", _("经过只给有关的社区、街道和单位看。"))
        rows = self.paginate_queryset(trail.events_of(wish).values(*self._columns()))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    def _found(self, code: str, at_hand: tuple[str, ...] = serializers.SHOWN_WITH) -> Wish:
        """Return a wish that this person may open, or raise 404 all the same."""
        return get_object_or_404(self.get_queryset().select_related(*at_hand), code=code)

    def _fresh(self, wish: Wish) -> Wish:
        """Read what an action changed, whether or not whoever acted may still open it."""
        return Wish.objects.select_related(*serializers.SHOWN_WITH).get(pk=wish.pk)

    def _move(self, move: str, code: str, act: Callable[..., Any]) -> Response:
        """Make a move through its action, which alone decides; what cannot be is said before the body is read."""
        wish = self._found(code, ("community", "agency"))  # what the policy looks at
        if move in policy.MOVES and (refusal := policy.why_not(self.request.user, move, wish)):
            raise refusal
        body = self.get_serializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        changed = act(wish=wish, by=self.request.user, **body.validated_data)
        if not isinstance(changed, Wish):  # a request: what was asked came back
            return self._answer(self._fresh(wish))
        changed.forget_what_was_read()
        return self._answer(changed, tell=serializers.told_anew)

    def _answer(
        self, wish: Wish, status: int = 200, tell: Callable[..., dict] = serializers.told
    ) -> Response:
        user = self.request.user
        insider = policy.is_insider(standing_of(user), wish)
        moves = policy.moves_open_to(user, wish)
        return Response(tell(wish, insider=insider, moves=moves), status=status)


def _key_of(request: Request) -> str:
    """Return the request's idempotency key, or an empty text.

    Raises:
        ValidationError: it is blank, too long, or holds other than printable ASCII.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return ""
    if not KEY.fullmatch(key):
        complaint = _("Idempotency-Key 须是 1 到 100 个可见的 ASCII 字符。")
        raise ValidationError({"Idempotency-Key": [complaint]})
    return key


def _draft(given: dict[str, Any]) -> Draft:
    resident = given.pop("resident", {})
    nods = given.pop("consent", {})
    return Draft(
        **given,
        details=Details(**resident),
        consents=frozenset(kind for kind, nod in nods.items() if nod),
    )
