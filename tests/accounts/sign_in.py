"""How tests sign in: through the pages, with whatever the account asks for."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from accounts.models import User
from tests.cast import PASSWORD

LOGIN, CODE, CHOICE = "/accounts/login/", "/accounts/2fa/authenticate/", "/accounts/2fa/"
AGENT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36"


def enter(user: User, password: str = PASSWORD, agent: str = AGENT, **more) -> Client:
    """Return a client that gave a name and a password on the page."""
    client = Client(headers={"User-Agent": agent})
    client.post(LOGIN, {"login": user.username, "password": password, **more})
    return client


def is_in(client: Client) -> bool:
    """Say whether a client is signed in."""
    return "_auth_user_id" in client.session


def code_for(secret: str, steps: int = 0) -> str:
    """Return what an authenticator app shows now, or some steps of 30 seconds from now."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + steps))


def with_app(user: User) -> str:
    """Give a person an authenticator app and return its secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


def with_passkey(user: User) -> Authenticator:
    """Give a person a passkey that no test uses."""
    data = {"name": "通行密钥", "credential": {}}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)
