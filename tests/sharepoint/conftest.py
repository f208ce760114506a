"""The provisioned site that the store's tests share, a copy for each module."""

from __future__ import annotations

from tests.provisioned import server, site, store, template

__all__ = ["server", "site", "store", "template"]
