package dev.facet.detector;

import dev.facet.bootstrap.CurrentCall;
import dev.facet.detector.FaceDetector.Detection;
import dev.facet.detector.FaceDetector.Search;
import dev.facet.detector.image.Decoder;
import dev.facet.detector.image.ImageHeader;
import dev.facet.detector.image.Picture;
import dev.facet.inference.batch.BatchTiming;
import dev.facet.inference.batch.Priority;
import java.util.List;
import java.util.Optional;

/**
 * From encoded bytes to cut faces; the picture is decoded once and lives no longer than the call.
 */
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
   * @param detect cost of the detector's run
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
    long start = System.nanoTime();
    try (Picture picture = decode(image)) {
      long decoded = System.nanoTime();
      Detection detection = order.search().in(picture, order.priority());
      List<Face> chosen =
          order.chooser().choose(detection.faces(), picture.width(), picture.height());
      requireSize(chosen.size(), order);
      long cutting = System.nanoTime();
      List<CutFace> faces = chosen.stream().map(face -> cut(picture, face, order)).toList();
      return new Found(
          faces,
          picture.header(),
          picture.width(),
          picture.height(),
          decoded - start,
          detection.timing(),
          System.nanoTime() - cutting);
    }
  }

  /** Decodes and cuts a face that is known already. */
  Cut cut(byte[] image, KnownFace face, List<CropSpec> specs) {
    long start = System.nanoTime();
    try (Picture picture = decode(image)) {
      long decoded = System.nanoTime();
      List<Crop> crops =
          specs.stream().map(spec -> crop(picture, spec, toCrop(picture, face, spec))).toList();
      return new Cut(crops, decoded - start, System.nanoTime() - decoded);
    }
  }

  /** Nothing else bounds what many faces times many crops take on the heap. */
  private static void requireSize(int faces, Order order) {
    long bytes = order.crops().stream().mapToLong(CropSpec::bytes).sum();
    bytes += order.chip().map(ChipSpec::mostBytes).orElse(0L);
    if (faces * bytes > MAX_ANSWER_BYTES) {
      throw new AnswerTooLargeException(faces, faces * bytes, MAX_ANSWER_BYTES);
    }
  }

  private static Affine toCrop(Picture picture, KnownFace face, CropSpec spec) {
    return switch (face) {
      case KnownFace.At at -> spec.from(at, picture.width(), picture.height());
      case KnownFace.WholePicture _ ->
          Affine.stretch(
              new Box(0, 0, picture.width(), picture.height()), spec.width(), spec.height());
    };
  }

  private static CutFace cut(Picture picture, Face face, Order order) {
    CurrentCall.requireWanted(); // thousands of faces may be asked for
    List<Crop> crops =
        order.crops().stream()
            .map(spec -> crop(picture, spec, toCrop(picture, face.place(), spec)))
            .toList();
    return new CutFace(
        face,
        Quality.of(picture, face),
        crops,
        order.chip().map(spec -> ChipCutter.cut(picture, face, spec)));
  }

  private static Crop crop(Picture picture, CropSpec spec, Affine toCrop) {
    return Crop.cut(picture.rgb(), toCrop, spec.width(), spec.height());
  }

  private Picture decode(byte[] image) {
    Thread waiting = Thread.currentThread();
    return CurrentCall.await(
        () -> decoder.decode(image, CurrentCall.deadlineNanos()), waiting::interrupt);
  }
}
