package dev.facet.detector;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.facet.detector.image.ChildJvm;
import dev.facet.proto.detector.v1.DetectRequest;
import dev.facet.proto.detector.v1.DetectorServiceGrpc;
import dev.facet.proto.detector.v1.DetectorServiceGrpc.DetectorServiceBlockingStub;
import dev.facet.proto.type.v1.Image;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real process, whose standard error is a file. */
class NativeErrorsTest {
  private static final int PICTURES = 1_000;
  private static final String WRITTEN_BY_THE_DECODER = "Corrupt JPEG data";

  @TempDir Path directory;

  /** I15. */
  @Test
  void thousandDamagedPicturesDoNotFillTheLog() throws Exception {
    int port = freePort();
    int admin = freePort();
    Path errors = directory.resolve("stderr");
    Process detector =
        ChildJvm.of(
                DetectorMain.class,
                List.of(
                    "-Xmx256m",
                    "--add-modules=jdk.incubator.vector",
                    "-Dlogback.configurationFile=logback.xml"),
                List.of(
                    "grpc.port=" + port,
                    "admin.port=" + admin,
                    "drain.delay=0s",
                    "models.mirror=" + Shared.folder("models")))
            .redirectError(errors.toFile())
            .start();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    try {
      awaitReady(detector, admin, errors);
      long begun = System.nanoTime();
      send(DetectorServiceGrpc.newBlockingStub(channel));
      long seconds = 1 + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);

      assertThat(counted(admin, "kept")).isGreaterThan(PICTURES / 4);
      assertThat(counted(admin, "passed")).isBetween(50.0, 50.0 + 5 * seconds);
    } finally {
      channel.shutdownNow();
      detector.destroy();
      assertThat(detector.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
    List<String> lines = Files.readAllLines(errors);
    assertThat(lines)
        .filteredOn(line -> line.contains(WRITTEN_BY_THE_DECODER))
        .hasSizeLessThan(400);
    assertThat(lines).anyMatch(line -> line.matches("\\(\\d+ more lines of native .*"));
    assertThat(lines).anyMatch(line -> line.contains("INFO")); // Java's own go past the limit
  }

  /** Most are decoded, with a grey patch and a line on standard error. */
  private static void send(DetectorServiceBlockingStub detector) throws IOException {
    byte[] picture = jpeg();
    Random random = new Random(15);
    for (int i = 0; i < PICTURES; i++) {
      byte[] damaged = picture.clone();
      for (int flips = 0; flips < 8; flips++) {
        int at = damaged.length / 2 + random.nextInt(damaged.length / 2 - 2);
        damaged[at] = (byte) random.nextInt(255); // never 0xff, which would be a marker
      }
      DetectRequest request =
          DetectRequest.newBuilder()
              .setImage(Image.newBuilder().setData(ByteString.copyFrom(damaged)))
              .build();
      try {
        var _ = detector.withDeadlineAfter(10, TimeUnit.SECONDS).detect(request);
      } catch (StatusRuntimeException e) {
        assertThat(e).hasMessageContaining("INVALID_ARGUMENT");
      }
    }
  }

  private static byte[] jpeg() throws IOException {
    BufferedImage noise = new BufferedImage(160, 120, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(7);
    for (int y = 0; y < noise.getHeight(); y++) {
      for (int x = 0; x < noise.getWidth(); x++) {
        noise.setRGB(x, y, random.nextInt(1 << 24));
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(noise, "jpeg", out)).isTrue();
    return out.toByteArray();
  }

  private static void awaitReady(Process detector, int admin, Path errors) throws Exception {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (System.nanoTime() < end) {
      assertThat(detector.isAlive()).as("%s", Files.readString(errors)).isTrue();
      try {
        if (get(admin, "readyz").statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // not listening yet
      }
      Thread.sleep(50);
    }
    throw new AssertionError("not ready within a minute: " + Files.readString(errors));
  }

  private static double counted(int admin, String outcome) throws Exception {
    Matcher line =
        Pattern.compile(
                "(?m)^facet_native_error_lines_total\\{.*outcome=\"" + outcome + "\".*\\} (\\S+)$")
            .matcher(get(admin, "metrics").body());
    assertThat(line.find()).isTrue();
    return Double.parseDouble(line.group(1));
  }

  private static HttpResponse<String> get(int admin, String path)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin + "/" + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
