"""The portal's settings: one file, read from the environment, refusing to start in production without secrets."""

import logging
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from jiangdong import env, keys, logs
from jiangdong.admin_theme import UNFOLD  # noqa: F401 - a setting

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("DATA", str(BASE_DIR / ".data"))).resolve()

PRODUCTION = env.flag("PRODUCTION", default=False)
DEBUG = env.flag("DEBUG", default=False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG and PRODUCTION exclude each other")

DEVELOPMENT_SECRET = "development-only-secret-key-that-production-refuses-to-start-with"
SECRET_KEY = env.text("SECRET_KEY", None if PRODUCTION else DEVELOPMENT_SECRET)
# Those before it: sessions and second factors that stand on them stay good until they are left out here.
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
# Fernet keys for residents' details by version, newest first; the first seals, each opens what it sealed.
DEVELOPMENT_RESIDENT_KEY = "ZGV2ZWxvcG1lbnQtb25seS1yZXNpZGVudC1rZXktMDE="
RESIDENT_KEYS = keys.parse(
    env.secret("RESIDENT_KEYS", None if PRODUCTION else DEVELOPMENT_RESIDENT_KEY),
    name="RESIDENT_KEYS",
    unversioned=not PRODUCTION,
)
# By it a telephone number is found again without opening anything.
DEVELOPMENT_INDEX_KEY = "development-only-index-key-that-production-refuses"
INDEX_KEY = env.secret("INDEX_KEY", None if PRODUCTION else DEVELOPMENT_INDEX_KEY)
keys.check_index_key(INDEX_KEY, RESIDENT_KEYS)
if PRODUCTION and (len(SECRET_KEY) < 50 or SECRET_KEY == DEVELOPMENT_SECRET):
    raise ImproperlyConfigured("production needs a SECRET_KEY of its own, 50 characters or more")
if PRODUCTION and DEVELOPMENT_RESIDENT_KEY in RESIDENT_KEYS.values():
    raise ImproperlyConfigured("production needs RESIDENT_KEYS of its own")
if PRODUCTION and INDEX_KEY == DEVELOPMENT_INDEX_KEY:
    raise ImproperlyConfigured("production needs an INDEX_KEY of its own")
for address in ("DATABASE_URL", "REDIS_URL") if PRODUCTION else ():
    env.refuse_weak_password(address)

ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,testserver")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
SITE_URL = env.text("SITE_URL", None if PRODUCTION else "http://127.0.0.1:8000").rstrip("/")
# How many proxies of ours stand in front: X-Forwarded-For is believed from the right, that far.
NUM_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = env.number("NUM_PROXIES", 1 if PRODUCTION else 0)
# True where the database holds the invented demo district: every page then says 示例数据.
DEMO = env.flag("DEMO", default=not PRODUCTION)

INSTALLED_APPS = [
    "jiangdong",
    "accounts",
    "notices",
    "pairing",
    "wishes",
    "voices",
    "reports",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "jiangdong.admin_config.DistrictAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_prometheus",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "pgtrigger",
    "rest_framework",
]

MIDDLEWARE = [
    "jiangdong.running.probes.Probes",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "jiangdong.request_log.RequestLog",
    "csp.middleware.CSPMiddleware",
    "jiangdong.middleware.ReferrerPolicyForLinks",
    "jiangdong.unnamed.UnnamedDoors",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionsInUse",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "jiangdong.middleware.RefusalMiddleware",
    "accounts.middleware.FirstThingsFirst",
    "axes.middleware.AxesMiddleware",
    "jiangdong.running.metrics.CountedByView",
]

ROOT_URLCONF = "jiangdong.urls"
WSGI_APPLICATION = "jiangdong.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jiangdong.context.portal",
            ],
        },
    },
]

DATABASES = {
    "default": {
        **env.database("DATABASE_URL"),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "jiangdong.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
DJANGOS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LongEnoughValidator"},
    {"NAME": "accounts.passwords.TwoKindsValidator"},
    {
        "NAME": f"{DJANGOS}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email", "phone")},
    },
    {"NAME": f"{DJANGOS}.CommonPasswordValidator"},
]
# After so many days a password is to be changed; 0 is never, for the reason in `accounts.passwords`.
PASSWORD_MAX_AGE_DAYS = env.number("PASSWORD_MAX_AGE_DAYS", 0)
ACCOUNT_ADAPTER = "accounts.adapter.InvitationOnly"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "江东365："
# A stranger must not learn by mail or page which addresses have accounts.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
# Wrong passwords are counted by the lock-out below; wrong codes also for the account alone, wherever they come from.
ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": "120/m/ip", "second_factor": "20/30m/key"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "jiangdong.clients.address_of"
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "code", "credential"]

# A second factor is asked of those whose role opens much (`accounts.second_factor`); anybody may have one.
SECOND_FACTOR_REQUIRED = env.flag("SECOND_FACTOR_REQUIRED", default=PRODUCTION)
MFA_ADAPTER = "accounts.adapter.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "江东365"
MFA_TOTP_TOLERANCE = 1  # a step of 30 seconds before and after: office clocks run apart
MFA_FORMS = {
    "authenticate": "accounts.code_forms.CodeForm",
    "reauthenticate": "accounts.code_forms.CodeAgainForm",
    "activate_totp": "accounts.code_forms.FirstCodeForm",
}

