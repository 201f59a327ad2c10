"""The API's doors to voices: fetch through `visible_to`, call one action, answer with the voice."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import trail
from jiangdong.api_views import Rows
from jiangdong.pagination import Order
from jiangdong.refusals import NotAllowed
from pairing.models import Community, Details
from pairing.standing import standing_of
from voices import actions, policy, serializers
from voices.filters import ApiFilter
from voices.models import Draft, Voice
from voices.workflow import Move
from wishes.serializers import NoBody, Reason


def door_to(move: str, body: type = NoBody) -> Callable:
    """Make a method the door to a move: its address is the move's word, its body has this shape."""

    def make(method: Callable) -> Callable:
        address = {"methods": ("post",), "url_path": str(move)}
        method = action(detail=True, serializer_class=body, **address)(method)
        shape = {"request": body, "responses": serializers.VoiceDetail}
        return extend_schema(operation_id=f"voices_{move}", filters=False, **shape)(method)

    return make


class Voices(Rows):
    """What residents, enterprises and colleagues raise, as whoever asks may see it."""

    queryset = Voice.objects.all()
    serializer_class = serializers.VoiceRow
    filterset_class = ApiFilter
    lookup_field = "code"
    lookup_value_regex = "[A-Z0-9-]{1,16}"
    orderings = {
        "-entered": Order("id", descending=True),
        "entered": Order("id"),
        "-noted_on": Order("noted_on", descending=True),
        "noted_on": Order("noted_on"),
        "answer_due_on": Order("answer_due_on"),
        "settle_due_on": Order("settle_due_on"),
    }

    def get_queryset(self) -> QuerySet:
        return Voice.objects.visible_to(standing_of(self.request.user))

    @extend_schema(responses=serializers.VoiceDetail)
    def retrieve(self, request: Request, code: str) -> Response:
        return self._answer(self._found(code))

    @extend_schema(request=serializers.NewVoice, responses={201: serializers.VoiceDetail})
    def create(self, request: Request) -> Response:
        """Write down what somebody said to a colleague."""
        standing = standing_of(request.user)
        if not policy.may_note(standing):
            raise NotAllowed("not_yours", _("由社区、单位和区里的人来记。"))
        body = serializers.NewVoice(data=request.data)
        body.is_valid(raise_exception=True)
        own = Community.objects.filter(pk=standing.any_community_id).first()
        voice = actions.note(draft=_draft(body.validated_data, own), by=request.user)
        return self._answer(self._fresh(voice), status=201)

    @door_to(Move.ASK, serializers.AskAgency)
    def ask(self, request: Request, code: str) -> Response:
        """Give it to the agency that is to answer (交给单位)."""
        return self._move(Move.ASK, code, actions.ask)

    @door_to(Move.HAND_ON, serializers.HandOn)
    def hand_on(self, request: Request, code: str) -> Response:
        """Take it from one agency and give it to another (转给别的单位); the days of the rate run on."""
        return self._move(Move.HAND_ON, code, actions.hand_on)

    @door_to(Move.RETURN, Reason)
    def return_(self, request: Request, code: str) -> Response:
        """Give it back: it is not this agency's to answer (退回，说明原因)."""
        return self._move(Move.RETURN, code, actions.return_)

    @door_to(Move.URGE)
    def urge(self, request: Request, code: str) -> Response:
        """Call it urgent: the answer is due today (加急)."""
        return self._move(Move.URGE, code, actions.urge)

    @door_to(Move.ANSWER, serializers.AnswerVoice)
    def answer(self, request: Request, code: str) -> Response:
        """Answer, or answer better (答复)."""
        return self._move(Move.ANSWER, code, actions.answer)

    @door_to(Move.SETTLE, serializers.SettleVoice)
    def settle(self, request: Request, code: str) -> Response:
        """Say how it was settled (办结了)."""
        return self._move(Move.SETTLE, code, actions.settle)

    @door_to(Move.RATE, serializers.RateVoice)
    def rate(self, request: Request, code: str) -> Response:
        """Take down that its asker says it is settled (记下评价)."""
        return self._move(Move.RATE, code, actions.rate)

    @door_to(Move.REOPEN, Reason)
    def reopen(self, request: Request, code: str) -> Response:
        """Take down that its asker says it is not settled (没有解决)."""
        return self._move(Move.REOPEN, code, actions.reopen)

    @door_to(Move.REST)
    def rest(self, request: Request, code: str) -> Response:
        """Put it down after waiting long for its asker's word (先放下)."""
        return self._move(Move.REST, code, actions.rest)

    @door_to(Move.WITHDRAW, Reason)
    def withdraw(self, request: Request, code: str) -> Response:
        """Take it back because its asker wants it no more (撤回)."""
        return self._move(Move.WITHDRAW, code, actions.withdraw)

    @door_to(Move.DISMISS, Reason)
    def dismiss(self, request: Request, code: str) -> Response:
        """Turn away what nobody can answer (不受理)."""
        return self._move(Move.DISMISS, code, actions.dismiss)

    @extend_schema(responses=serializers.VoiceEvent(many=True), filters=False)
    @action(
        detail=True,
        filterset_class=None,
        serializer_class=serializers.VoiceEvent,
        orderings={"n": Order("n"), "-n": Order("n", descending=True)},
    )
    def events(self, request: Request, code: str) -> Response:
        """Tell its course so far, to those who have to do with it."""
        voice = self._found(code)
        if not policy.is_insider(standing_of(request.user), voice):
            raise NotAllowed("not_yours", _("经过只给有关的社区、街道和单位看。"))
        rows = self.paginate_queryset(trail.events_of(voice).values(*self._columns()))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    def _found(self, code: str) -> Voice:
        """Return a voice that this person may open, or raise 404 all the same."""
        shown = self.get_queryset().select_related(*serializers.SHOWN_WITH, "follows")
        return get_object_or_404(shown, code=code)

    def _fresh(self, voice: Voice) -> Voice:
        """Read what an action changed, whether or not whoever acted may still open it."""
        return Voice.objects.select_related(*serializers.SHOWN_WITH, "follows").get(pk=voice.pk)

    def _move(self, move: str, code: str, act: Callable[..., Voice]) -> Response:
        """Make a move through its action, which alone decides; what cannot be is said before the body is read."""
        voice = self._found(code)
        if refusal := policy.why_not(self.request.user, move, voice):
            raise refusal
        body = self.get_serializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        voice = act(voice=voice, by=self.request.user, **body.validated_data)
        return self._answer(self._fresh(voice))

    def _answer(self, voice: Voice, status: int = 200) -> Response:
        user = self.request.user
        insider = policy.is_insider(standing_of(user), voice)
        moves = policy.moves_open_to(user, voice)
        return Response(serializers.told(voice, insider=insider, moves=moves), status=status)


def _draft(given: dict[str, Any], own: Community | None) -> Draft:
    contact = given.pop("contact", {})
    consented = given.pop("consent")
    given["community"] = given.get("community") or own
    return Draft(**given, details=Details(**contact), consented=consented)
