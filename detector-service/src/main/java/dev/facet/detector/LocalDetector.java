package dev.facet.detector;

import static java.util.stream.Collectors.joining;

import dev.facet.bootstrap.Refusal;
import dev.facet.bootstrap.RequestChecks;
import dev.facet.bootstrap.Settings;
import dev.facet.detector.DetectorSettings.Detect;
import dev.facet.detector.FaceFinder.Order;
import dev.facet.detector.image.Decoder;
import dev.facet.detector.image.DecoderSettings;
import dev.facet.detector.image.ImageLimits;
import dev.facet.inference.batch.BatchPolicy;
import dev.facet.inference.batch.DeadlinePassedException;
import dev.facet.inference.batch.Priority;
import dev.facet.inference.onnx.OnnxSettings;
import dev.facet.models.CropGeometry;
import dev.facet.models.ModelId;
import dev.facet.models.ServedModel;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;

/**
 * A detector without its service: encoded pictures in, faces and their crops out. Guard, decoder,
 * network and cutting are the service's, as are all limits and defaults; nothing is read from the
 * environment. Safe from any thread; callers share batches.
 */
public final class LocalDetector implements AutoCloseable {
  private static final Pattern FIELD = Pattern.compile("options\\.(?:mtcnn\\.)?([a-z_]+)(.*)");
  private static final Pattern NEXT_WORD = Pattern.compile("_([a-z])");

  private final FaceDetector detector;
  private final FaceFinder finder;

  private LocalDetector(FaceDetector detector, FaceFinder finder) {
    this.detector = detector;
    this.finder = finder;
  }

  /**
   * Opens a detector and runs every shape and batch size once.
   *
   * @param policy how pictures are batched; MTCNN's networks take its delay and runners only
   * @throws IllegalArgumentException if the model is not a detector
   */
  public static LocalDetector load(
      ServedModel model, OnnxSettings onnx, BatchPolicy policy, MeterRegistry meters) {
    Decoder decoder =
        new Decoder(
            Settings.defaults(DecoderSettings.class), Settings.defaults(ImageLimits.class), meters);
    FaceDetector detector =
        Detectors.load(
            model,
            Settings.defaults(Detect.class),
            Settings.defaults(MtcnnSettings.class),
            onnx,
            policy,
            meters);
    return new LocalDetector(Detectors.warm(detector), new FaceFinder(decoder));
  }

  public ModelId model() {
    return detector.model().id();
  }

  /**
   * Finds the faces of a picture and cuts them; blocks until the networks have run. On a thread
   * that answers a gRPC call, that call's deadline and cancellation hold; on any other, each wait
   * ends after a minute.
   *
   * @param image JPEG, PNG or WebP; not to be changed meanwhile
   * @param maxFaces at most so many; 0 is the choice's own number: all, or one
   * @param crop of every face, as the embedder wants it
   * @return best first by the rule of the choice; none where there are none
   * @throws IllegalArgumentException if an option is out of range or not for this detector, by its
   *     name
   * @throws dev.facet.detector.image.InvalidImageException if the picture is refused
   * @throws MultipleFacesException if the only face is asked for and there are several
   * @throws AnswerTooLargeException if the crops would have more than 256 MiB
   * @throws DeadlinePassedException if the wait was too long
   * @throws CancellationException if the thread was interrupted, and it stays so
   */
  public List<FoundFace> find(
      byte[] image, SearchOptions options, FaceChoice choice, int maxFaces, CropGeometry crop) {
    try {
      Order order =
          new Order(
              search(options, maxFaces),
              new FaceChooser(choice, maxFaces),
              List.of(CropSpec.of(crop)),
              Optional.empty(),
              Priority.INTERACTIVE);
      return finder.find(image, order).faces().stream()
          .map(cut -> new FoundFace(cut.face(), cut.quality(), cut.crops().getFirst()))
          .toList();
    } catch (NoFaceException e) {
      return List.of();
    } catch (Refusal refusal) {
      throw locally(refusal);
    }
  }

  private FaceDetector.Search search(SearchOptions options, int maxFaces) {
    RequestChecks checks = new RequestChecks();
    options.check(checks);
    FaceDetector.Search search = detector.search(options, checks);
    checks.count("options.max_faces", maxFaces, 0, Integer.MAX_VALUE).done();
    return search;
  }

  /** A refusal is an answer to a request; here is none. */
  private static RuntimeException locally(Refusal refusal) {
    return switch (refusal.code()) {
      case INVALID_ARGUMENT ->
          new IllegalArgumentException(
              refusal.violations().stream()
                  .map(wrong -> option(wrong.field()) + " " + wrong.description())
                  .collect(joining("; ")));
      case CANCELLED -> new CancellationException("nobody waits for the faces any more");
      case DEADLINE_EXCEEDED -> new DeadlinePassedException(refusal.message());
      default -> new IllegalStateException(refusal.message(), refusal);
    };
  }

  /** The field {@code options.max_side} of the contract is the option {@code maxSide} here. */
  private static String option(String field) {
    return NEXT_WORD
        .matcher(FIELD.matcher(field).replaceFirst("$1$2"))
        .replaceAll(word -> word.group(1).toUpperCase(Locale.ROOT));
  }

  /** Refuses what comes, ends what was accepted, and frees the networks. */
  @Override
  public void close() {
    detector.close();
  }
}
