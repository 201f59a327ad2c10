"""Backing up and restoring: the database at one moment, the photos that it names, and what proves both.

A backup is a folder: `database.dump` (pg_dump's own format), `photos.tar`, and `manifest.json`, which holds the
time, the schema, a row count and a digest for every table, the digest of the trail's heads, and the SHA-256 of both
files. It is sealed with the key of residents' details, so nobody alters a backup without holding the key.

The keys are not in it: whoever finds a backup reads no resident's name, and whoever restores one needs the keys.
Sign-in sessions are not in it either: after restoring, everybody signs in anew.

`programs` finds PostgreSQL's own, `counting` says what a database holds, `photos` packs and unpacks, `manifest` is
the sheet on top, `taking` and `restoring` are the two acts.
"""
