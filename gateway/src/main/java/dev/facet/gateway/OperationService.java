package dev.facet.gateway;

import dev.facet.bootstrap.CurrentCall;
import dev.facet.bootstrap.Refusal;
import dev.facet.bootstrap.RequestChecks;
import dev.facet.bootstrap.Unary;
import dev.facet.gateway.ledger.Operation;
import dev.facet.gateway.ledger.Operations;
import dev.facet.proto.v1.CancelOperationRequest;
import dev.facet.proto.v1.CancelOperationResponse;
import dev.facet.proto.v1.GetOperationRequest;
import dev.facet.proto.v1.GetOperationResponse;
import dev.facet.proto.v1.ListOperationsRequest;
import dev.facet.proto.v1.ListOperationsResponse;
import dev.facet.proto.v1.OperationServiceGrpc;
import dev.facet.proto.v1.WatchOperationRequest;
import dev.facet.proto.v1.WatchOperationResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** The long jobs of all gateways, as the ledger knows them. */
final class OperationService extends OperationServiceGrpc.OperationServiceImplBase {
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final Operations operations;
  private final BooleanSupplier ending;

  /**
   * Answers for all gateways' jobs.
   *
   * @param ending whether watchers must go elsewhere
   */
  OperationService(Operations operations, BooleanSupplier ending) {
    this.operations = operations;
    this.ending = ending;
  }

  @Override
  public void getOperation(
      GetOperationRequest request, StreamObserver<GetOperationResponse> observer) {
    Unary.answer(
        observer,
        () ->
            GetOperationResponse.newBuilder()
                .setOperation(OperationMessages.operation(checked(request.getOperationId())))
                .build());
  }

  @Override
  public void listOperations(
      ListOperationsRequest request, StreamObserver<ListOperationsResponse> observer) {
    Unary.answer(observer, () -> list(request));
  }

  @Override
  public void watchOperation(
      WatchOperationRequest request, StreamObserver<WatchOperationResponse> observer) {
    long seen = request.getAfterRevision();
    while (true) {
      Operation operation = checked(request.getOperationId());
      if (Long.compareUnsigned(operation.revision(), seen) > 0) {
        seen = operation.revision();
        observer.onNext(
            WatchOperationResponse.newBuilder()
                .setOperation(OperationMessages.operation(operation))
                .build());
      }
      if (operation.state().done()) {
        observer.onCompleted();
        return;
      }
      if (ending.getAsBoolean()) {
        throw Refusal.of(
            Status.Code.UNAVAILABLE,
            "SHUTTING_DOWN",
            "this gateway ends; another goes on from the last revision");
      }
      rest();
    }
  }

  /** The job may run in another gateway, whose commits wake nobody here. */
  private static void rest() {
    CurrentCall.awaitInterruptibly(
        () -> {
          Thread.sleep(LOOK_EVERY);
          return true;
        });
    CurrentCall.requireWanted();
  }

  @Override
  public void cancelOperation(
      CancelOperationRequest request, StreamObserver<CancelOperationResponse> observer) {
    Unary.answer(observer, () -> cancel(request));
  }

  private ListOperationsResponse list(ListOperationsRequest request) {
    RequestChecks checks = new RequestChecks();
    Page.check(checks, request.getPageSize());
    checks.done();
    PageTokens tokens = new PageTokens("operations " + CurrentTenant.id());
    String before = tokens.position(request.getPageToken());
    Page<Operation> page =
        Page.read(
            request.getPageSize(),
            tokens,
            limit -> operations.list(CurrentTenant.id(), before, limit),
            Operation::id);
    return ListOperationsResponse.newBuilder()
        .addAllOperations(page.items().stream().map(OperationMessages::operation).toList())
        .setNextPageToken(page.nextToken())
        .build();
  }

  private CancelOperationResponse cancel(CancelOperationRequest request) {
    requireId(request.getOperationId());
    return CancelOperationResponse.newBuilder()
        .setOperation(
            OperationMessages.operation(
                operations.cancel(CurrentTenant.id(), request.getOperationId())))
        .build();
  }

  private Operation checked(String operationId) {
    requireId(operationId);
    return operations.find(CurrentTenant.id(), operationId).orElseThrow(NotFound::operation);
  }

  private static void requireId(String operationId) {
    new RequestChecks().id("operation_id", operationId).done();
  }
}
