"""What Granian serves in the tests of the intake: the real application, patience shortened on request."""

import os

from ripresa.core.clock import WALL
from ripresa.intake import room
from ripresa.intake.app import IntakeApp

room.BODY_SECONDS = float(os.environ.get("INTAKE_BODY_SECONDS", room.BODY_SECONDS))
app = IntakeApp(os.environ["INTAKE_DATABASE_URL"], WALL, "a secret for tests only")
