"""Django's settings. What an installation may change comes from the environment, and is listed first.

SPARTITO_HOME         folder of the embedded database, archive, uploads and logs (./var)
DATABASE_URL          a PostgreSQL 15 to 18 of your own instead of the embedded one
SPARTITO_SECRET_KEY   signs sessions; made once and kept in the home when not given
SPARTITO_EMAIL_URL    smtp://user:password@host:port (smtps:// for TLS from the start, ?tls=1 for STARTTLS);
                      without it nothing is sent
SPARTITO_HOSTS        host names served, comma-separated (any)
SPARTITO_ORIGINS      origins trusted behind a proxy, e.g. https://credit.example.com
SPARTITO_HTTPS        1 behind HTTPS: cookies are marked secure, X-Forwarded-Proto is believed
SPARTITO_POOL         most database connections a process keeps (none are kept when unset; `serve` sets 20)
SPARTITO_DEBUG        1 for Django's own error pages
SPARTITO_LOG_LEVEL    debug, info, warning, error (info)
"""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONCE, NONE, SELF

from spartito.config.rooms import TENANT_ROOMS
from spartito.platform import database, logs
from spartito.platform.home import home

PACKAGE = Path(__file__).resolve().parent.parent
HOME = home()
DEBUG = os.environ.get("SPARTITO_DEBUG") == "1"
HTTPS = os.environ.get("SPARTITO_HTTPS") == "1"
ALLOWED_HOSTS = os.environ.get("SPARTITO_HOSTS", "*").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("SPARTITO_ORIGINS", "").split(",") if o]


def _secret_key() -> str:
    """The key of the environment, else the one of this home, made on first use."""
    given = os.environ.get("SPARTITO_SECRET_KEY")
    if given:
        return given
    path = HOME / "secret_key"
    if not path.exists():
        new = HOME / f".secret_key.{os.getpid()}"
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(50))
        try:
            os.link(new, path)  # the first process wins; a hard link never replaces
        except FileExistsError:
            pass
        new.unlink()
    return path.read_text().strip()


def _database() -> dict[str, object]:
    """The one database: DATABASE_URL, else the embedded server of this home."""
    common: dict[str, object] = {
        "ENGINE": "spartito.platform.backend",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,  # a pooled connection may have outlived its server
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }
    pool = int(os.environ.get("SPARTITO_POOL", "0"))
    pooled: dict[str, object] = {"pool": {"min_size": 1, "max_size": pool, "timeout": 20}} if pool else {}
    url = os.environ.get("DATABASE_URL")
    if not url:
        return common | database.embedded().settings() | {"EMBEDDED": True, "OPTIONS": pooled}
    parts = urlsplit(url)
    options: dict[str, object] = dict(parse_qsl(parts.query)) | pooled
    return common | {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


SECRET_KEY = _secret_key()

# --- database and tenants ------------------------------------------------------------------------------
DATABASES = {"default": _database()}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TENANT_MODEL = "tenants.Tenant"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_LIMIT_SET_CALLS = True
TEMPLATE_SCHEMA = "template_tenant"
# Only a worker needs every job at once; whoever queues one has imported it. Commands start faster for it.
IS_WORKER = os.environ.get("SPARTITO_WORKER") == "1"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs" if IS_WORKER else ""
PROCRASTINATE_ON_APP_READY = "spartito.config.recurring.register" if IS_WORKER else None

SHARED_APPS = [
    "spartito.tenants",
    "django_tenants",
    "django.contrib.contenttypes",
    "procrastinate.contrib.django",
]
TENANT_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "pgtrigger",
    "pghistory",
    *[f"spartito.{room}" for room in TENANT_ROOMS],
]
INSTALLED_APPS = [
    *SHARED_APPS,
    *[app for app in TENANT_APPS if app not in SHARED_APPS],
    "spartito.web",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "template_partials",
    "csp",
    "django_prometheus",
]
# Called in this order inside a new tenant's schema, with the keyword `tenant`.
SPARTITO_TENANT_SEEDS = [
    "spartito.access.operations.seed_tenant",
    "spartito.reference.operations.seed_tenant",
    "spartito.portfolio.operations.foundation.seed_tenant",
    "spartito.actions.operations.seed_tenant",
    "spartito.communications.operations.seed_tenant",
    "spartito.strategies.operations.seed_tenant",
]
# Which texts a policy may name: asked by strategies, answered by the room beside it that keeps them.
SPARTITO_TEXTS = "spartito.communications.queries.codes_of_texts"

# --- requests ------------------------------------------------------------------------------------------
ROOT_URLCONF = "spartito.config.urls"
PUBLIC_SCHEMA_URLCONF = "spartito.config.public_urls"
ASGI_APPLICATION = "spartito.config.asgi.application"
MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "spartito.tenants.middleware.TenantMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "spartito.tenants.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "axes.middleware.AxesMiddleware",
    "spartito.web.errorpages.ErrorPages",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates", *sorted((PACKAGE / "web").glob("*/templates"))],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "spartito.web.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "spartito.web.templatetags.spartito",
                "spartito.web.templatetags.labels",
                "spartito.web.templatetags.wording",
            ],
        },
    }
]
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS: list[Path] = []
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "spartito_session"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_NAME = "spartito_csrf"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_TEMP_DIR = None
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "KEY_FUNCTION": "spartito.tenants.cache.key",
    }
}

# --- who is there --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "spartito.config.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "login"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
# E001: pghistory and django-tenants each bring their own `migrate`; schemas are migrated by platform/schema.py.
SILENCED_SYSTEM_CHECKS = ["commands.E001"]

# --- words, days, mail ---------------------------------------------------------------------------------
LANGUAGE_CODE = "it"
LANGUAGES = [("it", "Italiano"), ("en", "English")]
LOCALE_PATHS = [
    PACKAGE / "cli" / "locale",
    PACKAGE / "platform" / "locale",
    *sorted((PACKAGE / "web").glob("*/locale")),
]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"


_email = urlsplit(os.environ.get("SPARTITO_EMAIL_URL", ""))
EMAIL_CONFIGURED = bool(_email.scheme)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_CONFIGURED else 'dummy'}.EmailBackend"
EMAIL_HOST = _email.hostname or "localhost"
EMAIL_PORT = _email.port or (465 if _email.scheme == "smtps" else 25)
EMAIL_HOST_USER = unquote(_email.username or "")
EMAIL_HOST_PASSWORD = unquote(_email.password or "")
EMAIL_USE_SSL = _email.scheme == "smtps"
EMAIL_USE_TLS = dict(parse_qsl(_email.query)).get("tls") == "1"
EMAIL_TIMEOUT = 30

LOGGING_CONFIG = None
logs.configure(level=os.environ.get("SPARTITO_LOG_LEVEL", "info"))
PROMETHEUS_EXPORT_MIGRATIONS = False
TEST_RUNNER = "django.test.runner.DiscoverRunner"
