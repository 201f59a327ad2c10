"""What can happen to accounts and their keys."""

import datetime as dt
import secrets

from django.db import IntegrityError, transaction

from accounts.models import ApiToken, DistrictRole, IdempotencyKey, PortalFeedback, Trailed, User
from accounts.trail import kind_of
from jiangdong import clock
from jiangdong.privacy import digest

TOKEN_DAYS = 30


@transaction.atomic
def make_administrator(*, username: str, name: str, password: str) -> User:
    """Make an account that keeps the others, from today on: the first one, before anybody can sign in."""
    user = User(username=username, name=name)
    user.set_password(password)
    user.save(force_insert=True)
    DistrictRole.objects.create(user=user, role=DistrictRole.Role.ADMINISTRATOR)
    return user


def issue_token(*, to: User) -> tuple[str, ApiToken]:
    """Make an API token that lasts TOKEN_DAYS days; the text is returned this once and not kept."""
    text = secrets.token_urlsafe(32)
    now = clock.now()
    ends = now + dt.timedelta(days=TOKEN_DAYS)
    token = ApiToken.objects.create(user=to, digest=digest(text), created_at=now, expires_at=ends)
    return text, token


def end_tokens(*, of: User) -> int:
    """End all API tokens of a person and return how many there were."""
    return ApiToken.objects.filter(user=of).delete()[0]


def remember_key(*, by: User, key: str, thing: Trailed) -> bool:
    """Keep what an idempotency key made; False when the same key was kept first by a simultaneous request.

    Call inside the transaction that made the thing, and roll that back on False.
    """
    try:
        with transaction.atomic():
            IdempotencyKey.objects.create(
                user=by,
                key=key,
                thing_kind=kind_of(thing),
                thing_id=thing.pk,
                created_at=clock.now(),
            )
    except IntegrityError:
        return False
    return True


def say_what_is_wrong(*, page: str, words: str, by: User | None) -> PortalFeedback:
    """Keep a remark on the portal itself."""
    return PortalFeedback.objects.create(page=page[:200], words=words, by=by, said_at=clock.now())
