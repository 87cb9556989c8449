package dev.facet.gateway;

import dev.facet.proto.v1.AdminServiceGrpc;
import dev.facet.proto.v1.AdminServiceGrpc.AdminServiceBlockingStub;
import dev.facet.proto.v1.CollectionServiceGrpc;
import dev.facet.proto.v1.CollectionServiceGrpc.CollectionServiceBlockingStub;
import dev.facet.proto.v1.FaceServiceGrpc;
import dev.facet.proto.v1.FaceServiceGrpc.FaceServiceBlockingStub;
import dev.facet.proto.v1.OperationServiceGrpc;
import dev.facet.proto.v1.OperationServiceGrpc.OperationServiceBlockingStub;
import io.grpc.Channel;
import java.time.Duration;

/** The services of a gateway, by way of a channel to it. */
interface GatewayCalls {
  Channel channel();

  /** Deadline of every call. */
  default Duration patience() {
    return Duration.ofSeconds(30);
  }

  default FaceServiceBlockingStub faces() {
    return FaceServiceGrpc.newBlockingStub(channel()).withDeadlineAfter(patience());
  }

  default CollectionServiceBlockingStub collections() {
    return CollectionServiceGrpc.newBlockingStub(channel()).withDeadlineAfter(patience());
  }

  default OperationServiceBlockingStub operations() {
    return OperationServiceGrpc.newBlockingStub(channel()).withDeadlineAfter(patience());
  }

  default AdminServiceBlockingStub admin() {
    return AdminServiceGrpc.newBlockingStub(channel()).withDeadlineAfter(patience());
  }
}
