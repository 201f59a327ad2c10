"""gunicorn's configuration beside its command line: where workers share their metrics, and how it writes its lines."""

import os
import shutil
import tempfile

from jiangdong import env, logs

# Set before the portal is loaded, which is when the metrics' library decides how it counts. Each worker writes
# files here and any of them answers for all; a folder left behind by a killed server is never read again.
_shared = tempfile.mkdtemp(prefix="jiangdong365-metrics-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = _shared

_logging = logs.config(production=env.flag("PRODUCTION", default=False))
logconfig_dict = {
    **_logging,
    "loggers": {
        **_logging["loggers"],
        # To the root, where the portal's settings add the files once it is loaded.
        "gunicorn.error": {"level": "INFO", "propagate": True},
        # No access log: it would hold the tokens in residents' addresses. `jiangdong.request_log` writes one without.
        "gunicorn.access": {"handlers": ["nowhere"], "propagate": False},
    },
}


def on_exit(server) -> None:
    """Remove the metrics of this run."""
    shutil.rmtree(_shared, ignore_errors=True)
