from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VoicesConfig(AppConfig):
    name = "voices"
    verbose_name = _("民声")

    def ready(self) -> None:
        from voices import erasure, reminders, sheets, ties

        erasure.register()
        reminders.register()
        sheets.register_sheets()
        ties.register()
