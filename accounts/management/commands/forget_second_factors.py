"""`manage.py forget_second_factors USERNAME`: for the one administrator left, who lost theirs."""

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import forget_second_factors
from accounts.models import User


class Command(BaseCommand):
    help = (
        "Take away a person's second factors; others are helped in the admin, by an administrator."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **options) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"there is no account {username}")
        there = forget_second_factors(of=user, by=None)
        self.stdout.write(f"{username} had {there} and signs in with the password alone now")
