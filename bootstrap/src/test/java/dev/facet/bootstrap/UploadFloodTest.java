package dev.facet.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * G24: 500 uploads of 10 MiB at once, all growing slowly together, to a process with a heap of 256
 * MiB. As many as fit get through, the others are refused, and the process lives on.
 */
@Tag("faults")
@Timeout(300)
@EnabledOnOs(value = OS.LINUX, disabledReason = "a process's memory is read from /proc")
class UploadFloodTest {
  private static final int CONNECTIONS = 10;
  private static final int CALLS_EACH = 50;
  private static final int MESSAGE = 10 << 20;
  private static final long LIMIT = 32 << 20; // an eighth of the heap
  private static final byte[] PIECE = new byte[16 << 10];
  private static final String OK = "0";
  private static final String RESOURCE_EXHAUSTED = "8";

  private static final class Upload {
    private final RawHttp2.Call call;
    private int sent;

    Upload(RawHttp2.Call call) throws Exception {
      this.call = call;
      call.announce(MESSAGE);
    }

    /** Sends one more piece, if there is room for it; false when nothing is left to send. */
    boolean advance() throws Exception {
      if (call.status().isDone() || sent == MESSAGE) {
        return false;
      }
      byte[] piece = PIECE;
      if (sent == 0) {
        piece = PIECE.clone();
        byte[] field = BytesValue.of(ByteString.copyFrom(new byte[MESSAGE - 5])).toByteArray();
        System.arraycopy(field, 0, piece, 0, 5);
      }
      if (call.send(piece, sent + piece.length == MESSAGE)) {
        sent += piece.length;
      }
      return true;
    }
  }

  @Test
  void slowUploadsOfManyClientsDoNotFillTheMemory() throws Exception {
    Process process = start();
    try {
      String[] ports = process.inputReader().readLine().split(" ", -1);
      int port = Integer.parseInt(ports[0]);
      long before = residentKib(process, "VmRSS:");
      Map<String, Integer> outcomes = flood(port);
      long peak = residentKib(process, "VmHWM:");
      System.out.printf("%s; resident %d KiB before, %d KiB at most%n", outcomes, before, peak);
      assertThat(outcomes).containsOnlyKeys(OK, RESOURCE_EXHAUSTED);
      assertThat(outcomes.get(OK)).isGreaterThanOrEqualTo((int) (LIMIT / MESSAGE) - 1);
      assertThat(peak - before).as("KiB, with the heap as it grew").isLessThan(448 << 10);

      assertThat(metric(ports[1], "facet_requests_bytes")).isZero();
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
      assertThat(EchoService.call(channel, BytesValue.of(ByteString.copyFrom(new byte[MESSAGE]))))
          .isEqualTo(BytesValue.getDefaultInstance());
      channel.shutdownNow();
    } finally {
      process.destroyForcibly();
    }
  }

  private static Map<String, Integer> flood(int port) throws Exception {
    List<RawHttp2> connections = new ArrayList<>();
    List<Upload> uploads = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      connections.add(new RawHttp2(port));
    }
    for (int i = 0; i < CONNECTIONS * CALLS_EACH; i++) {
      RawHttp2 connection = connections.get(i % CONNECTIONS);
      uploads.add(new Upload(connection.call(EchoService.ECHO.getFullMethodName(), "")));
    }
    boolean any = true;
    while (any) {
      any = false;
      for (Upload upload : uploads) {
        any |= upload.advance();
      }
    }
    Map<String, Integer> outcomes = new TreeMap<>();
    for (Upload upload : uploads) {
      outcomes.merge(upload.call.status().get(), 1, Integer::sum);
    }
    for (RawHttp2 connection : connections) {
      connection.close();
    }
    return outcomes;
  }

  private static Process start() throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            UploadMain.class.getName(),
            "drain.delay=0s")
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static long residentKib(Process process, String name) throws Exception {
    return Files.readAllLines(Path.of("/proc", process.pid() + "", "status")).stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  private static double metric(String port, String name) throws Exception {
    URI page = URI.create("http://127.0.0.1:" + port + "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(name))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .findFirst()
          .orElseThrow();
    }
  }
}
