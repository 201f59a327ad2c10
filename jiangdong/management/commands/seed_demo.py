"""Load the demo district: everything in it is invented but for what the article of 2014 names."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import User
from jiangdong import env
from jiangdong.demo import loading
from jiangdong.demo.people import ACCOUNTS
from pairing.models import Community

PASSWORD = "jiangdong-365"  # noqa: S105 - printed, and refused in production


class Command(BaseCommand):
    """Loads the demo district once; a second run changes nothing."""

    help = "Load the demo district into an empty database, and print its accounts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="do nothing where there are communities already, whoever entered them",
        )

    def handle(self, *args, if_empty: bool, **options) -> None:
        """Load, or leave alone what is there.

        Raises:
            CommandError: production settings, or communities that are not the demo's.
        """
        if settings.PRODUCTION:
            raise CommandError("the demo district is refused in production settings")
        password = env.text("DEMO_PASSWORD", PASSWORD)
        if not Community.objects.exists():
            with transaction.atomic():
                loading.load(password)
        elif not loading.is_loaded():
            if if_empty:
                return
            raise CommandError("there are communities that are not the demo's: nothing was loaded")
        self._print_accounts(password)

    def _print_accounts(self, password: str) -> None:
        width = max(len(username) for username, _what in ACCOUNTS)
        lines = [f"  {username:<{width}}  {what}" for username, what in ACCOUNTS]
        worker = User.objects.filter(username=ACCOUNTS[0][0]).first()
        if worker and worker.check_password(password):
            lines.append(f"密码都是 {password}")
        else:
            lines.append("密码是首次载入时设的那一个")
        self.stdout.write("\n".join(["示例区已就绪，数据都是编的。演示账号：", *lines]))
