package dev.facet.gateway;

import dev.facet.bootstrap.Refusal;
import dev.facet.gateway.DetectorClient.CroppedFace;
import dev.facet.gateway.DetectorClient.Picture;
import dev.facet.gateway.ledger.UnitVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns pictures into faces with vectors: the detector cuts, the embedder measures. */
final class FaceFinder {
  private final DetectorClient detector;
  private final EmbedderClient embedder;

  FaceFinder(DetectorClient detector, EmbedderClient embedder) {
    this.detector = detector;
    this.embedder = embedder;
  }

  /**
   * The faces of a picture in the order of its choice.
   *
   * @param chips whether each face comes with the picture to keep
   */
  List<ProbeFace> find(Picture picture, EmbeddingModel model, boolean chips, Call call) {
    List<CroppedFace> faces = detector.crops(picture, model.cropSpec(), chips, call);
    if (faces.isEmpty()) {
      return List.of();
    }
    List<UnitVector> vectors =
        embedder.embed(faces.stream().map(CroppedFace::crop).toList(), model, call);
    List<ProbeFace> found = new ArrayList<>();
    for (int i = 0; i < faces.size(); i++) {
      CroppedFace face = faces.get(i);
      found.add(new ProbeFace(vectors.get(i), Optional.of(face.found()), face.chip()));
    }
    return found;
  }

  /**
   * The vector of a crop. Error: {@code CROP_SIZE}.
   *
   * @param field names the crop in the refusal
   */
  UnitVector embed(String field, Crop crop, EmbeddingModel model, Call call) {
    CropSpec spec = model.cropSpec();
    if (crop.width() != spec.width() || crop.height() != spec.height()) {
      throw Refusal.invalid(
          field,
          "CROP_SIZE",
          "%s takes crops of %d x %d pixels; this one has %d x %d"
              .formatted(
                  model.id().name(),
                  spec.width(),
                  spec.height(),
                  Integer.toUnsignedLong(crop.width()),
                  Integer.toUnsignedLong(crop.height())));
    }
    return embedder.embed(List.of(crop), model, call).getFirst();
  }
}
