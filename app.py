"""The front door: `python3 app.py` runs the product, and a web server finds `create_app` here."""

import sys

if __name__ == "__main__":
    # Nothing may be installed yet, so this way in touches only the standard library.
    from hackathon.porch.commands import main

    sys.exit(main(sys.argv[1:]))
else:
    from hackathon.factory import create_app

    __all__ = ["create_app"]