# The district's own sign-in (统一认证) by OpenID Connect, where there is one. It opens accounts, and makes none.
OIDC_SERVER = env.text("OIDC_SERVER", "").rstrip("/")
OIDC_ORIGIN = "/".join(OIDC_SERVER.split("/")[:3])
SOCIALACCOUNT_ADAPTER = "accounts.adapter.DistrictSignIn"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "district",
                "name": env.text("OIDC_NAME", "统一认证"),
                "client_id": env.text("OIDC_CLIENT_ID"),
                "secret": env.text("OIDC_SECRET"),
                "settings": {"server_url": OIDC_SERVER},
            }
        ]
        if OIDC_SERVER
        else [],
    }
}

SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
# A session ends when nothing happens for so long; sooner where it opens the admin.
SESSION_IDLE_MINUTES = env.number("SESSION_IDLE_MINUTES", 120, least=1)
SESSION_IDLE_MINUTES_ADMIN = env.number("SESSION_IDLE_MINUTES_ADMIN", 30, least=1)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": [],
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        # Signing in elsewhere is a form too, which that place is redirected to.
        "form-action": [SELF, OIDC_ORIGIN] if OIDC_SERVER else [SELF],
        "frame-ancestors": [NONE],
    },
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(DATA_DIR / "static"))).resolve()
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "photos"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.flag("HASHED_STATIC", default=PRODUCTION)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
# Lists that people take out as files, until they fetch them; nothing serves this folder.
EXPORTS_FOLDER = DATA_DIR / "exports"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# Uploads are lists of residents and photos: held in memory, and not in the system's temporary folder. More is refused.
FILE_UPLOAD_MAX_MEMORY_SIZE = 13 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
# Which residents were erased, and when: kept apart from the backups, so that restoring one erases them again.
ERASURE_JOURNAL = Path(env.text("ERASURE_JOURNAL", str(DATA_DIR / "erasures.log"))).resolve()
# Where each night's anchor of the trail is kept outside the database, and who is sent it besides.
ANCHORS_FOLDER = Path(env.text("ANCHORS_FOLDER", str(DATA_DIR / "anchors"))).resolve()
ANCHOR_MAIL = env.words("ANCHOR_MAIL")
PHOTO_MAX_BYTES = 12 * 1024 * 1024

EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "江东365 <portal@jiangdong365.example>")

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    # Without these kombu tries for six seconds before it says that the broker is down.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
}
# A page never waits for a dead broker: one quick try, the sweep delivers the rest.
CELERY_TASK_PUBLISH_RETRY = False

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "accounts.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": [
        "rest_framework.parsers.JSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "jiangdong.api_errors.problem",
    "DEFAULT_THROTTLE_RATES": {"token": "10/min", "user": "1200/min"},
    "NUM_PROXIES": NUM_PROXIES,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "江东365",
    "DESCRIPTION": "Who answers for what, and whether residents were helped.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "WishState": "wishes.workflow.State",
        "WishKind": "wishes.workflow.Kind",
        "Move": "wishes.workflow.Move",
        "Visibility": "wishes.workflow.Visibility",
        "ReferTo": "wishes.workflow.ReferTo",
        "AgencyKind": "pairing.models.Agency.Kind",
        "VoiceState": "voices.workflow.State",
        "VoiceMove": "voices.workflow.Move",
        "VoiceHow": "voices.workflow.How",
        "How": "wishes.workflow.How",
    },
}

IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True

# How long a resident's details stay after the last wish was closed, in days.
RESIDENT_DETAILS_DAYS = env.number("RESIDENT_DETAILS_DAYS", 180, least=1)

# Lines of the log, a file a day: kept for six months and more, as 网络安全法 article 21 asks of networks.
LOG_FOLDER = env.text("LOG_FOLDER", str(DATA_DIR / "logs") if PRODUCTION else "")
LOG_DAYS = env.number("LOG_DAYS", 190, least=183)
LOGGING = logs.config(
    production=PRODUCTION,
    folder=Path(LOG_FOLDER).resolve() if LOG_FOLDER else None,
    days=LOG_DAYS,
)
logs.configure_structlog()
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO
DJANGO_STRUCTLOG_CELERY_TASK_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_CELERY_TASK_FAILURE_LOG_LEVEL = logging.ERROR

# Who may read /metrics: networks, or whoever bears the token. Nobody else finds the page.
METRICS_ALLOWED = env.networks("METRICS_ALLOWED", "" if PRODUCTION else "127.0.0.1,::1")
METRICS_TOKEN = env.secret("METRICS_TOKEN", "")
if METRICS_TOKEN and len(METRICS_TOKEN) < 32:
    raise ImproperlyConfigured("METRICS_TOKEN must be 32 characters or more")
# With less on the disk a web says that it is not ready.
DISK_LEAST_MB = env.number("DISK_LEAST_MB", 200)
