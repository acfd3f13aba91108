"""Two homes that start in the same instant on one port: one serves, the other says why it does not."""

import pytest

from tests.installs import Install, wait


@pytest.mark.slow
def test_one_of_two_homes_gets_the_port() -> None:
    homes = [Install(), Install()]
    bind = f"127.0.0.1:{homes[0].port}"
    try:
        runs = [home.start("up", "--workers", "1", RIPRESA_BIND=bind) for home in homes]
        wait(lambda: any(run.process.poll() is not None for run in runs), homes[0])
        [refused] = [run for run in runs if run.process.poll() is not None]
        [serving] = [run for run in runs if run is not refused]
        assert refused.process.returncode == 1
        assert refused.said.startswith(f"ripresa: port {homes[0].port} on 127.0.0.1 is in use by")
        serving.wait_for("Ripresa is up")
        assert serving.end() == 0
    finally:
        for home in homes:
            home.close()
