from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PairingConfig(AppConfig):
    name = "pairing"
    verbose_name = _("结对")

    def ready(self) -> None:
        from pairing import robots, sheets

        robots.register()
        sheets.register_sheets()
