#!/bin/sh
# Runs once, when the database server is empty: the portal owns its database and is nobody's superuser.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv password DATABASE_PASSWORD
CREATE ROLE jiangdong LOGIN PASSWORD :'password';
CREATE DATABASE jiangdong OWNER jiangdong;
REVOKE ALL ON DATABASE jiangdong FROM PUBLIC;
SQL
