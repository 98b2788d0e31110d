"""Settings of the Django project. Everything a hospital may change comes from `rechallenge.env`."""

from __future__ import annotations

import pghistory
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from environs import Env

from rechallenge.env import (
    BASE_DIR,
    DATABASE_ROLES,
    LOG_LEVELS,
    Environment,
    client_url,
)
from rechallenge.logs import configure_logging

environment = Environment()
env: Env = environment.env

DEBUG = environment.debug
SECRET_KEY = environment.secret("RECHALLENGE_SECRET_KEY", least=50)
SECRET_KEY_FALLBACKS = environment.secrets("RECHALLENGE_SECRET_KEY_FALLBACKS", least=50)
SEAL_KEY = environment.secret("RECHALLENGE_SEAL_KEY", least=32)
environment.apart("RECHALLENGE_SEAL_KEY", "RECHALLENGE_SECRET_KEY")
ALLOWED_HOSTS = environment.hosts("RECHALLENGE_ALLOWED_HOSTS")
BASE_URL = environment.address("RECHALLENGE_BASE_URL", ("https", "http"), "a site").rstrip("/")
HOSPITAL = environment.text("RECHALLENGE_HOSPITAL")
DEMO = environment.flag("RECHALLENGE_DEMO")
# Printed by the demonstration and shown on its sign-in page; no other installation has it.
DEMO_PASSWORD = "demo-only-password"  # noqa: S105
REMINDERS_FROM = environment.clock("RECHALLENGE_REMINDERS_FROM")
DRAFTS_DAYS = environment.number("RECHALLENGE_DRAFTS_DAYS", 1, 365)
IDLE_MINUTES = environment.number("RECHALLENGE_IDLE_MINUTES", 5, 480)
MAILBOX_URL = environment.text("MAILBOX_URL")
HTTPS = environment.flag("RECHALLENGE_HTTPS") if env.str("RECHALLENGE_HTTPS", "") else True

TRUSTED_PROXIES = environment.count("RECHALLENGE_TRUSTED_PROXIES")

DB_ROLE = environment.choice("RECHALLENGE_DB_ROLE", DATABASE_ROLES)
_database_variable = environment.database(DB_ROLE)
REDIS_URL = environment.address("REDIS_URL", ("redis", "rediss", "redis+socket"), "Valkey or Redis")
environment.address("SMTP_URL", ("smtp", "smtps", "submission"), "a mail server")
TIME_ZONE = environment.zone("RECHALLENGE_TIME_ZONE")
LOG_LEVEL = environment.choice("RECHALLENGE_LOG_LEVEL", LOG_LEVELS)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.text("RECHALLENGE_MAIL_FROM")
LETTER_FONTS = environment.folder("RECHALLENGE_LETTER_FONTS")
environment.refuse()

