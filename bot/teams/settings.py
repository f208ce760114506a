"""What an operator decides about the Teams edge."""

from __future__ import annotations

from dataclasses import dataclass

from bot.teams.hosts import ServiceHosts

OPENID_METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"


@dataclass(frozen=True, slots=True)
class EdgeSettings:
    """An empty `app_id` turns authentication off: then only loopback callers and services are served.

    `allowed_tenants` are Entra tenant ids; when empty and an app id is set, `tenant_id` is the only one allowed.
    `allowed_service_hosts` adds host names to Teams' own; `body_limit` is in bytes, `body_seconds` in seconds.
    `sender_per_minute` is how many turns one sender may keep up; 0 bounds nobody.
    """

    app_id: str = ""
    tenant_id: str = ""
    allowed_tenants: frozenset[str] = frozenset()
    allowed_service_hosts: frozenset[str] = frozenset()
    openid_metadata_url: str = OPENID_METADATA
    body_limit: int = 256 * 1024
    body_seconds: float = 10.0
    sender_per_minute: float = 0.0

    @property
    def authenticated(self) -> bool:
        """Whether callers must bring a token."""
        return bool(self.app_id)

    def hosts(self) -> ServiceHosts:
        """The rule for service URLs, to be shared by the edge and the channel."""
        extra = frozenset(host.lower() for host in self.allowed_service_hosts)
        return ServiceHosts(extra, loopback_only=not self.authenticated)

    def tenants(self) -> frozenset[str]:
        """The tenants that may speak to the bot; empty means any."""
        allowed = self.allowed_tenants
        if not allowed and self.authenticated and self.tenant_id:
            allowed = frozenset({self.tenant_id})
        return frozenset(tenant.lower() for tenant in allowed)
