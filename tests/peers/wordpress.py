"""A real WordPress with our plugin in it, over a MariaDB of its own, on loopback.

WooCommerce itself is in no package of Debian's: `shops/woocommerce/tests/stand-in.php` stands in for it.
"""

import http.client
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self
from urllib.parse import urlencode

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "shops/woocommerce"
# Unpacked there by scripts/peers: Debian's package would bring a web server along.
WORDPRESS = ROOT / ".dev/wordpress"
MARIADB = Path("/usr/sbin/mariadbd")
IS_THERE = MARIADB.exists() and (WORDPRESS / "wp-load.php").exists() and shutil.which("php")
_PASSWORD = "only for this test"
_START_SECONDS = 60

_CONFIG = """<?php
define( 'DB_NAME', 'wp' ); define( 'DB_USER', 'root' ); define( 'DB_PASSWORD', '' );
define( 'DB_HOST', 'localhost:{socket}' ); define( 'DB_CHARSET', 'utf8mb4' ); define( 'DB_COLLATE', '' );
define( 'AUTH_KEY', 'a' ); define( 'SECURE_AUTH_KEY', 'b' ); define( 'LOGGED_IN_KEY', 'c' );
define( 'NONCE_KEY', 'd' ); define( 'AUTH_SALT', 'e' ); define( 'SECURE_AUTH_SALT', 'f' );
define( 'LOGGED_IN_SALT', 'g' ); define( 'NONCE_SALT', 'h' ); $table_prefix = 'wp_';
define( 'WP_HOME', '{url}' ); define( 'WP_SITEURL', '{url}' );
define( 'WP_HTTP_BLOCK_EXTERNAL', true ); define( 'WP_ACCESSIBLE_HOSTS', '127.0.0.1' );
define( 'DISABLE_WP_CRON', true ); define( 'AUTOMATIC_UPDATER_DISABLED', true );
if ( ! defined( 'ABSPATH' ) ) {{ define( 'ABSPATH', __DIR__ . '/' ); }}
require_once ABSPATH . 'wp-settings.php';
"""
_INSTALL = """
define( 'WP_INSTALLING', true );
function wp_mail() { return true; }
require getenv( 'SITE' ) . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install( 'Wines', 'admin', 'admin@wines.example', false, '', getenv( 'PASSWORD' ) );
update_option( 'active_plugins', array( 'ripresa/ripresa.php', 'woocommerce/woocommerce.php' ) );
"""


class WordPress:
    """The site at `url`; ends with its `with`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._site = folder / "site"
        # A socket's path may be 107 characters long, which a test's folder is not far from.
        self._socket = f"/tmp/ripresa-{os.getpid()}.sock"
        self._processes: list[subprocess.Popen[bytes]] = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._cookies = ""

    def __enter__(self) -> Self:
        try:
            self._start_database()
            self._lay_site()
            self.run(_INSTALL)
            self._start(
                "php",
                "-d",
                "error_reporting=8191",
                "-S",
                f"127.0.0.1:{self.port}",
                "-t",
                str(self._site),
            )
            self._wait(lambda: socket.create_connection(("127.0.0.1", self.port), 1).close())
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._processes):
            process.terminate()
            process.wait(30)
        Path(self._socket).unlink(missing_ok=True)

    def run(self, code: str) -> str:
        """Run PHP beside the site; returns what it prints."""
        env = {
            **os.environ,
            "SITE": str(self._site),
            "PASSWORD": _PASSWORD,
            "RIPRESA_PLUGIN": str(PLUGIN),
        }
        begin = f"error_reporting(8191); $_SERVER += ['HTTP_HOST' => '127.0.0.1:{self.port}', 'REQUEST_URI' => '/'];"
        done = subprocess.run(
            ["php", "-r", begin + code],
            env=env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def load_and(self, code: str) -> str:
        """The same within WordPress."""
        return self.run("require getenv( 'SITE' ) . '/wp-load.php'; " + code)

    def get(self, target: str, **headers: str) -> tuple[int, dict[str, str], str]:
        """A page: status, headers and text."""
        return self._ask("GET", target, None, headers)

    def post(self, target: str, fields: dict[str, str]) -> tuple[int, dict[str, str], str]:
        """A form sent off."""
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return self._ask("POST", target, urlencode(fields), kind)

    def sign_in(self) -> None:
        """As the one who runs the shop."""
        self._cookies = "wordpress_test_cookie=WP%20Cookie%20check"
        _, headers, _ = self.post(
            "/wp-login.php", {"log": "admin", "pwd": _PASSWORD, "testcookie": "1"}
        )
        pairs = re.findall(r"(wordpress_[^=;,\s]+=[^;,\s]+)", headers["set-cookie"])
        self._cookies = "; ".join(pairs)

    def _ask(
        self, method: str, target: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, target, body, {"cookie": self._cookies, **headers})
            answer = connection.getresponse()
            names: dict[str, str] = {}
            for name, value in answer.getheaders():
                known = names.get(name.lower())
                names[name.lower()] = f"{known}, {value}" if known else value
            return answer.status, names, answer.read().decode()
        finally:
            connection.close()

    def _start_database(self) -> None:
        data = self._folder / "mariadb"
        user = ["--user=root"] if os.getuid() == 0 else []
        subprocess.run(
            ["mariadb-install-db", *user, f"--datadir={data}", "--auth-root-authentication-method=normal"],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        self._start(
            str(MARIADB), "--no-defaults", *user, f"--datadir={data}", f"--socket={self._socket}",
            "--skip-networking", f"--pid-file={self._folder / 'pid'}",
        )  # fmt: skip
        opened = f"( new PDO( 'mysql:unix_socket={self._socket}', 'root', '' ) )"
        code = f"{opened}->exec( 'CREATE DATABASE wp' );"
        self._wait(lambda: self.run(code))

    def _lay_site(self) -> None:
        shutil.copytree(WORDPRESS, self._site, symlinks=True)
        plugins = self._site / "wp-content/plugins"
        shutil.rmtree(self._site / "wp-content", ignore_errors=True)
        (plugins / "woocommerce").mkdir(parents=True)
        shutil.copytree(PLUGIN, plugins / "ripresa", ignore=shutil.ignore_patterns("tests"))
        shutil.copy(PLUGIN / "tests/stand-in.php", plugins / "woocommerce/woocommerce.php")
        (self._site / "wp-config.php").write_text(_CONFIG.format(socket=self._socket, url=self.url))

    def _start(self, *command: str) -> None:
        with (self._folder / "log").open("ab") as log:
            env = {**os.environ, "RIPRESA_PLUGIN": str(PLUGIN)}
            self._processes.append(subprocess.Popen(command, stdout=log, stderr=log, env=env))

    def _wait(self, is_there: Callable[[], object]) -> None:
        until = time.monotonic() + _START_SECONDS
        while True:
            try:
                is_there()
            except (OSError, AssertionError):
                if time.monotonic() > until or self._processes[-1].poll() is not None:
                    raise
                time.sleep(0.2)
            else:
                return
