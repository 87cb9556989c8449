package dev.facet.bootstrap;

import io.grpc.HandlerRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The methods of a host: none while it warms up, when every call is told to come again. */
final class CallRegistry extends HandlerRegistry {
  private volatile @Nullable Offer offer;

  private record Offer(
      List<ServerServiceDefinition> services, Map<String, ServerMethodDefinition<?, ?>> methods) {}

  void offer(List<ServerServiceDefinition> services) {
    Map<String, ServerMethodDefinition<?, ?>> methods = new HashMap<>();
    for (ServerServiceDefinition service : services) {
      for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
        methods.put(method.getMethodDescriptor().getFullMethodName(), method);
      }
    }
    offer = new Offer(List.copyOf(services), methods);
  }

  @Override
  public List<ServerServiceDefinition> getServices() {
    Offer current = offer;
    return current == null ? List.of() : current.services();
  }

  @Override
  public @Nullable ServerMethodDefinition<?, ?> lookupMethod(
      String name, @Nullable String authority) {
    Offer current = offer;
    return current == null ? warming() : current.methods().get(name);
  }

  /** Has the metrics' name for methods not known, since none is known yet. */
  private static ServerMethodDefinition<InputStream, InputStream> warming() {
    return ServerMethodDefinition.create(
        MethodDescriptor.newBuilder(MessageSizeInterceptor.BYTES, MessageSizeInterceptor.BYTES)
            .setType(MethodDescriptor.MethodType.UNKNOWN)
            .setFullMethodName(CallMetrics.OTHER)
            .build(),
        (call, headers) -> {
          Refusal refusal =
              Refusal.of(
                  Status.Code.UNAVAILABLE, "MODEL_NOT_READY", "the service is still warming up");
          call.close(
              Status.UNAVAILABLE.withDescription(refusal.message()), RefusalWire.trailers(refusal));
          return new ServerCall.Listener<>() {};
        });
  }
}
