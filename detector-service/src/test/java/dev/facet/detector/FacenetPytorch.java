package dev.facet.detector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** facenet-pytorch's MTCNN in a process of its own; see bench/peers/facenet_pytorch_mtcnn.py. */
final class FacenetPytorch implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final BufferedWriter paths;
  private final BufferedReader answers;
  private final String versions;

  /** What was found, and in which time, without decoding. */
  record Answer(long nanos, List<Box> boxes) {}

  /**
   * Starts the process.
   *
   * @param python with the packages of bench/peers/facenet-pytorch.txt
   */
  FacenetPytorch(Path python, int threads) throws IOException {
    Path script = Shared.root().resolve("bench/peers/facenet_pytorch_mtcnn.py");
    this.process =
        new ProcessBuilder(python.toString(), script.toString(), Integer.toString(threads))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    this.paths = process.outputWriter();
    this.answers = process.inputReader();
    this.versions = line();
  }

  String versions() {
    return versions;
  }

  /** One detection. */
  Answer detect(Path picture) throws IOException {
    paths.write(picture.toString());
    paths.newLine();
    paths.flush();
    JsonNode answer = JSON.readTree(line());
    List<Box> boxes = new ArrayList<>();
    for (JsonNode box : answer.get("boxes")) {
      float left = box.get(0).floatValue();
      float top = box.get(1).floatValue();
      boxes.add(new Box(left, top, box.get(2).floatValue() - left, box.get(3).floatValue() - top));
    }
    return new Answer(answer.get("nanos").longValue(), boxes);
  }

  @Override
  public void close() throws IOException {
    paths.close();
    process.onExit().join();
  }

  private String line() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("the peer ended; what it said is above");
    }
    return line;
  }
}
