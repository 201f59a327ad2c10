"""What can happen to accounts and their keys."""

import datetime as dt
import secrets

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from axes.handlers.proxy import AxesProxyHandler
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import policy, sessions, telling, trail
from accounts.models import ApiToken, DistrictRole, IdempotencyKey, PortalFeedback, Trailed, User
from jiangdong import clock
from jiangdong.privacy import digest
from jiangdong.refusals import NotAllowed, NotNow, not_valid
from jiangdong.term_forms import term_in_words

TOKEN_DAYS = 30
TOKEN_DAYS_AT_MOST = 90
TOKENS_AT_MOST = 10
LOGIN_LOG_DAYS = 190  # 网络安全法 article 21 asks for six months


@transaction.atomic
def make_administrator(*, username: str, name: str, password: str) -> User:
    """Make an account that keeps the others, from today on: the first one, before anybody can sign in."""
    user = User(username=username, name=name)
    user.set_password(password)
    user.save(force_insert=True)
    role = DistrictRole.objects.create(user=user, role=DistrictRole.Role.ADMINISTRATOR)
    record_role(role=role, move="give_role", by=None)
    user.refresh_from_db()
    return user


@transaction.atomic
def record_role(*, role: DistrictRole, move: str, by: User | None) -> None:
    """Write into its holder's trail that a role was given, or ends."""
    holder = User.objects.select_for_update().get(pk=role.user_id)
    record(holder, move, by=by, note=f"{role.get_role_display()} {term_in_words(role.term)}")


@transaction.atomic
def choose_password(*, of: User, password: str, this: str | None = None) -> None:
    """Keep the password that a person chose; what the old one had opened is shut, but for the session `this`."""
    of.set_password(password)
    of.password_set_on = clock.today()
    of.save(update_fields=("password", "password_set_on"))
    shut(of=of, but=this)
    telling.tell(of, telling.PASSWORD_CHANGED)


@transaction.atomic
def mark_password_given(*, to: User, first: bool = False) -> None:
    """Note that somebody else set a person's password: they are to choose another first thing, everywhere anew.

    They are told, but of their `first` one.
    """
    to.password_set_on = None
    to.save(update_fields=("password_set_on",))
    shut(of=to)
    if not first:
        telling.tell(to, telling.PASSWORD_GIVEN)


def shut(*, of: User, but: str | None = None) -> None:
    """End a person's API tokens and their sessions, all or all but one."""
    end_tokens(of=of)
    sessions.end_all(of=of, but=but)


@transaction.atomic
def forget_second_factors(*, of: User, by: User | None) -> int:
    """Take away the second factors of somebody who lost theirs, and return how many there were.

    They sign in with the password alone, once, and set up new ones. By nobody is by whoever has the machine.

    Raises:
        NotAllowed: not an administrator, or one's own.
    """
    if by and not policy.may_forget_second_factors(by, of):
        raise NotAllowed(
            "not_yours", _("别人的第二重验证由管理员清除，自己的在「登录和安全」里换。")
        )
    of = User.objects.select_for_update().get(pk=of.pk)
    there = Authenticator.objects.filter(user=of).delete()[0]
    shut(of=of)
    record(of, "forget_factors", by=by)
    if there:
        telling.tell(of, telling.FACTORS_TAKEN)
    return there


def record(user: User, move: str, *, by: User | None, after: str = "", note: str = "") -> None:
    """Write an event of an account; the caller holds its row's lock."""
    now = "active" if user.is_active else "ended"
    trail.record(thing=user, move=move, from_state=now, to_state=after or now, by=by, note=note)
    user.save(update_fields=trail.TRAIL_FIELDS)


@transaction.atomic
def match_sign_in(*, provider: str, subject: str, emails: list[str]) -> User | None:
    """Return whose account a sign-in from elsewhere opens, and bind it to that subject from now on.

    Matched is a verified e-mail that administrators keep of exactly one living account. An account bound to
    another subject is not opened by an e-mail any more: addresses are handed on, people are not.
    """
    wanted = [email for email in emails if email]
    found = [user for email in wanted for user in User.objects.filter(email__iexact=email)[:2]]
    if len({user.pk for user in found}) != 1 or not found[0].is_active:
        return None
    user = User.objects.select_for_update().get(pk=found[0].pk)
    if SocialAccount.objects.filter(user=user, provider=provider).exists():
        return None
    SocialAccount.objects.create(user=user, provider=provider, uid=subject)
    record(user, "link_sign_in", by=None)
    return user


@transaction.atomic
def link_sign_in(*, of: User, provider: str, subject: str) -> None:
    """Bind an account to a number over there, in place of any other, before anybody signs in with it.

    Raises:
        NotNow: the number is another account's.
    """
    of = User.objects.select_for_update().get(pk=of.pk)
    if SocialAccount.objects.filter(provider=provider, uid=subject).exclude(user=of).exists():
        raise NotNow("linked_already", _("这个编号已经绑在别的账号上。"))
    SocialAccount.objects.filter(user=of, provider=provider).delete()
    SocialAccount.objects.create(user=of, provider=provider, uid=subject)
    record(of, "link_sign_in", by=None)


def issue_token(*, to: User, name: str = "", days: int = TOKEN_DAYS) -> tuple[str, ApiToken]:
    """Make an API token; the text is returned this once and not kept. One without a name was had for a password.

    Raises:
        NotValid: it is to last longer than TOKEN_DAYS_AT_MOST days.
        NotNow: the person has TOKENS_AT_MOST living ones with names already.
    """
    if not 1 <= days <= TOKEN_DAYS_AT_MOST:
        message = _("最短一天，最长%(days)s天。") % {"days": TOKEN_DAYS_AT_MOST}
        raise not_valid("days", message)
    now = clock.now()
    named = ApiToken.objects.filter(user=to, expires_at__gt=now).exclude(name="")
    if name and named.count() >= TOKENS_AT_MOST:
        raise NotNow("too_many_tokens", _("令牌已经有十个了，请先停掉不用的。"))
    text = secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=to,
        name=name,
        digest=digest(text),
        created_at=now,
        expires_at=now + dt.timedelta(days=days),
    )
    return text, token


def revoke_token(*, token: ApiToken, by: User) -> None:
    """End one of one's own tokens.

    Raises:
        NotAllowed: it is somebody else's.
    """
    if token.user_id != by.pk:
        raise NotAllowed("not_yours", _("只能停掉自己的令牌。"))
    token.delete()


def note_use(*, token: ApiToken) -> None:
    """Note the day on which a token was used, once a day: not on each request."""
    today = clock.today()
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)


def clear_expired() -> None:
    """Drop sessions and tokens whose time is over, and who signed in when after LOGIN_LOG_DAYS days."""
    sessions.clear_expired()
    ApiToken.objects.filter(expires_at__lte=clock.now()).delete()
    AxesProxyHandler.reset_logs(age_days=LOGIN_LOG_DAYS)


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
                thing_kind=trail.kind_of(thing),
                thing_id=thing.pk,
                created_at=clock.now(),
            )
    except IntegrityError:
        return False
    return True


def say_what_is_wrong(*, page: str, words: str, by: User | None) -> PortalFeedback:
    """Keep a remark on the portal itself."""
    return PortalFeedback.objects.create(page=page[:200], words=words, by=by, said_at=clock.now())
