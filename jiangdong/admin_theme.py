"""The looks of the admin, which `settings` takes in: paper, ink and one red, as in static/css/tokens.css."""

from django.utils.translation import gettext_lazy as _

UNFOLD = {
    "SITE_TITLE": "江东365",
    "SITE_HEADER": "江东365",
    "SITE_SUBHEADER": _("督办和账号"),
    "SITE_ICON": "jiangdong.admin_site.icon",
    "SITE_URL": "/",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": "jiangdong.admin_site.icon"},
    ],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "8px",
    "ENVIRONMENT": "jiangdong.admin_site.data_shown",
    "STYLES": ["jiangdong.admin_site.stylesheet"],
    "SCRIPTS": ["jiangdong.admin_site.script"],
    "SIDEBAR": {"navigation": "jiangdong.admin_site.sidebar"},
    "COLORS": {
        "base": {
            "50": "#faf7f1",
            "100": "#f1ebdf",
            "200": "#e6dfd3",
            "300": "#d3c9b9",
            "400": "#978c7d",
            "500": "#6b6259",
            "600": "#574e46",
            "700": "#433b34",
            "800": "#3a322b",
            "900": "#1d1915",
            "950": "#14110e",
        },
        "primary": {
            "50": "#fbf1ee",
            "100": "#f7e5df",
            "200": "#efcabf",
            "300": "#e3a494",
            "400": "#f2a392",
            "500": "#f2937f",
            "600": "#b0331f",
            "700": "#952916",
            "800": "#7a2212",
            "900": "#5f1b0f",
            "950": "#3a0f07",
        },
        "font": {
            "subtle-light": "#6b6259",
            "subtle-dark": "#b9ad9d",
            "default-light": "#433b34",
            "default-dark": "#e2d8ca",
            "important-light": "#221d18",
            "important-dark": "#f1e9dd",
        },
    },
}
