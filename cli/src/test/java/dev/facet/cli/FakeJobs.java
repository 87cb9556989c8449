package dev.facet.cli;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import dev.facet.proto.v1.CancelOperationRequest;
import dev.facet.proto.v1.CancelOperationResponse;
import dev.facet.proto.v1.GetOperationRequest;
import dev.facet.proto.v1.GetOperationResponse;
import dev.facet.proto.v1.ListOperationsRequest;
import dev.facet.proto.v1.ListOperationsResponse;
import dev.facet.proto.v1.Operation;
import dev.facet.proto.v1.OperationServiceGrpc.OperationServiceImplBase;
import dev.facet.proto.v1.OperationState;
import dev.facet.proto.v1.WatchOperationRequest;
import dev.facet.proto.v1.WatchOperationResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** The long jobs of a fake gateway: they end, as a test has said, when they are watched. */
final class FakeJobs extends OperationServiceImplBase {
  private final Map<String, Operation> operations = new ConcurrentSkipListMap<>();
  private final List<Message> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch watched = new CountDownLatch(1);
  private volatile Operation end = Operation.getDefaultInstance();
  private volatile boolean endless;
  private volatile boolean cutOff;

  /** Every job ends well, with this result. */
  void result(Message result) {
    end =
        Operation.newBuilder()
            .setState(OperationState.OPERATION_STATE_SUCCEEDED)
            .setDoneItems(10)
            .setResult(Any.pack(result))
            .build();
  }

  /** Every job fails. */
  void fail(Status.Code code, String reason, String message) {
    end =
        Operation.newBuilder()
            .setState(OperationState.OPERATION_STATE_FAILED)
            .setError(
                com.google.rpc.Status.newBuilder()
                    .setCode(code.value())
                    .setMessage(message)
                    .addDetails(
                        Any.pack(
                            ErrorInfo.newBuilder()
                                .setReason(reason)
                                .setDomain("facet.dev")
                                .build())))
            .build();
  }

  /** No job ends. */
  void neverEnd() {
    endless = true;
  }

  /** The first who watches is cut off in the middle. */
  void cutOffOnce() {
    cutOff = true;
  }

  /** Returns when somebody watches. */
  void awaitWatcher() throws InterruptedException {
    watched.await();
  }

  /** The requests that began jobs. */
  List<Message> requests() {
    return requests;
  }

  Operation begin(Message request, String kind, String collection) {
    requests.add(request);
    String id = "job-%d".formatted(operations.size() + 1);
    Operation begun =
        Operation.newBuilder()
            .setOperationId(id)
            .setKind(kind)
            .setCollectionId(collection)
            .setState(OperationState.OPERATION_STATE_PENDING)
            .setRevision(1)
            .setTotalItems(10)
            .build();
    operations.put(id, begun);
    return begun;
  }

  private Operation find(String id) {
    Operation operation = operations.get(id);
    if (operation == null) {
      throw FakeGateway.refusal(
          Status.Code.NOT_FOUND, "OPERATION_NOT_FOUND", "there is no such operation");
    }
    return operation;
  }

  private Operation change(String id, Operation change) {
    Operation before = find(id);
    Operation after =
        before.toBuilder().mergeFrom(change).setRevision(before.getRevision() + 1).build();
    operations.put(id, after);
    return after;
  }

  @Override
  public void getOperation(GetOperationRequest request, StreamObserver<GetOperationResponse> to) {
    FakeGateway.reply(
        to,
        () ->
            GetOperationResponse.newBuilder().setOperation(find(request.getOperationId())).build());
  }

  @Override
  public void listOperations(
      ListOperationsRequest request, StreamObserver<ListOperationsResponse> to) {
    FakeGateway.reply(
        to,
        () -> ListOperationsResponse.newBuilder().addAllOperations(operations.values()).build());
  }

  @Override
  public void cancelOperation(
      CancelOperationRequest request, StreamObserver<CancelOperationResponse> to) {
    FakeGateway.reply(
        to,
        () ->
            CancelOperationResponse.newBuilder()
                .setOperation(
                    change(
                        request.getOperationId(),
                        Operation.newBuilder()
                            .setState(OperationState.OPERATION_STATE_CANCELLED)
                            .build()))
                .build());
  }

  @Override
  public void watchOperation(
      WatchOperationRequest request, StreamObserver<WatchOperationResponse> to) {
    String id = request.getOperationId();
    Operation running =
        change(
            id,
            Operation.newBuilder()
                .setState(OperationState.OPERATION_STATE_RUNNING)
                .setDoneItems(5)
                .build());
    to.onNext(WatchOperationResponse.newBuilder().setOperation(running).build());
    watched.countDown();
    if (cutOff) {
      cutOff = false;
      to.onError(Status.UNAVAILABLE.asRuntimeException());
    } else if (!endless) {
      to.onNext(WatchOperationResponse.newBuilder().setOperation(change(id, end)).build());
      to.onCompleted();
    }
  }
}
