package dev.facet.gateway;

import dev.facet.bootstrap.RequestChecks;
import dev.facet.gateway.DetectorClient.Picture;
import dev.facet.gateway.ledger.LedgerRefusal;
import dev.facet.gateway.ledger.UnitVector;
import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.FaceChoice;
import dev.facet.proto.type.v1.Image;
import dev.facet.proto.type.v1.Vector;
import dev.facet.proto.v1.Probe.FormCase;
import java.nio.ByteBuffer;

/** Probes and pictures, checked and read from the contract's messages. */
final class ProbeMessages {
  private ProbeMessages() {}

  static void check(RequestChecks checks, String field, dev.facet.proto.v1.Probe probe) {
    switch (probe.getFormCase()) {
      case IMAGE -> {} // The detector knows what is wrong with a picture.
      case CROP -> check(checks, field + ".crop", probe.getCrop());
      case VECTOR -> check(checks, field + ".vector.vector.values", probe.getVector().getVector());
      case FACE_ID -> checks.id(field + ".face_id", probe.getFaceId());
      case FORM_NOT_SET ->
          checks.expect(false, field, "must have an image, a crop, a vector or a face_id");
    }
  }

  static void check(RequestChecks checks, String field, dev.facet.proto.type.v1.Crop crop) {
    long bytes =
        3L * Integer.toUnsignedLong(crop.getWidth()) * Integer.toUnsignedLong(crop.getHeight());
    checks.expect(
        crop.getRgb().size() == bytes && bytes > 0,
        field,
        "CROP_SIZE",
        "must have width x height x 3 bytes");
  }

  private static void check(RequestChecks checks, String field, Vector vector) {
    try {
      UnitVector.of(FaceMessages.values(vector));
    } catch (LedgerRefusal refusal) {
      checks.expect(false, field, refusal.reason().name(), refusal.getMessage());
    }
  }

  static void check(RequestChecks checks, DetectionOptions options) {
    checks.expect(
        options.getChoice() != FaceChoice.UNRECOGNIZED,
        "options.choice",
        "must be one of the choices there are");
    checks.optionalModel("options.detector", options.getDetector());
  }

  /** A checked probe. */
  static Probe probe(
      dev.facet.proto.v1.Probe probe, DetectionOptions options, FaceChoice standard) {
    return switch (probe.getFormCase()) {
      case IMAGE -> new Probe.OfPicture(picture(probe.getImage(), options, standard));
      case CROP -> new Probe.OfCrop(crop(probe.getCrop()));
      case VECTOR ->
          new Probe.OfVector(
              UnitVector.of(FaceMessages.values(probe.getVector().getVector())),
              ModelMessages.id(probe.getVector().getModel()));
      case FACE_ID -> new Probe.OfFace(probe.getFaceId());
      case FORM_NOT_SET -> throw new IllegalArgumentException("The probe was not checked");
    };
  }

  /** A picture, with the call's own choice of faces where the caller left it open. */
  static Picture picture(Image image, DetectionOptions options, FaceChoice standard) {
    return new Picture(image, chosen(options, standard));
  }

  static Crop crop(dev.facet.proto.type.v1.Crop crop) {
    return new Crop(crop.getWidth(), crop.getHeight(), crop.getRgb().toByteArray());
  }

  /** Digest of a probe and of all that decides which of its faces are meant. */
  static String sha256(
      dev.facet.proto.v1.Probe probe, DetectionOptions options, FaceChoice standard) {
    Fingerprint fingerprint = new Fingerprint();
    fingerprint.add(ByteBuffer.wrap(new byte[] {(byte) probe.getFormCase().getNumber()}));
    if (probe.getFormCase() == FormCase.IMAGE) {
      fingerprint.add(chosen(options, standard));
      fingerprint.add(probe.getImage().getData().asReadOnlyByteBuffer());
    } else {
      fingerprint.add(probe);
    }
    return fingerprint.hex();
  }

  private static DetectionOptions chosen(DetectionOptions options, FaceChoice standard) {
    return options.getChoice() == FaceChoice.FACE_CHOICE_UNSPECIFIED
        ? options.toBuilder().setChoice(standard).build()
        : options;
  }
}
