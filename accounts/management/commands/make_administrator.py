"""`manage.py make_administrator USERNAME --name 姓名`: the first account, which makes all others in the admin."""

import os
from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.actions import make_administrator
from accounts.models import DistrictRole, User


class Command(BaseCommand):
    help = "Make the first administrator; the password comes from ADMIN_PASSWORD or is asked for."

    def add_arguments(self, parser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="the person's name")
        parser.add_argument("--force", action="store_true", help="although there is one already")

    def handle(self, *, username: str, name: str, force: bool, **options) -> None:
        if not force and self._there_is_one():
            raise CommandError(
                "there is an administrator already: let them make accounts, or use --force"
            )
        user = User(username=username, name=name)
        password = os.environ.get("ADMIN_PASSWORD") or self._ask()
        try:
            user.clean_fields(exclude=["password"])
            user.validate_unique()
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        make_administrator(username=username, name=name, password=password)
        self.stdout.write(f"{username} keeps the accounts now: sign in and open /admin/")

    def _there_is_one(self) -> bool:
        roles = DistrictRole.objects.now().filter(user__is_active=True)
        return roles.filter(role=DistrictRole.Role.ADMINISTRATOR).exists()

    def _ask(self) -> str:
        password = getpass("Password: ")
        if password != getpass("Again: "):
            raise CommandError("the two passwords differ")
        return password
