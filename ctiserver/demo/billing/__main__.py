"""`python -m ctiserver.demo.billing --port N`: runs the billing system until SIGTERM; its token is BILLING_TOKEN."""

from __future__ import annotations

import argparse
import os

from aiohttp import web

from ctiserver.demo.billing.server import Billing


def main() -> None:
    parser = argparse.ArgumentParser(prog="ctiserver.demo.billing", description="the demo's billing system")
    parser.add_argument("--port", type=int, required=True)
    port: int = parser.parse_args().port
    billing = Billing(os.environ.get("BILLING_TOKEN", ""))
    web.run_app(billing.app(), host="127.0.0.1", port=port, print=None, access_log=None)


if __name__ == "__main__":
    main()
