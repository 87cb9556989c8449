package dev.facet.detector;

import dev.facet.bootstrap.RequestChecks;
import dev.facet.detector.PixelBudget.Share;
import dev.facet.detector.TurnedFaces.Turned;
import dev.facet.detector.image.Picture;
import dev.facet.detector.mtcnn.Candidates;
import dev.facet.detector.mtcnn.Cascade;
import dev.facet.detector.mtcnn.CascadeOptions;
import dev.facet.detector.mtcnn.CascadeOptions.Threshold;
import dev.facet.detector.mtcnn.Pixels;
import dev.facet.inference.batch.Batcher;
import dev.facet.inference.batch.Priority;
import dev.facet.models.ServedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * MTCNN: a cascade of three networks, for faces of every size and, where asked for, every angle.
 */
final class Mtcnn implements FaceDetector {
  private static final int SMALLEST_FACE = 12;
  private static final int MOST_ANGLES = 8;

  /** Side of what the last network sees of a candidate. */
  private static final double WINDOW = 48;

  private final ServedModel model;
  private final Options defaults;
  private final Cascade cascade;
  private final PixelBudget budget;

  /**
   * Takes a cascade over.
   *
   * @param defaults of a request that says nothing; no picture is searched larger than these say
   * @param budgetBytes of all pictures being searched
   */
  Mtcnn(ServedModel model, Options defaults, Cascade cascade, long budgetBytes) {
    this.model = model;
    this.defaults = defaults;
    this.cascade = cascade;
    this.budget = new PixelBudget(budgetBytes);
  }

  /**
   * What is searched, and what counts as a face.
   *
   * @param cascade in pixels of the picture
   * @param rotationMaxOverlap greatest intersection over union of faces found at different angles
   * @param maxSide longer side, in pixels, to which larger pictures are shrunk first
   */
  record Options(CascadeOptions cascade, float rotationMaxOverlap, int maxSide) {

    /**
     * The last network sees a face in {@value #WINDOW} pixels, the first in a quarter of them. A
     * picture in which the smallest face has twice as many is averaged before any of them sees it.
     */
    double step(int width, int height) {
      return Math.max(shrinking(width, height), cascade.smallestFace() / (2 * WINDOW));
    }

    /** Pixels of the picture for one searched. */
    double shrinking(int width, int height) {
      return Math.max(1, (double) Math.max(width, height) / maxSide);
    }
  }

  @Override
  public ServedModel model() {
    return model;
  }

  @Override
  public float minScore() {
    return defaults.cascade().output().score();
  }

  @Override
  public Search search(SearchOptions options, RequestChecks checks) {
    Options chosen = chosen(options);
    checks.count("options.max_side", chosen.maxSide(), 64, defaults.maxSide());
    options
        .minSize()
        .ifPresent(size -> checks.range("options.min_size", size, SMALLEST_FACE, 1 << 16));
    checks.expect(
        options.angles().size() <= MOST_ANGLES,
        "options.angles",
        "must be at most %d, are %d".formatted(MOST_ANGLES, options.angles().size()));
    for (int i = 0; i < options.angles().size(); i++) {
      checks.range("options.angles[%d]".formatted(i), options.angles().get(i), -180, 180);
    }
    List<Float> angles =
        Stream.concat(Stream.of(0f), options.angles().stream())
            .map(angle -> angle == -180 ? 180 : angle + 0f) // one name for one angle; no -0
            .distinct()
            .toList();
    return new Search() {
      @Override
      public double step(int width, int height) {
        return chosen.step(width, height);
      }

      @Override
      public Detection in(Picture picture, Priority priority) {
        Detection found = detect(picture, chosen, angles, priority);
        List<Face> faces =
            found.faces().stream()
                .filter(face -> face.score() >= options.minScore().orElse(0f))
                .filter(face -> face.box().width() >= options.minSize().orElse(0f))
                .toList();
        return new Detection(
            options.maxOverlap().map(most -> Overlaps.suppress(faces, most)).orElse(faces),
            found.timing());
      }
    };
  }

  @Override
  public List<Batcher<?, ?>> batchers() {
    return cascade.batchers();
  }

  @Override
  public void warm() {
    cascade.warm();
  }

  @Override
  public void close() {
    cascade.close();
  }

