package dev.facet.cli;

import picocli.CommandLine.Command;

/** Tenants, keys and the audit log of a gateway. */
@Command(
    name = "admin",
    header = "Tenants, their keys, and the record of what was done.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {AdminTenantsCommand.class, AdminKeysCommand.class, AdminAuditCommand.class},
    footer = {
      "",
      "Needs a key with the scope admin where the gateway demands keys. Keys of the tenant 'default',",
      "the operator's, administer all tenants; those of another tenant its own keys alone.",
      "",
      "Examples:",
      "  facet admin tenants create acme --name 'Acme Ltd'",
      "  facet admin keys create --tenant acme --scopes search,enroll --expires 90d --out acme.key",
      "  facet admin keys rotate 5f0c1e9a77b3d204 --tenant acme --overlap 7d --out acme.key",
      "  facet admin audit --verify"
    })
final class AdminCommand {}
