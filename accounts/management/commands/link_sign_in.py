"""`manage.py link_sign_in USERNAME SUBJECT`: whose number at the district's own sign-in is whose account here."""

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import link_sign_in
from accounts.models import User
from jiangdong.refusals import NotNow


class Command(BaseCommand):
    help = "Bind an account to a subject of the district's sign-in, where e-mail addresses do not tell."

    def add_arguments(self, parser) -> None:
        parser.add_argument("username")
        parser.add_argument("subject", help="the `sub` of the person over there")

    def handle(self, *, username: str, subject: str, **options) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"there is no account {username}")
        try:
            link_sign_in(of=user, provider="district", subject=subject)
        except NotNow as refusal:
            raise CommandError(f"{subject} is another account's") from refusal
        self.stdout.write(f"{username} signs in as {subject} over there")