DATABASES = {
    "default": {
        **env.dj_db_url(_database_variable),
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Counts of sign-ins for the limits, and codes that were used; sessions and all else are in PostgreSQL.
CACHES = {
    "default": {
        "BACKEND": "rechallenge.cache.SharedCounts",
        "LOCATION": client_url(REDIS_URL),
        "KEY_PREFIX": "rechallenge",
        "OPTIONS": {
            "serializer": "rechallenge.cache.JSONSerializer",
            "socket_timeout": 1,
            "socket_connect_timeout": 1,
        },
    }
}

_mail = env.dj_email_url("SMTP_URL")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = _mail["EMAIL_HOST"]
EMAIL_PORT = _mail["EMAIL_PORT"]
EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10

INSTALLED_APPS = [
    "rechallenge.apps.ProjectConfig",
    "meetings",
    "followup",
    "cases",
    "evidence",
    "accounts",
    "audit",
    "ui",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    # The library's page of keys says with it how long ago one was used.
    "django.contrib.humanize",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "pgtrigger",
    "pghistory",
    "csp",
    "django_structlog",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.middleware.AfterwardsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "rechallenge.requestlog.RequestLogMiddleware",
    "accounts.middleware.SizeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.NoStoreMiddleware",
    "accounts.middleware.SessionEndMiddleware",
    "accounts.middleware.ConfirmingMiddleware",
    "accounts.middleware.PlainTextMiddleware",
    "audit.middleware.RefusalMiddleware",
    "rechallenge.requestlog.HistoryMiddleware",
]

ROOT_URLCONF = "rechallenge.urls"
WSGI_APPLICATION = "rechallenge.wsgi.application"

TEMPLATES = [
    {
        # Django templates serve the admin and allauth alone, from application folders.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "ui.context.page",
            ],
        },
        "DIRS": [],
        "NAME": "django",
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "ui.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "ui.context.page",
            ],
        },
        "NAME": "jinja2",
    },
]
# Jinja2 first: a template found in templates/ wins over an application's.
TEMPLATES.reverse()

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Wrong passwords of somebody who is signed in, beside the library's own limits.
ACCOUNT_RATE_LIMITS = {"confirm": "5/300s/key"}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_ADAPTER = "accounts.second_factors.MFAAdapter"
ACCOUNT_FORMS = {"change_password": "accounts.sign_in_forms.ChangePasswordForm"}
MFA_FORMS = {
    "authenticate": "accounts.sign_in_forms.AuthenticateForm",
    "reauthenticate": "accounts.sign_in_forms.ReauthenticateForm",
    "authenticate_webauthn": "accounts.sign_in_forms.AuthenticateKeyForm",
    "reauthenticate_webauthn": "accounts.sign_in_forms.ReauthenticateKeyForm",
    "login_webauthn": "accounts.sign_in_forms.SignInKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# An administrator enters who sits on a board, and the link in the mail proves the address: nothing else verifies it.
MFA_ALLOW_UNVERIFIED_EMAIL = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# What is told after a save may name what was typed of a patient: it stays on the server, and in no cookie.
MESSAGE_STORAGE = "rechallenge.telling.Telling"

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True

# The largest file that a form takes has 10 MB; the rest of the form and the encoding stand around it.
MOST_SENT_BYTES = 12 * 1024 * 1024

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static" / "collected"
STATICFILES_DIRS = [("", BASE_DIR / "static" / "build")]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": BASE_DIR / environment.text("RECHALLENGE_FILES_DIR"),
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# The orchestrator probes the container directly, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "ui.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL else []

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_TIME_LIMIT = 900
# KiB; a process that grew beyond it, as one does with a large spreadsheet, is replaced after its task.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "rechallenge.worker:HeartbeatScheduler"
# Imports and counts of cases act as a user, so their workers have the web's role and queues of their own
# (docs/adr/0022): a curator waits for a count in front of a page, and an import may take most of an hour.
CELERY_TASK_ROUTES = {
    "cases.tasks.run_bulk": {"queue": "bulk"},
    "cases.tasks.rewrite_facts": {"queue": "bulk"},
    "evidence.tasks.count_reach": {"queue": "counts"},
}
CELERY_BEAT_SCHEDULE = {
    "deliver-due-reminders": {"task": "followup.tasks.drain", "schedule": 30.0},
    "open-due-checks": {"task": "followup.tasks.open_due_checks", "schedule": 60.0},
    "seal-trail": {"task": "audit.tasks.seal_trail", "schedule": 60.0},
    "tend-imports": {"task": "cases.tasks.tend_bulk", "schedule": 60.0},
    "tend-counts": {"task": "evidence.tasks.tend_counts", "schedule": 60.0},
    "follow-age-limits": {"task": "cases.tasks.follow_limits", "schedule": 60.0},
    "rewrite-facts": {"task": "cases.tasks.rewrite_facts", "schedule": 30.0},
    # Every hour: beat keeps its clock in memory, and one that was down at a daily time would skip the day.
    "forget-what-was-typed": {"task": "cases.tasks.forget_typed", "schedule": crontab(minute=20)},
    "forget-sessions": {"task": "accounts.tasks.forget_sessions", "schedule": crontab(minute=40)},
    "remind-of-reviews": {
        "task": "followup.tasks.remind_of_reviews",
        "schedule": crontab(minute=30),
    },
    "log-trail-head": {"task": "audit.tasks.log_head", "schedule": crontab(minute=17)},
    "beat-heartbeat": {"task": "rechallenge.health.record_beat", "schedule": 30.0},
}

LOGGING_CONFIG = None
configure_logging(level=LOG_LEVEL, readable=DEBUG)
# Rows that are taken away are history as well.
PGHISTORY_DEFAULT_TRACKERS = (
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
)
