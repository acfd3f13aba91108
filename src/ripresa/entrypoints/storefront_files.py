"""Where the script for shops and the demo shop are.

The script lies in `storefront`, beside `src`; a link here brings it into the package, so that an install
serves it as well. The demo shop stays where it is: the demo runs from a checkout.
"""

from pathlib import Path

SCRIPT = Path(__file__).with_name("ripresa.js").resolve()
DEMO_SHOP = Path(__file__).resolve().parents[3] / "storefront" / "demo"
