"""江东365: who answers for what, and whether residents were helped."""

from jiangdong.celery import app as celery_app

__all__ = ["celery_app"]
