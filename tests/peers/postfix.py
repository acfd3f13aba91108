"""Postfix from Debian on loopback, as a relay: it takes mail over TLS, and bounces what nobody wants.

    with Postfix(certificate, routes={"people.test": "smtp:[127.0.0.1]:2525"}) as postfix:
        postfix.port

An instance of its own: its configuration, queue and data lie in a new folder; it ends with its master.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

HOST = "127.0.0.1"
# Its master gives up root for each of its parts, so it has to begin as root.
IS_THERE = os.geteuid() == 0 and Path("/usr/sbin/postfix").exists()
PATIENCE = 60.0

_MAIN = """
compatibility_level = 3.6
config_directory = {folder}/conf
queue_directory = {folder}/queue
data_directory = {folder}/data
mail_owner = postfix
setgid_group = postdrop
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
myhostname = relay.test
mydestination =
alias_maps =
inet_interfaces = {host}
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = encrypt
transport_maps = inline:{{ {routes} }}
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
"""
_MASTER = """
{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def free_port() -> int:
    """A port of loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def wait_for_port(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Until somebody listens there; fails if the process ends before, or nobody ever does."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, f"it ended with {process.returncode}"
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError(f"nobody listens at port {port}")


class Postfix:
    """A relay. `certificate` and `key` are PEM files; `routes` says where mail of a domain goes."""

    def __init__(self, certificate: Path, key: Path, routes: Mapping[str, str]) -> None:
        self.port = free_port()
        # Not pytest's own folder: that is root's alone, and its path too long for a socket.
        self.folder = Path(tempfile.mkdtemp(prefix="rp-postfix-"))
        self._certificate, self._key, self._routes = certificate, key, routes
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.folder.chmod(0o755)
        conf = self.folder / "conf"
        conf.mkdir()
        for name in ("queue", "data"):
            (self.folder / name).mkdir()
        shutil.chown(self.folder / "data", "postfix")
        routes = ", ".join(f"{{ {domain} = {to} }}" for domain, to in self._routes.items())
        for name, file in (("cert", self._certificate), ("key", self._key)):
            shutil.copy(file, self.folder / f"{name}.pem")
        conf.joinpath("main.cf").write_text(
            _MAIN.format(
                folder=self.folder,
                host=HOST,
                certificate=self.folder / "cert.pem",
                key=self.folder / "key.pem",
                routes=routes,
            )
        )
        conf.joinpath("master.cf").write_text(_MASTER.format(port=self.port))
        self._postfix("check")
        self._process = subprocess.Popen(
            ["/usr/sbin/postfix", "-c", conf, "start-fg"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for_port(self.port, self._process)
        return self

    def __exit__(self, *_wrong: object) -> None:
        if self._process is not None:
            self._postfix("stop")
            self._process.wait(timeout=PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)

    def flush(self) -> None:
        """Try at once what waits."""
        self._postfix("flush")

    @property
    def log(self) -> str:
        """What it has said so far."""
        file = self.folder / "log"
        return file.read_text() if file.exists() else ""

    def _postfix(self, what: str) -> None:
        subprocess.run(
            ["/usr/sbin/postfix", "-c", self.folder / "conf", what],
            check=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=PATIENCE,
        )