  private Options chosen(SearchOptions options) {
    SearchOptions.Cascade asked = options.cascade().orElse(SearchOptions.Cascade.UNSET);
    CascadeOptions own = defaults.cascade();
    float outputScore = options.minScore().orElse(own.output().score());
    return new Options(
        new CascadeOptions(
            options.minSize().map(Mtcnn::decimal).orElse(own.smallestFace()),
            asked.pyramidFactor().map(Mtcnn::decimal).orElse(own.pyramidFactor()),
            new Threshold(
                asked.proposalMinScore().orElse(own.proposal().score()),
                asked.proposalMaxOverlap().map(Mtcnn::decimal).orElse(own.proposal().overlap())),
            new Threshold(
                asked.refinementMinScore().orElse(own.refinement().score()),
                asked
                    .refinementMaxOverlap()
                    .map(Mtcnn::decimal)
                    .orElse(own.refinement().overlap())),
            new Threshold(
                asked.outputMinScore().orElse(outputScore),
                asked.outputMaxOverlap().map(Mtcnn::decimal).orElse(own.output().overlap()))),
        asked.rotationMaxOverlap().orElse(defaults.rotationMaxOverlap()),
        options.maxSide().orElse(defaults.maxSide()));
  }

  /** The number that was meant: 0.709f is 0.709 and not 0.70899999, which has other levels. */
  private static double decimal(float value) {
    return Double.parseDouble(Float.toString(value));
  }

  private Detection detect(
      Picture picture, Options options, List<Float> angles, Priority priority) {
    int decodedWidth = picture.step() * picture.rgb().cols();
    int decodedHeight = picture.step() * picture.rgb().rows();
    double step = Math.max(picture.step(), options.shrinking(picture.width(), picture.height()));
    int width = (int) Math.max(1, Math.round(decodedWidth / step));
    int height = (int) Math.max(1, Math.round(decodedHeight / step));
    List<Rotation> rotations =
        angles.stream().map(angle -> Rotation.of(angle, width, height)).toList();
    Cascade.Result result;
    try (Share _ = budget.take(rotations.stream().mapToLong(Rotation::bytes).sum())) {
      result =
          cascade.search(
              turned(picture, width, height, rotations), scaled(options.cascade(), step), priority);
    }
    List<Turned> found = new ArrayList<>();
    for (int i = 0; i < rotations.size(); i++) {
      Rotation rotation = rotations.get(i);
      faces(result.faces().get(i)).forEach(face -> found.add(Turned.of(face, rotation)));
    }
    float across = (float) decodedWidth / width;
    float down = (float) decodedHeight / height;
    List<Face> faces =
        TurnedFaces.merged(found, options.rotationMaxOverlap()).stream()
            .map(face -> face.scaled(across, down).moved(picture.left(), picture.top()))
            .toList();
    return new Detection(faces, result.timing());
  }

  private static List<Pixels> turned(
      Picture picture, int width, int height, List<Rotation> rotations) {
    if (width == picture.rgb().cols() && height == picture.rgb().rows()) {
      return rotations.stream().map(rotation -> rotation.turned(picture.rgb())).toList();
    }
    try (Mat shrunk = Resampler.scaled(picture.rgb(), width, height)) {
      return rotations.stream().map(rotation -> rotation.turned(shrunk)).toList();
    }
  }

  /** The smallest face in pixels of the shrunk picture; what the networks cannot see is not it. */
  private static CascadeOptions scaled(CascadeOptions options, double step) {
    return new CascadeOptions(
        Math.max(SMALLEST_FACE, options.smallestFace() / step),
        options.pyramidFactor(),
        options.proposal(),
        options.refinement(),
        options.output());
  }

  /** Corners that the last regression turned around are no box. */
  private static List<Face> faces(Candidates found) {
    return IntStream.range(0, found.size())
        .filter(i -> found.left(i) < found.right(i) && found.top(i) < found.bottom(i))
        .mapToObj(i -> face(found, i))
        .toList();
  }

  private static Face face(Candidates found, int i) {
    List<Point> points =
        IntStream.range(0, 5)
            .mapToObj(point -> new Point(found.landmarkX(i, point), found.landmarkY(i, point)))
            .toList();
    return new Face(
        new Box(
            found.left(i),
            found.top(i),
            found.right(i) - found.left(i),
            found.bottom(i) - found.top(i)),
        new Landmarks(points.get(0), points.get(1), points.get(2), points.get(3), points.get(4)),
        found.score(i),
        0);
  }
}
