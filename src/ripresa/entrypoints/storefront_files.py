"""Where the script for shops and the demo shop are.

The scripts lie in `storefront`, beside `src`; links here bring them into the package, so that an install
serves them as well. The demo shop stays where it is: the demo runs from a checkout.
"""

from pathlib import Path

SCRIPT = Path(__file__).with_name("ripresa.js").resolve()
POPUP = Path(__file__).with_name("popup.js").resolve()
DEMO_SHOP = Path(__file__).resolve().parents[3] / "storefront" / "demo"
