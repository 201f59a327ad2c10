from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = _("消息与提醒")

    def ready(self) -> None:
        from notices import account_changes

        account_changes.register()
