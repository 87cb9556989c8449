package dev.facet.bootstrap;

import com.google.protobuf.BytesValue;
import com.google.protobuf.Message;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.util.function.UnaryOperator;

/** A service of one unary method whose handler is a function given by the test. */
record EchoService(UnaryOperator<BytesValue> handler) implements BindableService {
  static final String NAME = "facet.test.Echo";
  static final MethodDescriptor<BytesValue, BytesValue> ECHO = method("Echo");

  static MethodDescriptor<BytesValue, BytesValue> method(String name) {
    return MethodDescriptor.newBuilder(marshaller(), marshaller())
        .setType(MethodType.UNARY)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(NAME, name))
        .build();
  }

  private static MethodDescriptor.Marshaller<BytesValue> marshaller() {
    return ProtoUtils.marshaller(BytesValue.getDefaultInstance());
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(NAME)
        .addMethod(
            ECHO,
            ServerCalls.asyncUnaryCall(
                (request, observer) -> Unary.answer(observer, () -> handler.apply(request))))
        .build();
  }

  static BytesValue call(Channel channel, BytesValue request) {
    return call(channel, ECHO, CallOptions.DEFAULT, request);
  }

  static <T extends Message> T call(
      Channel channel, MethodDescriptor<T, T> method, CallOptions options, T request) {
    return ClientCalls.blockingUnaryCall(channel, method, options, request);
  }
}
