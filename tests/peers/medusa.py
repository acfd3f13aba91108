"""A real Medusa 2 shop on loopback: its own database, its own process, its store API."""

import json
import os
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import psycopg
from psycopg import conninfo, sql

from tests.installs import free_port

HERE = Path(__file__).resolve().parents[2] / ".dev" / "shop-medusa"
IS_THERE = (HERE / "node_modules" / ".installed").exists()
_CLI = ("node", "node_modules/@medusajs/cli/cli.js")
_START_SECONDS = 90


class Medusa:
    """Tables and wines are laid when it is made; `start` opens the shop; it ends with its `with`."""

    def __init__(self, postgres_url: str, folder: Path) -> None:
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE medusa"))
        parts = conninfo.conninfo_to_dict(postgres_url)
        host = quote(str(parts["host"]), safe="")
        self._env = {
            **os.environ,
            "DATABASE_URL": f"postgresql://{parts['user']}@{host}:{parts['port']}/medusa",
            "MEDUSA_DISABLE_TELEMETRY": "true",
            "NODE_ENV": "development",
            "TRIAL_SECRET": "for a trial",
        }
        told = folder / "told.json"
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the shop)
        self._run("db:migrate")
        self._run("exec", "./src/scripts/seed.ts", str(told))
        self.told: dict[str, Any] = json.loads(told.read_text())
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, webhook_url: str, webhook_secret: str) -> None:
        """Open the shop; its subscriber calls `webhook_url`."""
        told = {
            "RIPRESA_WEBHOOK_URL": webhook_url,
            "RIPRESA_WEBHOOK_SECRET": webhook_secret,
            "TRIAL_PUBLISHABLE_KEY": self.told["publishable_key"],
        }
        self._process = subprocess.Popen(
            (*_CLI, "start", "-H", "127.0.0.1", "-p", str(self.port)),
            cwd=HERE,
            env=self._env | told,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )
        until = time.monotonic() + _START_SECONDS
        while not self._is_open():
            assert self._process.poll() is None, self.said
            assert time.monotonic() < until, self.said
            time.sleep(0.2)

    def call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """A call of the store API, as a storefront makes it."""
        request = urllib.request.Request(
            self.url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "content-type": "application/json",
                "x-publishable-api-key": self.told["publishable_key"],
            },
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    @property
    def said(self) -> str:
        self._log.seek(0)
        return self._log.read().decode()

    def processes(self) -> str:
        """What a wait in vain tells of it."""
        return self.said

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def _is_open(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            return False

    def _run(self, *command: str) -> None:
        done = subprocess.run(
            (*_CLI, *command), cwd=HERE, env=self._env, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout.decode()
