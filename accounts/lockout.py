"""The lock after five failures counts wrong second-factor codes as it counts wrong passwords."""

from allauth.core import ratelimit
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User

ACTION = "second_factor"  # its rate is in ACCOUNT_RATE_LIMITS


def require_open(request: HttpRequest, user: User) -> None:
    """Refuse a try while the account is locked here, or after too many wrong codes from wherever they came.

    The lock is for one name from one address, so that nobody can lock others out. Who comes as far as the
    code knows the password, so codes are counted for the account alone as well.

    Raises:
        ValidationError: locked; the middleware of the lock answers with its own page where it is its lock.
    """
    credentials = {"username": user.get_username()}
    if not AxesProxyHandler.is_allowed(request, credentials):
        request.axes_locked_out, request.axes_credentials = True, credentials
    elif ratelimit.consume(request, action=ACTION, key=str(user.pk)):
        return
    raise ValidationError(_("错的次数太多了，请过半小时再试，或请管理员帮忙。"), code="locked_out")


def count_failure(request: HttpRequest, user: User) -> None:
    """Count a wrong code towards the lock."""
    user_login_failed.send(
        sender=__name__, credentials={"username": user.get_username()}, request=request
    )


def forget_failures(request: HttpRequest, user: User) -> None:
    """Begin to count anew for the account after a right code; the lock's own count ends with signing in."""
    ratelimit.clear(request, action=ACTION, key=str(user.pk))
