package dev.facet.cli;

import dev.facet.proto.v1.CreateTenantRequest;
import dev.facet.proto.v1.DeleteTenantRequest;
import dev.facet.proto.v1.Tenant;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Creates, lists and deletes tenants. */
@Command(
    name = "tenants",
    header = "Create, list and delete tenants.",
    synopsisSubcommandLabel = "COMMAND")
final class AdminTenantsCommand {

  @Command(name = "create", header = "Create a tenant, which has no key yet.")
  int create(
      @Parameters(paramLabel = "ID", description = "1 to 64 of A-Z a-z 0-9 . _ -") String id,
      @Option(
              names = "--name",
              paramLabel = "NAME",
              defaultValue = "",
              description = "The name to show.")
          String name,
      @Mixin GatewayOptions gateway,
      @Mixin Console console) {
    CreateTenantRequest request =
        CreateTenantRequest.newBuilder().setTenantId(id).setDisplayName(name).build();
    try (GatewayClient client = gateway.connect()) {
      Tenant tenant = client.admin(stub -> stub.createTenant(request)).getTenant();
      if (console.json()) {
        console.document(tenant);
      } else {
        console.line("created  %s", tenant.getTenantId());
      }
    }
    return ExitCode.OK;
  }

  @Command(name = "list", header = "List the tenants.")
  int list(@Mixin GatewayOptions gateway, @Mixin Console console) {
    try (GatewayClient client = gateway.connect()) {
      List<Tenant> tenants = new Pages(client).tenants();
      if (console.json()) {
        console.document(Map.of("tenants", tenants.stream().map(Console::element).toList()));
      } else {
        tenants.forEach(
            tenant -> console.line("%s  %s", tenant.getTenantId(), tenant.getDisplayName()));
      }
    }
    return ExitCode.OK;
  }

  @Command(name = "delete", header = "Delete a tenant with all it holds: collections, faces, keys.")
  int delete(
      @Parameters(paramLabel = "ID", description = "The tenant.") String id,
      @Option(names = "--yes", required = true, description = "There is no way back.") boolean yes,
      @Mixin GatewayOptions gateway,
      @Mixin Console console) {
    try (GatewayClient client = gateway.connect()) {
      client.admin(
          stub -> stub.deleteTenant(DeleteTenantRequest.newBuilder().setTenantId(id).build()));
      if (console.json()) {
        console.document(Map.of("deleted", id));
      } else {
        console.line("deleted  %s", id);
      }
    }
    return ExitCode.OK;
  }
}
