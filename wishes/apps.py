from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WishesConfig(AppConfig):
    name = "wishes"
    verbose_name = _("心愿")

    def ready(self) -> None:
        from pairing.kinds import KINDS
        from wishes import erasure, reminders, sheets
        from wishes.actions import handing, team
        from wishes.workflow import Kind

        KINDS[:] = Kind.choices
        erasure.register()
        handing.register()
        team.register()
        reminders.register()
        sheets.register_sheets()
