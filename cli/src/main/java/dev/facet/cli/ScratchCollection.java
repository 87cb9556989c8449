package dev.facet.cli;

import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.Image;
import dev.facet.proto.type.v1.Priority;
import dev.facet.proto.v1.Collection;
import dev.facet.proto.v1.CreateCollectionRequest;
import dev.facet.proto.v1.DropCollectionRequest;
import dev.facet.proto.v1.EnrollRequest;
import dev.facet.proto.v1.IdentifiedFace;
import dev.facet.proto.v1.IdentifyRequest;
import dev.facet.proto.v1.Probe;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A collection for a measurement, dropped when closed. Of every photo the most central face counts.
 */
final class ScratchCollection implements AutoCloseable {

  private final GatewayClient client;
  private final DetectionOptions options;
  private final Collection collection;

  /**
   * Creates it at the gateway.
   *
   * @param name start of its id; something random follows
   * @param model its embedding model; the gateway's default when empty
   * @param finding how faces are found in all photos
   */
  ScratchCollection(GatewayClient client, String name, String model, FindingOptions finding) {
    this.client = client;
    this.options = finding.about(FaceChoiceOption.CENTRAL);
    String id = name + "-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    CreateCollectionRequest request =
        CreateCollectionRequest.newBuilder().setCollectionId(id).setModel(model).build();
    this.collection = client.collections(stub -> stub.createCollection(request)).getCollection();
  }

  String model() {
    return collection.getModel().getName();
  }

  /** Squared distance up to which two faces are one person here. */
  double threshold() {
    return collection.getMatchThreshold();
  }

  /** Stores the face of a photo; false when none was found. */
  boolean enroll(Path photo, String person) {
    SubjectName subject = SubjectName.of(person);
    return client
        .face(
            stub ->
                stub.enroll(
                    EnrollRequest.newBuilder()
                        .setCollectionId(collection.getCollectionId())
                        .setSubjectId(subject.id())
                        .setDisplayName(subject.displayName())
                        .setProbe(Photos.probe(photo))
                        .setOptions(options)
                        .setPriority(Priority.PRIORITY_BULK)
                        .build()))
        .isPresent();
  }

  /** Who a photo shows; empty when no face was found. */
  Optional<IdentifiedFace> identify(Image photo) {
    return client
        .face(
            stub ->
                stub.identify(
                    IdentifyRequest.newBuilder()
                        .setCollectionId(collection.getCollectionId())
                        .setProbe(Probe.newBuilder().setImage(photo))
                        .setOptions(options)
                        .build()))
        .flatMap(response -> response.getFacesList().stream().findFirst());
  }

  @Override
  public void close() {
    // An interrupt may have brought us here; it must not keep the collection alive.
    boolean interrupted = Thread.interrupted();
    client.collections(
        stub ->
            stub.dropCollection(
                DropCollectionRequest.newBuilder()
                    .setCollectionId(collection.getCollectionId())
                    .setForce(true)
                    .build()));
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
