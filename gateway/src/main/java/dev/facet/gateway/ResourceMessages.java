package dev.facet.gateway;

import com.google.protobuf.Timestamp;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.ModelId;
import dev.facet.proto.v1.Collection;
import dev.facet.proto.v1.Face;
import dev.facet.proto.v1.RetentionPolicy;
import dev.facet.proto.v1.Subject;
import java.time.Duration;
import java.time.Instant;

/** Collections, subjects and faces as the contract's resources. */
final class ResourceMessages {
  private ResourceMessages() {}

  static Collection collection(FaceCollection collection) {
    Collection.Builder message =
        Collection.newBuilder()
            .setCollectionId(collection.key().collectionId())
            .setDisplayName(collection.details().displayName())
            .setModel(ModelMessages.id(collection.model()))
            .setMatchThreshold(collection.details().matchThreshold())
            .setMetadata(MetadataMessages.struct(collection.details().metadata()))
            .setCreateTime(timestamp(collection.created()))
            .setUpdateTime(timestamp(collection.updated()));
    collection.details().faceTtl().ifPresent(ttl -> message.setRetention(retention(ttl)));
    return message.build();
  }

  static Subject subject(FaceCollection collection, dev.facet.gateway.ledger.Subject subject) {
    return Subject.newBuilder()
        .setCollectionId(collection.key().collectionId())
        .setSubjectId(subject.subjectId())
        .setDisplayName(shownName(subject.details().displayName(), subject.subjectId()))
        .setExternalId(subject.details().externalId())
        .setMetadata(MetadataMessages.struct(subject.details().metadata()))
        .setFaceCount(subject.faceCount())
        .setCreateTime(timestamp(subject.created()))
        .setUpdateTime(timestamp(subject.updated()))
        .build();
  }

  static Face face(FaceCollection collection, dev.facet.gateway.ledger.Face face) {
    ModelId model = collection.model();
    return Face.newBuilder()
        .setCollectionId(collection.key().collectionId())
        .setFaceId(face.faceId())
        .setSubjectId(face.subjectId())
        .setExternalId(face.details().externalId())
        .setMetadata(MetadataMessages.struct(face.details().metadata()))
        .setImageKept(face.chip().isPresent())
        .setModel(ModelMessages.id(model))
        .setCreateTime(timestamp(face.created()))
        .setUpdateTime(timestamp(face.updated()))
        .build();
  }

  /** A subject without a name is shown by its id. */
  static String shownName(String displayName, String subjectId) {
    return displayName.isEmpty() ? subjectId : displayName;
  }

  static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  private static RetentionPolicy retention(Duration faceTtl) {
    return RetentionPolicy.newBuilder()
        .setFaceTtl(
            com.google.protobuf.Duration.newBuilder()
                .setSeconds(faceTtl.getSeconds())
                .setNanos(faceTtl.getNano()))
        .build();
  }
}
