"""Dovecot from Debian on loopback, as an IMAP server with one user.

    with Dovecot(certificate, key) as dovecot:
        dovecot.port, dovecot.tls_port, dovecot.USER, dovecot.PASSWORD

Everything lives in a new folder, on ports that were free a moment ago; it ends with its master.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Self

from tests.peers.postfix import HOST, PATIENCE, free_port, wait_for_port

IS_THERE = os.geteuid() == 0 and Path("/usr/lib/dovecot/imap").exists()

_CONF = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = {host}
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 1
default_internal_user = dovecot
default_login_user = dovenull
passdb {{
  driver = static
  args = user={name} password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""


class Dovecot:
    """An IMAP server. `certificate` and `key` are PEM files."""

    USER = "post"
    PASSWORD = "geheim"

    def __init__(self, certificate: Path, key: Path) -> None:
        self.port, self.tls_port = free_port(), free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="rp-dovecot-"))
        self._certificate, self._key = certificate, key
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        owner = pwd.getpwnam("mail")
        self.folder.chmod(0o755)
        (self.folder / "mail").mkdir()
        shutil.chown(self.folder / "mail", owner.pw_uid, owner.pw_gid)
        for name, file in (("cert", self._certificate), ("key", self._key)):
            shutil.copy(file, self.folder / f"{name}.pem")
        conf = self.folder / "dovecot.conf"
        conf.write_text(
            _CONF.format(
                folder=self.folder,
                host=HOST,
                user=owner.pw_uid,
                group=owner.pw_gid,
                name=self.USER,
                password=self.PASSWORD,
                port=self.port,
                tls_port=self.tls_port,
            )
        )
        self._process = subprocess.Popen(
            ["/usr/sbin/dovecot", "-F", "-c", conf],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for_port(self.port, self._process)
        return self

    def __exit__(self, *_wrong: object) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)
