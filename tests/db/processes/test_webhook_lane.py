"""A worker calls endpoints beside its round, and ends when asked."""

import pytest

from ripresa.core.throwaway import throwaway_database
from tests.installs import Install, wait
from tests.scripted_http import HOST, Said, ScriptedApi


@pytest.mark.slow
def test_a_worker_calls_an_endpoint_and_ends_when_asked(postgres_url) -> None:
    install = Install()
    try:
        with (
            throwaway_database(postgres_url) as dsn,
            ScriptedApi(lambda _: Said(204)) as api,
        ):
            settings = {"DATABASE_URL": dsn, "RIPRESA_INTERNAL_HOSTS": HOST}
            for words in (
                ("shop", "create", "wines"),
                ("webhook", "add", "crm", api.url, "--shop", "wines"),
                ("webhook", "test", "crm", "--shop", "wines"),
            ):
                run = install.run(*words, **settings)
                assert run.process.returncode == 0, run.said
            worker = install.start("worker", **settings)
            worker.wait_for('"working"')
            wait(lambda: bool(api.heard), worker)
            assert [one.json["type"] for one in api.heard] == ["webhook.test"]
            assert worker.end() == 0, worker.said
            assert "Traceback" not in worker.said
            install.clear()
    finally:
        install.close()
