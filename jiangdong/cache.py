"""A cache that is allowed to be absent: with the broker down, pages work and throttles let through."""

import logging

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def _forgiving(name: str, fallback):
    def method(self, *args, **kwargs):
        try:
            return getattr(RedisCache, name)(self, *args, **kwargs)
        except RedisError:
            logger.warning("cache unreachable: %s skipped", name)
            return kwargs.get("default", args[1] if name == "get" and len(args) > 1 else fallback)

    method.__name__ = name
    return method


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache whose failures read as misses."""

    get = _forgiving("get", None)
    set = _forgiving("set", None)
    add = _forgiving("add", True)
    delete = _forgiving("delete", False)
    touch = _forgiving("touch", False)
    incr = _forgiving("incr", 1)
    get_many = _forgiving("get_many", {})
    set_many = _forgiving("set_many", [])
    has_key = _forgiving("has_key", False)
