"""Accounts, district roles, and what people say about the portal, in the admin."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldBooleanSwitchWidget

from accounts import actions, policy
from accounts.admin_rights import ByPolicy
from accounts.models import DistrictRole, PortalFeedback, User
from jiangdong import clock
from jiangdong.refusals import NotAllowed
from jiangdong.term_forms import term_in_words


class NewUserForm(UserCreationForm):
    """An account with a first password, to be changed by its owner."""

    class Meta:
        model = User
        fields = ("username", "name", "phone", "email")


class AccountForm(UserChangeForm):
    """An account's facts. What is kept of the password is of no use to anybody, and not shown."""

    is_active = forms.BooleanField(
        label=_("可以登录"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text=_("关掉就是停用：马上退出，接口令牌作废，做过的事都还在。"),
    )


@admin.register(User)
class UserAdmin(ByPolicy, DjangoUserAdmin):
    """Accounts: made, mended and ended by administrators. Rights come from roles and posts, and are not here."""

    form = AccountForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("name", "username", "phone", "email", "is_active")
    list_display_links = ("name", "username")
    list_filter = ("is_active",)
    search_fields = ("name", "username", "phone", "email")
    search_help_text = _("姓名、用户名、电话、邮箱")
    ordering = ("username",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "name", "phone", "email", "is_active", "password_shown")}),
    )
    readonly_fields = ("password_shown",)
    list_before_template = "admin/export.html"
    change_form_outer_after_template = "admin/accounts/second_factors.html"
    add_fieldsets = (
        (
            None,
            {"fields": ("username", "name", "phone", "email", "password1", "password2")},
        ),
    )

    def may_see(self, user) -> bool:
        return policy.may_keep_accounts(user)

    def may_keep(self, user) -> bool:
        return policy.may_keep_accounts(user)

    @display(description=_("密码"))
    def password_shown(self, user: User) -> str:
        return format_html(
            '<a class="jd-switch" href="../password/">{}</a>', _("给这个人换一个密码")
        )

    def save_model(
        self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            actions.mark_password_given(to=obj, first=True)
        elif not obj.is_active:
            actions.shut(of=obj)

    def user_change_password(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002 Django names it so in the address
        form_url: str = "",
    ) -> HttpResponse:
        """Set a password for somebody else, who is to choose another; what the old one had opened is shut."""
        if id == str(request.user.pk):
            return redirect("account_change_password")
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            actions.mark_password_given(to=self.get_object(request, id))
        return response

    def get_urls(self) -> list:
        act = self.admin_site.admin_view(self.forget_second_factors)
        where = "<int:pk>/forget_second_factors/"
        return [path(where, act, name="accounts_user_forget_second_factors"), *super().get_urls()]

    @method_decorator(require_POST)
    def forget_second_factors(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take away the second factors of somebody who lost theirs."""
        user = get_object_or_404(User, pk=pk)
        try:
            there = actions.forget_second_factors(of=user, by=request.user)
        except NotAllowed as refusal:
            raise PermissionDenied from refusal
        said = _("清除了 %(n)s 个。下次用密码登录，再设新的。") if there else _("本来就没有设过。")
        self.message_user(request, said % {"n": there} if there else said)
        return redirect("admin:accounts_user_change", user.pk)

    def change_view(self, request: HttpRequest, object_id: str, form_url="", extra_context=None):
        """Offer to take away second factors, beside the form, to whoever may."""
        user = self.get_object(request, object_id)
        may = user is not None and policy.may_forget_second_factors(request.user, user)
        extra = {"may_forget_second_factors": may, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra)


class NewRoleForm(forms.ModelForm):
    """A role for somebody else: nobody makes themselves a supervisor."""

    giver: User

    def clean_user(self) -> User:
        user = self.cleaned_data["user"]
        if user.pk == self.giver.pk:
            raise ValidationError(_("不能给自己加角色，请另一位管理员来加。"))
        return user

    def clean(self) -> dict:
        cleaned = super().clean()
        user, term = cleaned.get("user"), cleaned.get("term")
        if user and term:
            held = DistrictRole.objects.filter(user=user, term__overlap=term)
            roles = {cleaned.get("role"), *held.values_list("role", flat=True)}
            if len(roles) > 1 and policy.keeps_accounts_alone(roles):
                raise ValidationError(
                    _("系统管理员只管账号和设置，不能兼别的区级角色。请另开一个账号。")
                )
        return cleaned


@admin.register(DistrictRole)
class DistrictRoleAdmin(ByPolicy):
    """Roles for the whole district. A role ends with its term; one's own is somebody else's to change."""

    list_display = ("user", "role", "term_shown", "holds_now")
    list_filter = ("role",)
    list_select_related = ("user",)
    search_fields = ("user__name", "user__username")
    autocomplete_fields = ("user",)
    ordering = ("role", "user__username", "pk")
    fields = ("user", "role", "term")

    def may_see(self, user) -> bool:
        return policy.may_keep_accounts(user)

    def may_keep(self, user) -> bool:
        return policy.may_keep_accounts(user)

    def has_change_permission(self, request: HttpRequest, obj: DistrictRole | None = None) -> bool:
        own = obj is not None and obj.user_id == request.user.pk
        return super().has_change_permission(request, obj) and not own

    def get_readonly_fields(self, request: HttpRequest, obj: DistrictRole | None = None) -> tuple:
        return ("user", "role") if obj else ()

    def save_model(
        self, request: HttpRequest, obj: DistrictRole, form: forms.ModelForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if form.has_changed():
            move = "end_role" if change and obj.term.upper else "give_role"
            actions.record_role(role=obj, move=move, by=request.user)

    def get_form(self, request: HttpRequest, obj: DistrictRole | None = None, **kwargs):
        if obj is None:
            kwargs["form"] = type("NewRoleFormBy", (NewRoleForm,), {"giver": request.user})
        return super().get_form(request, obj, **kwargs)

    @display(description=_("任期"), ordering="term")
    def term_shown(self, role: DistrictRole) -> str:
        return term_in_words(role.term)

    @display(description=_("现在"), boolean=True)
    def holds_now(self, role: DistrictRole) -> bool:
        return clock.today() in role.term


@admin.register(PortalFeedback)
class PortalFeedbackAdmin(ByPolicy):
    """What people say is wrong with the portal, newest first."""

    list_display = ("words", "page", "by", "said_at")
    list_select_related = ("by",)
    search_fields = ("words", "page")
    ordering = ("-said_at", "-pk")
    fields = ("words", "page", "by", "said_at")

    def may_see(self, user) -> bool:
        return policy.may_read_feedback(user)
