package dev.facet.pipeline;

import dev.facet.detector.FaceChoice;
import dev.facet.detector.FoundFace;
import dev.facet.detector.LocalDetector;
import dev.facet.embedder.LocalEmbedder;
import dev.facet.models.ModelId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Photos in, faces and their unit vectors out: detector and embedder in this JVM, without a server.
 *
 * <p>Safe from any thread, virtual ones included. Photos are guarded, decoded, searched and cut as
 * the services do it, and faces of different callers share the networks' runs, so many callers at a
 * time get more done than one. So many photos as the networks can use are worked on at once;
 * further callers wait for their turn. Keep one pipeline for the life of the program: opening it
 * takes seconds.
 */
public final class FacePipeline implements AutoCloseable {
  private static final Duration DRAIN = Duration.ofSeconds(30);

  private final LocalDetector detector;
  private final LocalEmbedder embedder;
  private final Turns turns;

  /** Takes both over. */
  FacePipeline(LocalDetector detector, LocalEmbedder embedder, int photosAtOnce) {
    this.detector = detector;
    this.embedder = embedder;
    this.turns = new Turns(photosAtOnce);
  }

  /** Begins with the services' defaults: the first models that can be had, on all processors. */
  public static FacePipelineBuilder builder() {
    return new FacePipelineBuilder();
  }

  /** All faces of a photo; {@link #faces(byte[], FaceSearch)} with {@link FaceSearch#STANDARD}. */
  public List<RecognisedFace> faces(byte[] photo) {
    return faces(photo, FaceSearch.STANDARD);
  }

  /**
   * The faces of a photo; blocks until they are embedded.
   *
   * @param photo JPEG, PNG or WebP; not to be changed meanwhile
   * @return most probable first; none where there are none
   * @throws dev.facet.detector.image.InvalidImageException if the photo is refused: too large, too
   *     small, damaged, or of another format
   * @throws IllegalArgumentException if the search asks for what is out of range, or not for this
   *     detector, by the option's name
   * @throws dev.facet.detector.DegenerateLandmarksException if a face's landmarks coincide
   * @throws dev.facet.detector.AnswerTooLargeException if the faces' crops have more than 256 MiB
   * @throws dev.facet.detector.image.DecodeTimeoutException if it is not decoded within a minute
   * @throws dev.facet.inference.batch.DeadlinePassedException if a later step takes longer
   * @throws dev.facet.inference.batch.QueueFullException if a later step is sure to
   * @throws dev.facet.inference.batch.ModelFailedException if a network fails on this photo
   * @throws IllegalStateException if the pipeline is closed
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; it stays so
   */
  public List<RecognisedFace> faces(byte[] photo, FaceSearch search) {
    return turns.during(() -> faces(photo, FaceChoice.ALL, search));
  }

  /**
   * The one face of a photo that is meant.
   *
   * @return empty where there is none
   * @throws dev.facet.detector.MultipleFacesException if the only face is asked for and there are
   *     several
   * @throws RuntimeException as {@link #faces(byte[], FaceSearch)} does
   */
  public Optional<RecognisedFace> face(byte[] photo, FaceChoice which, FaceSearch search) {
    return turns.during(() -> faces(photo, which, search.one())).stream().findFirst();
  }

  /** The vector of a photo's largest face; empty where there is none. */
  public Optional<FaceVector> embed(byte[] photo) {
    return face(photo, FaceChoice.LARGEST, FaceSearch.STANDARD).map(RecognisedFace::vector);
  }

  /** The model that finds faces. */
  public ModelId detector() {
    return detector.model();
  }

  /** The model that embeds them. */
  public ModelId embedder() {
    return embedder.model();
  }

  /** The greatest squared distance at which two vectors count as one person. */
  public double matchThreshold() {
    return embedder.task().matchThreshold();
  }

  private List<RecognisedFace> faces(byte[] photo, FaceChoice which, FaceSearch search) {
    List<FoundFace> found =
        detector.find(photo, search.options(), which, search.maxFaces(), embedder.task().crop());
    List<float[]> vectors = embedder.embed(found.stream().map(face -> face.crop().rgb()).toList());
    return IntStream.range(0, found.size())
        .mapToObj(i -> recognised(found.get(i), vectors.get(i)))
        .toList();
  }

  private RecognisedFace recognised(FoundFace found, float[] vector) {
    return new RecognisedFace(
        found.face().box(),
        found.face().landmarks(),
        found.face().score(),
        found.face().angle(),
        found.quality(),
        new FaceVector(embedder.model(), vector));
  }

  /**
   * Refuses what comes, waits until the photos in work are done, half a minute at the longest, and
   * frees the networks. Harmless when it is closed already.
   */
  @Override
  public void close() {
    turns.close(DRAIN);
    detector.close();
    embedder.close();
  }
}
