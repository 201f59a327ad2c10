"""The portal's settings, with the bare views beside it and the queries of a request counted on demand."""

from jiangdong.settings import *  # noqa: F403

ROOT_URLCONF = "jiangdong.bench.urls"
MIDDLEWARE = ["jiangdong.bench.bare.CountQueries", *MIDDLEWARE]  # noqa: F405
# A door throttles people by name: without a rate it lets everybody through and counts nobody.
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"token": None, "user": None}}  # noqa: F405
LOGGING = {"version": 1, "disable_existing_loggers": True}
