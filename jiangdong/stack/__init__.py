"""The portal on one machine: PostgreSQL and Valkey from packages, and the portal's own programs.

Used by `make run` and `make test`; a deployment with servers of its own sets DATABASE_URL and
REDIS_URL and needs none of this. `children` starts and stops programs, `places` knows folders and
secrets, `postgres` and `valkey` are the two servers, `servers` brings both up, `portal` runs all.
"""
