package dev.facet.detector;

import dev.facet.bootstrap.CurrentCall;
import dev.facet.detector.FaceDetector.Detection;
import dev.facet.detector.FaceDetector.Search;
import dev.facet.detector.image.Decoder;
import dev.facet.detector.image.ImageHeader;
import dev.facet.detector.image.Picture;
import dev.facet.inference.batch.BatchTiming;
import dev.facet.inference.batch.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From encoded bytes to cut faces; nothing of the picture lives longer than the call. */
final class FaceFinder {
  private static final long MAX_ANSWER_BYTES = 256L << 20;

  private final Decoder decoder;

  FaceFinder(Decoder decoder) {
    this.decoder = decoder;
  }

  /** What is wanted of a picture. */
  record Order(
      Search search,
      FaceChooser chooser,
      List<CropSpec> crops,
      Optional<ChipSpec> chip,
      Priority priority) {}

  /** A face with all that was cut of it; one crop for each spec, in order. */
  record CutFace(Face face, Quality quality, List<Crop> crops, Optional<Chip> chip) {}

  /**
   * The faces of a picture.
   *
   * @param width of the upright picture in pixels
   * @param height of the upright picture in pixels
   * @param detect cost of the search: what its input waited, and all else
   */
  record Found(
      List<CutFace> faces,
      ImageHeader header,
      int width,
      int height,
      long decodeNanos,
      BatchTiming detect,
      long cutNanos) {}

  /** Crops, and what they cost. */
  record Cut(List<Crop> crops, long decodeNanos, long cutNanos) {}

  /** Decodes, detects, chooses, judges and cuts. */
  Found find(byte[] image, Order order) {
    try (DecodedPhoto photo = new DecodedPhoto(decoder, image)) {
      int width = photo.header().uprightWidth();
      int height = photo.header().uprightHeight();
      // A chip keeps the photo's own pixels.
      Picture searched =
          photo.decoded(order.chip().isPresent() ? 1 : order.search().step(width, height));
      long searching = System.nanoTime();
      Detection detection = order.search().in(searched, order.priority());
      long searchNanos = System.nanoTime() - searching;
      List<Face> chosen = order.chooser().choose(detection.faces(), width, height);
      requireSize(chosen.size(), order);
      Picture picture = photo.decoded(CropStep.of(chosen, order.crops(), width, height));
      long cutting = System.nanoTime();
      List<CutFace> faces = chosen.stream().map(face -> cut(picture, face, order)).toList();
      return new Found(
          faces,
          photo.header(),
          width,
          height,
          photo.decodeNanos(),
          search(detection.timing(), searchNanos),
          System.nanoTime() - cutting);
    }
  }

  /** Decodes and cuts a face that is known already. */
  Cut cut(byte[] image, KnownFace face, List<CropSpec> specs) {
    try (DecodedPhoto photo = new DecodedPhoto(decoder, image)) {
      int width = photo.header().uprightWidth();
      int height = photo.header().uprightHeight();
      List<Affine> maps = specs.stream().map(spec -> toCrop(face, spec, width, height)).toList();
      Picture picture = photo.decoded(CropStep.of(maps));
      long cutting = System.nanoTime();
      List<Crop> crops = new ArrayList<>();
      for (int i = 0; i < specs.size(); i++) {
        crops.add(crop(picture, specs.get(i), maps.get(i)));
      }
      return new Cut(crops, photo.decodeNanos(), System.nanoTime() - cutting);
    }
  }

  /** What a search took besides waiting for its turn is the run, and making the model's input. */
  private static BatchTiming search(BatchTiming timing, long searchNanos) {
    return new BatchTiming(
        timing.queueNanos(),
        timing.batchSize(),
        Math.max(timing.runNanos(), searchNanos - timing.queueNanos()));
  }

  /** Nothing else bounds what many faces times many crops take on the heap. */
  private static void requireSize(int faces, Order order) {
    long bytes = order.crops().stream().mapToLong(CropSpec::bytes).sum();
    bytes += order.chip().map(ChipSpec::mostBytes).orElse(0L);
    if (faces * bytes > MAX_ANSWER_BYTES) {
      throw new AnswerTooLargeException(faces, faces * bytes, MAX_ANSWER_BYTES);
    }
  }

  private static Affine toCrop(KnownFace face, CropSpec spec, int width, int height) {
    return switch (face) {
      case KnownFace.At at -> spec.from(at, width, height);
      case KnownFace.WholePicture _ ->
          Affine.stretch(new Box(0, 0, width, height), spec.width(), spec.height());
    };
  }

  private static CutFace cut(Picture picture, Face face, Order order) {
    CurrentCall.requireWanted(); // thousands of faces may be asked for
    List<Crop> crops =
        order.crops().stream()
            .map(
                spec ->
                    crop(picture, spec, spec.from(face.place(), picture.width(), picture.height())))
            .toList();
    return new CutFace(
        face,
        Quality.of(picture, face),
        crops,
        order.chip().map(spec -> ChipCutter.cut(picture, face, spec)));
  }

  private static Crop crop(Picture picture, CropSpec spec, Affine toCrop) {
    return Crop.cut(picture, toCrop, spec.width(), spec.height());
  }
}
