package dev.facet.cli;

import dev.facet.proto.detector.v1.DetectorServiceGrpc;
import dev.facet.proto.detector.v1.DetectorServiceGrpc.DetectorServiceBlockingStub;
import dev.facet.proto.embedder.v1.EmbedderServiceGrpc;
import dev.facet.proto.embedder.v1.EmbedderServiceGrpc.EmbedderServiceBlockingStub;
import dev.facet.proto.type.v1.ModelId;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractBlockingStub;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A detector or an embedder, asked for its models. */
final class ModelServer implements AutoCloseable {

  private final String address;
  private final Duration timeout;
  private final ManagedChannel channel;
  private final boolean detector;

  /** What a service has; the memory is of the whole process, 0 where the system does not tell. */
  record Served(long processBytes, List<ServedVersion> models) {}

  private ModelServer(String address, Duration timeout, ManagedChannel channel) {
    this.address = address;
    this.timeout = timeout;
    this.channel = channel;
    this.detector = !knows(this::embedderModels);
    if (detector && !knows(this::detectorModels)) {
      throw new CommandFailure(
          ExitCode.USAGE, "who answers at " + address + " is neither a detector nor an embedder");
    }
  }

  /**
   * Finds out which service it is.
   *
   * @param options how it is called
   * @param timeout longest wait for one answer
   * @throws CommandFailure when it is none, or cannot be reached
   */
  static ModelServer connect(String address, ModelServiceChannel options, Duration timeout) {
    ManagedChannel channel = options.to(address).build();
    try {
      return new ModelServer(address, timeout, channel);
    } catch (RuntimeException e) {
      channel.shutdownNow();
      throw e;
    }
  }

  Served served() {
    return detector ? detectorModels() : embedderModels();
  }

  ServedVersion load(String name, boolean keepPrevious, boolean makeDefault) {
    if (detector) {
      var request =
          dev.facet.proto.detector.v1.LoadModelRequest.newBuilder()
              .setName(name)
              .setKeepPrevious(keepPrevious)
              .setMakeDefault(makeDefault)
              .build();
      return ServedVersion.of(call(detector(), stub -> stub.loadModel(request)).getModel());
    }
    var request =
        dev.facet.proto.embedder.v1.LoadModelRequest.newBuilder()
            .setName(name)
            .setKeepPrevious(keepPrevious)
            .setMakeDefault(makeDefault)
            .build();
    return ServedVersion.of(call(embedder(), stub -> stub.loadModel(request)).getModel());
  }

  /** The version that was closed. */
  ModelId unload(String name) {
    if (detector) {
      var request =
          dev.facet.proto.detector.v1.UnloadModelRequest.newBuilder().setName(name).build();
      return call(detector(), stub -> stub.unloadModel(request)).getModel();
    }
    var request = dev.facet.proto.embedder.v1.UnloadModelRequest.newBuilder().setName(name).build();
    return call(embedder(), stub -> stub.unloadModel(request)).getModel();
  }

  private Served detectorModels() {
    var request = dev.facet.proto.detector.v1.GetModelsRequest.getDefaultInstance();
    var response = call(detector(), stub -> stub.getModels(request));
    return new Served(
        response.getProcessBytes(),
        response.getModelsList().stream().map(ServedVersion::of).toList());
  }

  private Served embedderModels() {
    var request = dev.facet.proto.embedder.v1.GetModelsRequest.getDefaultInstance();
    var response = call(embedder(), stub -> stub.getModels(request));
    return new Served(
        response.getProcessBytes(),
        response.getModelsList().stream().map(ServedVersion::of).toList());
  }

  private DetectorServiceBlockingStub detector() {
    return DetectorServiceGrpc.newBlockingStub(channel);
  }

  private EmbedderServiceBlockingStub embedder() {
    return EmbedderServiceGrpc.newBlockingStub(channel);
  }

  private boolean knows(Runnable question) {
    try {
      question.run();
      return true;
    } catch (GatewayFailure failure) {
      if (failure.code() == Status.Code.UNIMPLEMENTED) {
        return false;
      }
      throw failure;
    }
  }

  private <S extends AbstractBlockingStub<S>, R> R call(S stub, Function<S, R> call) {
    try {
      return call.apply(stub.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS));
    } catch (StatusRuntimeException e) {
      throw GatewayFailure.ofServer(e, "the service at " + address);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
