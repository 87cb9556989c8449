package dev.facet.bench.load;

import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.FaceChoice;
import dev.facet.proto.type.v1.Image;
import dev.facet.proto.type.v1.Priority;
import dev.facet.proto.v1.CollectionServiceGrpc;
import dev.facet.proto.v1.CreateCollectionRequest;
import dev.facet.proto.v1.DropCollectionRequest;
import dev.facet.proto.v1.EnrollRequest;
import dev.facet.proto.v1.FaceServiceGrpc;
import dev.facet.proto.v1.Probe;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A collection for the time of a measurement, dropped when closed. */
final class ScratchCollection implements AutoCloseable {

  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final Connections gateway;
  private final String id =
      "load-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());

  /**
   * Creates it at the gateway.
   *
   * @param model its embedding model; the gateway's default when empty
   */
  ScratchCollection(Connections gateway, String model) {
    this.gateway = gateway;
    try {
      var _ =
          collections()
              .createCollection(
                  CreateCollectionRequest.newBuilder().setCollectionId(id).setModel(model).build());
    } catch (StatusRuntimeException e) {
      throw gateway.refused("a collection", e);
    }
  }

  String id() {
    return id;
  }

  /**
   * Stores the largest face of each photo.
   *
   * @return how many had one
   */
  int enroll(List<Image> photos, String detector) {
    int enrolled = 0;
    for (int i = 0; i < photos.size(); i++) {
      EnrollRequest request =
          EnrollRequest.newBuilder()
              .setCollectionId(id)
              .setSubjectId("photo-" + i)
              .setProbe(Probe.newBuilder().setImage(photos.get(i)))
              .setOptions(
                  DetectionOptions.newBuilder()
                      .setDetector(detector)
                      .setChoice(FaceChoice.FACE_CHOICE_LARGEST))
              .setPriority(Priority.PRIORITY_BULK)
              .build();
      try {
        var _ =
            FaceServiceGrpc.newBlockingStub(gateway.channel(i))
                .withDeadlineAfter(DEADLINE.toNanos(), TimeUnit.NANOSECONDS)
                .enroll(request);
        enrolled++;
      } catch (StatusRuntimeException e) {
        // A photo without a face, or none that is taken: it is sent all the same.
        if (e.getStatus().getCode() != Status.Code.INVALID_ARGUMENT
            && !Failure.of(e).reason().equals("NO_FACE")) {
          throw gateway.refused("an enrolment", e);
        }
      }
    }
    return enrolled;
  }

  @Override
  public void close() {
    // An interrupt may have brought us here; it must not keep the collection alive.
    boolean interrupted = Thread.interrupted();
    try {
      var _ =
          collections()
              .dropCollection(
                  DropCollectionRequest.newBuilder().setCollectionId(id).setForce(true).build());
    } catch (StatusRuntimeException e) {
      throw gateway.refused("the end of collection " + id, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private CollectionServiceGrpc.CollectionServiceBlockingStub collections() {
    return CollectionServiceGrpc.newBlockingStub(gateway.channel(0))
        .withDeadlineAfter(DEADLINE.toNanos(), TimeUnit.NANOSECONDS);
  }
}
