package dev.facet.gateway;

import dev.facet.bootstrap.RequestChecks;
import dev.facet.gateway.access.Caller;
import dev.facet.gateway.ledger.AuditHead;
import dev.facet.gateway.ledger.AuditLog;
import dev.facet.gateway.ledger.AuditRecord;
import dev.facet.proto.v1.ListAuditRecordsRequest;
import dev.facet.proto.v1.ListAuditRecordsResponse;
import java.util.Optional;

/** The call that reads the audit log: all of it for the operator, the own part for others. */
final class AuditService {
  private final AuditLog audit;

  AuditService(AuditLog audit) {
    this.audit = audit;
  }

  ListAuditRecordsResponse list(ListAuditRecordsRequest request) {
    RequestChecks checks = new RequestChecks();
    Page.check(checks, request.getPageSize());
    checks.expect(request.getAfterNumber() >= 0, "after_number", "must be below 2^63");
    checks.done();
    Caller caller = Caller.current();
    Optional<String> tenant = caller.isOperator() ? Optional.empty() : Optional.of(caller.tenant());
    PageTokens tokens = new PageTokens("audit " + tenant.orElse("*"));
    long after = Math.max(request.getAfterNumber(), tokens.number(request.getPageToken()));
    // The head first: what is added while reading is then not taken for missing.
    AuditHead head = audit.head();
    Page<AuditRecord> page =
        Page.read(
            request.getPageSize(),
            tokens,
            limit -> audit.list(tenant, after, limit),
            record -> Long.toString(record.number()));
    ListAuditRecordsResponse.Builder response =
        ListAuditRecordsResponse.newBuilder()
            .addAllRecords(page.items().stream().map(AccessMessages::record).toList())
            .setNextPageToken(page.nextToken());
    if (caller.isOperator()) {
      response.setHead(AccessMessages.head(head));
    }
    return response.build();
  }
}
