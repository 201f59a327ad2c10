"""What voices are about: a tree that supervisors keep."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class Topic(models.Model):
    """A topic, perhaps under another one. One that is no longer offered keeps its voices."""

    name = models.CharField(_("名称"), max_length=20)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("属于"),
        limit_choices_to={"parent": None},
        help_text=_("不选就是大类"),
    )
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    offered = models.BooleanField(_("可以选"), default=True)

    class Meta:
        verbose_name = _("主题")
        verbose_name_plural = _("主题")
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(
                name="topic_name_is_said_once_under_its_parent",
                fields=["parent", "name"],
                nulls_distinct=False,
                violation_error_message=_("这一类下面已经有这个主题。"),
            ),
            models.CheckConstraint(
                name="topic_is_not_under_itself",
                condition=~models.Q(parent=models.F("id")),
                violation_error_message=_("主题不能属于它自己。"),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Keep the tree at two levels.

        Raises:
            ValidationError: it would stand between two others.
        """
        if self.parent_id and self.pk and self.parts.exists():
            raise ValidationError({"parent": _("这是大类，下面还有主题，不能再放到别的下面。")})
