"""All routes of the desk."""

from __future__ import annotations

from ctiserver.api.desk import (
    colleague_routes,
    customer_routes,
    inspection_routes,
    knowledge_routes,
    order_routes,
    setting_routes,
)
from ctiserver.api.route import Route

ROUTES: tuple[Route, ...] = (
    *order_routes.ROUTES,
    *customer_routes.ROUTES,
    *knowledge_routes.ROUTES,
    *colleague_routes.ROUTES,
    *inspection_routes.ROUTES,
    *setting_routes.ROUTES,
)
