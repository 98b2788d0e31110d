# The product's image: assets, packages and the product are built apart; what runs has no compiler, no Node
# and no root. One image serves web, worker, bulk, beat and the migration job; the command tells which.
FROM node:22-bookworm-slim AS assets
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY static static
RUN npm run build

FROM python:3.13-slim-bookworm AS packages
COPY requirements.lock ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps -r requirements.lock

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin rechallenge \
    && install -d -o rechallenge -g rechallenge -m 0700 /var/lib/rechallenge/files
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=rechallenge.settings \
    RECHALLENGE_FILES_DIR=/var/lib/rechallenge/files
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY manage.py ./
COPY rechallenge rechallenge
COPY meetings meetings
COPY followup followup
COPY cases cases
COPY evidence evidence
COPY accounts accounts
COPY audit audit
COPY ui ui
COPY templates templates
COPY locale locale
COPY deploy/fonts deploy/fonts
COPY --from=assets /src/static/build static/build
# The settings want their variables; these are of this step only, and reach nothing.
RUN DATABASE_URL=postgres://build@127.0.0.1:1/build REDIS_URL=redis://127.0.0.1:1/0 SMTP_URL=smtp://127.0.0.1:1 \
    RECHALLENGE_ALLOWED_HOSTS=build.invalid RECHALLENGE_BASE_URL=https://build.invalid \
    RECHALLENGE_MAIL_FROM=build@build.invalid \
    RECHALLENGE_SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    python manage.py collectstatic --noinput --verbosity 0
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "rechallenge/probe.py", "live"]
# A request that takes longer than the timeout ends with its process and is rolled back; a process is replaced now and
# then, so that what one large request took of memory is given back.
CMD ["gunicorn", "rechallenge.wsgi", "--bind", "0.0.0.0:8000", "--no-control-socket", "--worker-tmp-dir", "/dev/shm", \
     "--timeout", "30", "--max-requests", "2000", "--max-requests-jitter", "200"]
