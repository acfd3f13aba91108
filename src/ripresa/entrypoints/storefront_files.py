"""Where the script for shops and the demo shop are: in `storefront`, beside `src`."""

from pathlib import Path

_STOREFRONT = Path(__file__).resolve().parents[3] / "storefront"

SCRIPT = _STOREFRONT / "src" / "ripresa.js"
DEMO_SHOP = _STOREFRONT / "demo"
