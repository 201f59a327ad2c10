"""The portal on one machine: PostgreSQL and Valkey from packages, and the portal's own programs.

Used by `make run` and `make test`. A deployment sets DATABASE_URL and REDIS_URL, has servers of its
own, and needs but the portal's programs, one in a container each. `programs` holds their commands and
`health` asks whether they live; `children` starts and stops programs, `places` knows folders and
secrets, `postgres` and `valkey` are the two servers, `servers` brings both up, `portal` runs all.
"""
