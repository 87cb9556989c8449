package dev.facet.bench.all;

import com.google.gson.Gson;
import dev.facet.bench.BenchFailure;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** facenet-pytorch's MTCNN in a process of its own; see bench/peers/facenet_pytorch_mtcnn.py. */
final class FacenetPytorch implements AutoCloseable {

  private final Process process;
  private final BufferedWriter paths;
  private final BufferedReader answers;
  private final String versions;
  private final Gson gson = new Gson();

  /** The script's answer. */
  private record Line(long nanos, List<List<Double>> boxes) {}

  /** What was found in which time, decoding left out. */
  record Answer(double millis, int faces) {}

  private FacenetPytorch(Process process) throws IOException {
    this.process = process;
    this.paths = process.outputWriter();
    this.answers = process.inputReader();
    this.versions = line();
  }

  /** A Python that has it, as bench/peers/mtcnn.sh installs it. */
  static Optional<Path> python() {
    Path python =
        Path.of(System.getProperty("user.home"), ".cache/facet/bench/facenet-pytorch/bin/python");
    return Optional.of(python).filter(Files::isExecutable);
  }

  /** Starts it with as many threads as there are processors. */
  static FacenetPytorch start(Surroundings surroundings, Path python) {
    Path script = surroundings.home().resolve("bench/peers/facenet_pytorch_mtcnn.py");
    int threads = Runtime.getRuntime().availableProcessors();
    try {
      return new FacenetPytorch(
          new ProcessBuilder(python.toString(), script.toString(), Integer.toString(threads))
              .redirectError(surroundings.fresh("peer.log").toFile())
              .start());
    } catch (IOException e) {
      throw BenchFailure.file(script, e);
    }
  }

  String versions() {
    return versions;
  }

  Answer detect(Path picture) {
    try {
      paths.write(picture.toString());
      paths.newLine();
      paths.flush();
      Line line = gson.fromJson(line(), Line.class);
      return new Answer(line.nanos / 1e6, line.boxes.size());
    } catch (IOException e) {
      throw BenchFailure.file(picture, e);
    }
  }

  private String line() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("facenet-pytorch's process ended");
    }
    return line;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
