"""Streets and the communities in them."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

CODE = RegexValidator(r"^[A-Z][A-Z0-9]{1,7}$", _("代码用大写字母和数字，以字母开头。"))


def sort_key_of(name: str) -> str:
    """Return a name as pinyin: code points do not order Chinese names as readers do."""
    from pypinyin import (
        lazy_pinyin,
    )  # when a place is saved: its dictionary is a seventh of what starting costs

    return " ".join(lazy_pinyin(name))[:120]


class Street(models.Model):
    """A sub-district (街道) of the district."""

    code = models.CharField(_("代码"), max_length=8, unique=True, validators=[CODE])
    name = models.CharField(_("名称"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(_("规范顺序"), default=0)

    class Meta:
        verbose_name = _("街道")
        verbose_name_plural = _("街道")
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.name


class Community(models.Model):
    """An urban community (社区): where residents live and wishes are written down."""

    code = models.CharField(_("代码"), max_length=8, unique=True, validators=[CODE])
    name = models.CharField(_("名称"), max_length=40, unique=True)
    sort_key = models.CharField(max_length=120, editable=False, db_index=True)
    street = models.ForeignKey(
        Street, on_delete=models.PROTECT, related_name="communities", verbose_name=_("街道")
    )
    phone = models.CharField(_("服务电话"), max_length=30, blank=True)
    households = models.PositiveIntegerField(_("户数"), null=True, blank=True)

    class Meta:
        verbose_name = _("社区")
        verbose_name_plural = _("社区")
        ordering = ("sort_key", "code")

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.sort_key = sort_key_of(self.name)
        super().save(*args, **kwargs)
