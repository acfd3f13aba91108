"""What every test shares. Database tests run on the embedded PostgreSQL, cloned for each xdist worker."""

import os
import tempfile

os.environ.setdefault("RIPRESA_HOME", tempfile.mkdtemp(prefix="ripresa-test-home-"))
