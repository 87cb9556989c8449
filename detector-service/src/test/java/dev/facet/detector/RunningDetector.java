package dev.facet.detector;

import dev.facet.bootstrap.ServiceHost;
import dev.facet.bootstrap.Settings;
import dev.facet.detector.image.Decoder;
import dev.facet.proto.detector.v1.DetectorServiceGrpc;
import dev.facet.proto.detector.v1.DetectorServiceGrpc.DetectorServiceBlockingStub;
import dev.facet.serving.ModelsInService;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.ArrayList;
import java.util.List;

/** The detector as its main class puts it together, on free ports of loopback, with a channel. */
final class RunningDetector implements AutoCloseable {
  private static final int LARGEST_ANSWER_BYTES = 64 << 20;

  private final ServiceHost host;
  private final ModelsInService<FaceDetector> detectors;
  private final ManagedChannel channel;

  private RunningDetector(
      ServiceHost host, ModelsInService<FaceDetector> detectors, ManagedChannel channel) {
    this.host = host;
    this.detectors = detectors;
    this.channel = channel;
  }

  /** Starts it with real weights; where those are not, the test is skipped. */
  static RunningDetector start(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "grpc.port=0",
                "admin.port=0",
                "drain.delay=0s",
                "models.mirror=" + Shared.folder("models")));
    arguments.addAll(List.of(more));
    DetectorSettings settings =
        Settings.load(DetectorSettings.class, arguments.toArray(String[]::new));
    ServiceHost host = ServiceHost.open("detector", settings.server());
    ModelsInService<FaceDetector> detectors = Detectors.load(settings, host.meters());
    FaceFinder finder =
        new FaceFinder(new Decoder(settings.decode(), settings.image(), host.meters()));
    host.serve(
        DetectorErrors.TABLE,
        new DetectorService(detectors, finder, settings.onnx().provider(), DetectorErrors.TABLE));
    return new RunningDetector(
        host,
        detectors,
        NettyChannelBuilder.forAddress("127.0.0.1", host.grpcPort())
            .usePlaintext()
            .maxInboundMessageSize(LARGEST_ANSWER_BYTES)
            .build());
  }

  /** Where it counts and times. */
  ServiceHost host() {
    return host;
  }

  ManagedChannel channel() {
    return channel;
  }

  DetectorServiceBlockingStub stub() {
    return DetectorServiceGrpc.newBlockingStub(channel);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    detectors.close();
    host.close();
  }
}
