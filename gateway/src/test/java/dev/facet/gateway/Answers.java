package dev.facet.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import dev.facet.proto.type.v1.Image;
import dev.facet.proto.type.v1.ModelVector;
import dev.facet.proto.v1.CreateCollectionRequest;
import dev.facet.proto.v1.EnrollRequest;
import dev.facet.proto.v1.Probe;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Short words for the requests of tests, and for what is in a refusal. */
final class Answers {
  private Answers() {}

  static Image image(String people) {
    return Image.newBuilder().setData(ByteString.copyFromUtf8(people)).build();
  }

  static Probe picture(String people) {
    return Probe.newBuilder().setImage(image(people)).build();
  }

  static Probe vector(String person) {
    return Probe.newBuilder()
        .setVector(
            ModelVector.newBuilder()
                .setVector(FakeEmbedder.vector(person))
                .setModel(FakeEmbedder.model("fake-a", true).getId()))
        .build();
  }

  static Probe crop(String person) {
    return Probe.newBuilder()
        .setCrop(FakeDetector.crop(person, FakeEmbedder.SIDE, FakeEmbedder.SIDE))
        .build();
  }

  static Probe face(String faceId) {
    return Probe.newBuilder().setFaceId(faceId).build();
  }

  static void newCollection(TestGateway gateway, String collection) {
    assertThat(
            gateway
                .collections()
                .createCollection(
                    CreateCollectionRequest.newBuilder().setCollectionId(collection).build())
                .getCollection()
                .getCollectionId())
        .isEqualTo(collection);
  }

  static EnrollRequest enroll(String collection, String subject, Probe probe) {
    return EnrollRequest.newBuilder()
        .setCollectionId(collection)
        .setSubjectId(subject)
        .setProbe(probe)
        .build();
  }

  /** Enrols one face and gives its id. */
  static String enrolled(TestGateway gateway, String collection, String subject, String person) {
    return gateway
        .faces()
        .enroll(enroll(collection, subject, picture(person)))
        .getFaces(0)
        .getFace()
        .getFaceId();
  }

  /**
   * Why a call was refused.
   *
   * @param fields those that are wrong, in order
   */
  record Refused(
      Status.Code code, String reason, List<String> fields, String message, ErrorInfo info) {}

  static Refused refused(Runnable call) {
    StatusRuntimeException thrown = catchThrowableOfType(StatusRuntimeException.class, call::run);
    assertThat(thrown).as("a refusal").isNotNull();
    com.google.rpc.Status status =
        Objects.requireNonNull(StatusProto.fromThrowable(Objects.requireNonNull(thrown)));
    return refused(status);
  }

  static Refused refused(com.google.rpc.Status status) {
    ErrorInfo info = detail(status, ErrorInfo.class).orElse(ErrorInfo.getDefaultInstance());
    return new Refused(
        Status.fromCodeValue(status.getCode()).getCode(),
        info.getReason(),
        detail(status, BadRequest.class).stream()
            .flatMap(bad -> bad.getFieldViolationsList().stream())
            .map(BadRequest.FieldViolation::getField)
            .toList(),
        status.getMessage(),
        info);
  }

  private static <T extends Message> Optional<T> detail(
      com.google.rpc.Status status, Class<T> type) {
    try {
      for (Any detail : status.getDetailsList()) {
        if (detail.is(type)) {
          return Optional.of(detail.unpack(type));
        }
      }
      return Optional.empty();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }
}
