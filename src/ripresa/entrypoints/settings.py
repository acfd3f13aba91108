"""Django's settings, from `ripresa.core.config`; nothing here that a merchant may change."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from ripresa.console.layout.language import ENDONYMS
from ripresa.core.config import load

CONFIG = load()


def database_settings(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for a libpq URL or DSN."""
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "ripresa"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": {
            **parts,
            "server_side_binding": True,
            "pool": {"min_size": 0, "max_size": 8, "timeout": 10},
        },
    }


SECRET_KEY = CONFIG.secret_key
DEBUG = False
# The public address, and loopback for health checks and for whoever sits at the machine.
ALLOWED_HOSTS = [
    *(urlsplit(url).hostname or "" for url in (CONFIG.public_url, CONFIG.short_url)),
    *("localhost", "127.0.0.1", "[::1]"),
]
CSRF_TRUSTED_ORIGINS = [CONFIG.public_url]
DATABASES = {"default": database_settings(CONFIG.database_url or "dbname=ripresa")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "ripresa.domain.shops",
    "ripresa.domain.audit",
    "ripresa.domain.signin",
    "ripresa.domain.webhooks",
    "ripresa.domain.mailroom",
    "ripresa.domain.providers",
    "ripresa.domain.connections",
    "ripresa.domain.inbox",
    "ripresa.domain.imports",
    "ripresa.domain.contacts",
    "ripresa.domain.carts",
    "ripresa.domain.coupons",
    "ripresa.domain.media",
    "ripresa.domain.templates",
    "ripresa.domain.messages",
    "ripresa.domain.deals",
    "ripresa.domain.scenarios",
    "ripresa.domain.segments",
    "ripresa.domain.campaigns",
    "ripresa.domain.attribution",
    "ripresa.console",
    "ripresa.public",
]
MIDDLEWARE = [
    "ripresa.api.protocol.edge.ApiEdge",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "ripresa.entrypoints.request_clock.RequestClock",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "ripresa.console.layout.language.ChosenLanguage",
    "ripresa.entrypoints.bodies.refused.RefusedBody",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "ripresa.entrypoints.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Strict everywhere; the one page that shows a mail relaxes it for itself alone.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    },
}
SECURE_REFERRER_POLICY = "same-origin"
_HTTPS = CONFIG.public_url.startswith("https://")
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
if CONFIG.trust_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "login"
CSRF_FAILURE_VIEW = "ripresa.console.layout.errors.stale_form"
# Colours of console.css for the levels of django.contrib.messages.
MESSAGE_TAGS = {20: "info", 25: "green", 30: "amber", 40: "red"}

# Where pages find the connectors there are: they may not import the registry.
CONNECTORS = "ripresa.entrypoints.registry.CONNECTORS"
# And what opens the channels that a shop sends through, for tests that somebody asks for by hand.
SHOP_CHANNELS = "ripresa.entrypoints.registry.open_shop_channels"
PROVIDERS = "ripresa.entrypoints.registry.PROVIDERS"
# What asks the DNS about the domains that a shop sends from.
SENDER_CHECK = "ripresa.entrypoints.doctor.senders.check_shop"

# The console's own: ripresa.console.layout.language. Public pages choose theirs themselves, see
# ripresa.public.texts; what is no page (the command line, workers) speaks English.
LANGUAGE_CODE = "en"
LANGUAGES = list(ENDONYMS.items())
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
LANGUAGE_COOKIE_SECURE = _HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
# Served straight from the packages: nothing to collect before the first start.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
LOGGING_CONFIG = None
