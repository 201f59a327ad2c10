"""Which site the admin is: a module of its own, since Django reads it before there are models."""

from django.contrib.admin.apps import AdminConfig


class DistrictAdminConfig(AdminConfig):
    default_site = "jiangdong.admin_site.DistrictSite"
