package dev.facet.detector;

import static org.bytedeco.opencv.global.opencv_imgcodecs.imwrite;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import dev.facet.detector.image.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Measures MTCNN beside facenet-pytorch: the same pictures, the same number of threads, one picture
 * at a time and the two in turns, from decoded pixels to faces with landmarks.
 *
 * <p>Not a test; bench/peers/mtcnn.sh runs it. The first argument is the Python that has the
 * packages of bench/peers/facenet-pytorch.txt, the second how many rounds there are; what follows
 * are settings of the detector.
 */
final class MtcnnComparison {
  private static final List<String> PHOTOS =
      List.of(
          "multiface.jpg",
          "two_faces.jpg",
          "kate_siegel.jpg",
          "angelina_jolie.jpg",
          "paul_rudd.jpg",
          "wider/0_Parade_Parade_0_102.jpg",
          "wider/0_Parade_Parade_0_266.jpg");
  private static final int[][] SIZES = {{1280, 720}, {640, 480}};
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration WARM_UP = Duration.ofSeconds(15);

  private MtcnnComparison() {}

  /** A photo in one size, and the milliseconds that each took in each round. */
  private static final class Trial {
    private final String photo;
    private final Path file;
    private final Picture picture;
    private final double[] own;
    private final double[] peer;

    Trial(String photo, Path file, Picture picture, int rounds) {
      this.photo = photo;
      this.file = file;
      this.picture = picture;
      this.own = new double[rounds];
      this.peer = new double[rounds];
    }
  }

  public static void main(String[] arguments) throws IOException {
    Path python = Path.of(arguments[0]);
    int rounds = Integer.parseInt(arguments[1]);
    int threads = Runtime.getRuntime().availableProcessors();
    try (FacenetPytorch peer = new FacenetPytorch(python, threads);
        FaceDetector own =
            MtcnnFiles.detector(Arrays.copyOfRange(arguments, 2, arguments.length))) {
      own.warm();
      System.out.printf("%s; Facet with %d runners%n", peer.versions(), threads);
      for (int[] size : SIZES) {
        compare(size[0], size[1], own, peer, rounds);
      }
    }
  }

  private static void compare(
      int width, int height, FaceDetector own, FacenetPytorch peer, int rounds) throws IOException {
    List<Trial> trials = new ArrayList<>();
    for (String photo : PHOTOS) {
      Path file = Files.createTempFile("comparison", ".png");
      file.toFile().deleteOnExit();
      draw(photo, width, height, file);
      Picture picture = Decoded.picture(Files.readAllBytes(file));
      trials.add(new Trial(photo, file, picture, rounds));
    }
    long end = System.nanoTime() + WARM_UP.toNanos();
    for (int i = 0; System.nanoTime() < end; i++) {
      MtcnnFiles.faces(own, trials.get(i % trials.size()).picture);
    }
    int faces = 0;
    int common = 0;
    for (Trial trial : trials) {
      List<Box> boxes = peer.detect(trial.file).boxes();
      faces += boxes.size();
      List<Face> found = MtcnnFiles.faces(own, trial.picture);
      common += (int) boxes.stream().filter(box -> isAmong(found, box)).count();
      if (found.size() != boxes.size()) {
        System.out.printf("%s: %d faces, not %d%n", trial.photo, found.size(), boxes.size());
      }
    }
    for (int round = 0; round < rounds; round++) {
      for (Trial trial : trials) {
        pause();
        trial.peer[round] = peer.detect(trial.file).nanos() / 1e6;
        pause();
        long start = System.nanoTime();
        MtcnnFiles.faces(own, trial.picture);
        trial.own[round] = (System.nanoTime() - start) / 1e6;
      }
    }
    System.out.printf("%d×%d: %d of the peer's %d faces%n", width, height, common, faces);
    for (Trial trial : trials) {
      print(trial.photo, trial.own, trial.peer);
      trial.picture.close();
    }
    print(
        "all", sums(trials, rounds, trial -> trial.own), sums(trials, rounds, trial -> trial.peer));
  }

  /** Threads of OpenMP go on spinning for a while after their work, and would take half of ours. */
  private static void pause() {
    LockSupport.parkNanos(PAUSE.toNanos());
  }

  private static boolean isAmong(List<Face> faces, Box box) {
    return faces.stream().anyMatch(face -> face.box().overlap(box) > 0.8f);
  }

  /** Of each round the mean over the photos. */
  private static double[] sums(List<Trial> trials, int rounds, Function<Trial, double[]> times) {
    double[] sums = new double[rounds];
    for (Trial trial : trials) {
      for (int round = 0; round < rounds; round++) {
        sums[round] += times.apply(trial)[round] / trials.size();
      }
    }
    return sums;
  }

  private static void print(String name, double[] own, double[] peer) {
    System.out.printf(
        "  %-34s Facet %s, peer %s, ratio %.2f%n",
        name, spread(own), spread(peer), median(peer) / median(own));
  }

  /** Median and the range of the middle eight tenths, in milliseconds. */
  private static String spread(double[] times) {
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    return "%.1f ms (%.1f to %.1f)"
        .formatted(
            median(times),
            sorted[sorted.length / 10],
            sorted[sorted.length - 1 - sorted.length / 10]);
  }

  private static double median(double[] times) {
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /** Fills the size with the middle of a photo. */
  private static void draw(String photo, int width, int height, Path file) {
    try (Picture picture = Decoded.picture(Shared.photo(photo));
        Mat scaled = new Mat()) {
      double scale = Math.max((double) width / picture.width(), (double) height / picture.height());
      int across = Math.max(width, (int) Math.round(picture.width() * scale));
      int down = Math.max(height, (int) Math.round(picture.height() * scale));
      try (Size size = new Size(across, down)) {
        resize(picture.rgb(), scaled, size, 0, 0, scale < 1 ? INTER_AREA : INTER_LINEAR);
      }
      try (Rect middle = new Rect((across - width) / 2, (down - height) / 2, width, height);
          Mat part = scaled.apply(middle);
          Mat whole = part.clone()) {
        cvtColor(whole, whole, COLOR_RGB2BGR);
        imwrite(file.toString(), whole);
      }
    }
  }
}
