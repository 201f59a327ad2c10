"""A cache that is allowed to be absent: with the broker down, pages work and throttles let through."""

import logging

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
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


class OneClient(RedisCacheClient):
    """Django's, which makes a client of the pool anew for each command: that takes longer than the command."""

    _client_kept = None

    def get_client(self, key=None, *, write=False):
        if self._client_kept is None:
            self._client_kept = super().get_client(key, write=write)
        return self._client_kept


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache whose failures read as misses."""

    def __init__(self, server, params) -> None:
        super().__init__(server, params)
        self._class = OneClient

    get = _forgiving("get", None)
    set = _forgiving("set", None)
    add = _forgiving("add", True)
    delete = _forgiving("delete", False)
    touch = _forgiving("touch", False)
    incr = _forgiving("incr", 1)
    get_many = _forgiving("get_many", {})
    set_many = _forgiving("set_many", [])
    has_key = _forgiving("has_key", False)
