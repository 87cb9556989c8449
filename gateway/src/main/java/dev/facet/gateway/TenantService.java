package dev.facet.gateway;

import dev.facet.bootstrap.Refusal;
import dev.facet.bootstrap.RequestChecks;
import dev.facet.gateway.access.Caller;
import dev.facet.gateway.ledger.Tenant;
import dev.facet.gateway.ledger.Tenants;
import dev.facet.proto.v1.CreateTenantRequest;
import dev.facet.proto.v1.CreateTenantResponse;
import dev.facet.proto.v1.DeleteTenantRequest;
import dev.facet.proto.v1.DeleteTenantResponse;
import dev.facet.proto.v1.ListTenantsRequest;
import dev.facet.proto.v1.ListTenantsResponse;
import io.grpc.Status;
import java.util.UUID;

/** The operator's calls about tenants. */
final class TenantService {
  private final Tenants tenants;

  TenantService(Tenants tenants) {
    this.tenants = tenants;
  }

  CreateTenantResponse create(CreateTenantRequest request) {
    requireOperator();
    new RequestChecks()
        .optionalId("tenant_id", request.getTenantId())
        .text("display_name", request.getDisplayName())
        .done();
    String id =
        request.getTenantId().isEmpty() ? UUID.randomUUID().toString() : request.getTenantId();
    return CreateTenantResponse.newBuilder()
        .setTenant(AccessMessages.tenant(tenants.create(id, request.getDisplayName())))
        .build();
  }

  ListTenantsResponse list(ListTenantsRequest request) {
    requireOperator();
    RequestChecks checks = new RequestChecks();
    Page.check(checks, request.getPageSize());
    checks.done();
    PageTokens tokens = new PageTokens("tenants");
    String after = tokens.position(request.getPageToken());
    Page<Tenant> page =
        Page.read(request.getPageSize(), tokens, limit -> tenants.list(after, limit), Tenant::id);
    return ListTenantsResponse.newBuilder()
        .addAllTenants(page.items().stream().map(AccessMessages::tenant).toList())
        .setNextPageToken(page.nextToken())
        .build();
  }

  DeleteTenantResponse delete(DeleteTenantRequest request) {
    requireOperator();
    new RequestChecks().id("tenant_id", request.getTenantId()).done();
    if (request.getTenantId().equals(Caller.OPERATOR)) {
      throw denied("the operator's tenant cannot be deleted");
    }
    var _ = tenants.delete(request.getTenantId());
    return DeleteTenantResponse.getDefaultInstance();
  }

  /**
   * Refuses administrators of any tenant but the operator's.
   *
   * @throws Refusal PERMISSION_DENIED
   */
  static void requireOperator() {
    if (!Caller.current().isOperator()) {
      throw denied("this is for keys of the operator's tenant");
    }
  }

  static Refusal denied(String message) {
    return Refusal.of(Status.Code.PERMISSION_DENIED, "PERMISSION_DENIED", message);
  }
}
