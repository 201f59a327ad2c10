from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WishesConfig(AppConfig):
    name = "wishes"
    verbose_name = _("心愿")

    def ready(self) -> None:
        from wishes import erasure, reminders

        erasure.register()
        reminders.register()
