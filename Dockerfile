# The portal's own programs: web, worker, beat, and the one that brings the schema up to date. PostgreSQL, Valkey and
# the proxy are images of their own: docker-compose.yml.

# ── What needs pip and a compiler's patience; nothing of it but /venv and /portal goes on ──
FROM python:3.11-slim-bookworm AS made

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /portal
RUN python -m venv --without-pip /venv
ENV PATH=/venv/bin:$PATH

# The same lock file as make run; what only tests need stands below the line.
COPY requirements.lock .
RUN sed '/^# only to test it/,$d' requirements.lock > /tmp/run.lock \
    && /usr/local/bin/python -m pip --python /venv/bin/python install \
        --require-hashes --only-binary :all: -r /tmp/run.lock

COPY . .
# Messages, and static files under names made of their content, compressed once. No secret and no server is needed
# for that: these settings stay in this line.
RUN pybabel -q compile -d locale -D django \
    && HASHED_STATIC=1 STATIC_ROOT=/portal/collected DATA=/tmp/data \
        DATABASE_URL=postgres://nobody@nowhere/none REDIS_URL=redis://nowhere \
        python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q accounts jiangdong notices pairing reports wishes

# ── What runs ──
FROM python:3.11-slim-bookworm

# A number that the folders of the host can be given to: backups and the journal of erasures.
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal -m 0700 /data
COPY --from=made /venv /venv
COPY --from=made /portal /portal

ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PRODUCTION=1 \
    DATA=/data \
    STATIC_ROOT=/portal/collected
WORKDIR /portal
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=60s --timeout=10s --start-period=60s --start-interval=3s --retries=3 \
    CMD ["python", "-m", "jiangdong.stack", "healthy", "web"]
CMD ["python", "-m", "jiangdong.stack", "web"]
