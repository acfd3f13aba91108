"""What every test shares. Database tests run on the embedded PostgreSQL, one database a worker."""

import atexit
import gc
import os
import shutil
import signal
import sys
import tempfile

import django
import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

from tests.foreign import FOREIGN, MISSING

# Settings are read on import: a home of the tests' own, and a fixed secret, come before that. So Django
# hears of its settings here and not in pyproject.toml, from where it would read them too early.
os.environ["RIPRESA_HOME"] = tempfile.mkdtemp(prefix="ripresa-test-home-")
os.environ["RIPRESA_SECRET_KEY"] = "a secret for tests only, never for a shop"
os.environ["DJANGO_SETTINGS_MODULE"] = "ripresa.entrypoints.settings"
os.environ.pop("DATABASE_URL", None)
atexit.register(shutil.rmtree, os.environ["RIPRESA_HOME"], ignore_errors=True)
# Each worker imports all tests, and they start hundreds of processes: none of them compiles anew what there is.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# Whoever runs the tests in the background of a script has them ignore Ctrl-C, and with them all they start.
signal.signal(signal.SIGINT, signal.default_int_handler)
django.setup()  # what comes after, other conftest files among it, imports models
PBKDF2PasswordHasher.iterations = 1  # nobody's password is worth 700 ms of each test that signs in

# No case fails because the machine was busy. Every run sees the same cases, so that what is green stays
# green; NEW_CASES=1 draws new ones, and remembers those that failed in .hypothesis.
settings.register_profile(
    "ripresa",
    deadline=None,
    derandomize="NEW_CASES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ripresa")
if "NEW_CASES" not in os.environ:
    # hypothesis also draws the constants of whatever modules are imported by then: with each change of the
    # program, and with each way to share the tests out, other cases would come.
    providers._get_local_constants = lambda: providers._local_constants

pytest_plugins = ["tests.database"]


# Thirteen thousand tests and the whole program are not looked through again and again for what may go.
gc.disable()


def pytest_collection_finish():
    """What was collected stays to the end."""
    gc.freeze()
    gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """What takes long begins first: no worker is left alone with it at the end."""
    if not FOREIGN.is_dir():
        for item in items:
            if item.get_closest_marker("foreign"):
                item.add_marker(pytest.mark.skip(reason=MISSING))
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_report_header():
    """Say what is not tested here."""
    return None if FOREIGN.is_dir() else f"tests marked foreign are skipped: they {MISSING}"


def pytest_addoption(parser):
    """What `make golden` asks for."""
    parser.addoption("--renew-golden", action="store_true", help="write the golden files anew")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, postgres_url):
    """Point Django at the tests' server. No pool: the test database is dropped at the end."""
    from django.db import connections

    from ripresa.entrypoints.blank_database import blank_database
    from ripresa.entrypoints.settings import database_settings

    settings = connections["default"].settings_dict
    name = settings["NAME"]
    fresh = database_settings(postgres_url)
    fresh["OPTIONS"].pop("pool")
    settings.update(fresh)
    settings["NAME"] = name
    # A name of this run's own: two runs at once on the shared server leave each other alone.
    # Copied, not laid anew by each worker: Django's executor takes seconds for as many migrations as we have.
    settings["TEST"]["TEMPLATE"] = blank_database(postgres_url)
    settings["TEST"]["NAME"] = f"{settings['TEST'].get('NAME') or f'test_{name}'}_{os.getpid()}"
