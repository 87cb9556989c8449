package dev.facet.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import dev.facet.bench.BenchFailure;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.shaded.io.netty.handler.ssl.util.SelfSignedCertificate;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command against a fake server: what it calls and what it says. */
class LoadMainTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private FakeServer server;
  private String address = "";

  @TempDir private Path folder;

  @BeforeEach
  void startServer() throws IOException {
    // Server and generator share this process: clients that never wait would use up its processors.
    server = new FakeServer().taking(Duration.ofMillis(3));
    address = server.address();
    Files.createDirectories(folder.resolve("photos/more"));
    Files.write(folder.resolve("photos/a.jpg"), new byte[2]);
    Files.write(folder.resolve("photos/more/b.PNG"), new byte[4]);
    Files.write(folder.resolve("photos/notes.txt"), new byte[9]);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private int load(String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.addAll(List.of("--at", address, "--duration", "1", "--warmup", "0.2"));
    if (!arguments.contains("--lateness")) {
      arguments.addAll(List.of("--lateness", "900"));
    }
    CommandLine commandLine =
        LoadMain.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return commandLine.execute(arguments.toArray(String[]::new));
  }

  private int loadPhotos(String... more) {
    List<String> arguments = new ArrayList<>(List.of("--photos", folder + "/photos"));
    arguments.addAll(List.of(more));
    return load(arguments.toArray(String[]::new));
  }

  private JsonObject result() {
    return JsonParser.parseString(out.toString())
        .getAsJsonObject()
        .getAsJsonArray("runs")
        .get(0)
        .getAsJsonObject()
        .getAsJsonObject("result");
  }

  @Test
  void photosOfAFolderTakeTurnsAndTheAnswersAreToldByTheirFaces() {
    assertThat(loadPhotos("--call", "detect", "--rate", "100", "--arrivals", "constant", "--json"))
        .as(err::toString)
        .isZero();

    JsonObject result = result();
    assertThat(result.get("arrivals").getAsInt()).isEqualTo(100);
    assertThat(result.get("answered").getAsInt()).isEqualTo(100);
    assertThat(result.getAsJsonArray("by_faces").toString())
        .contains("{\"faces\":1,\"count\":50,", "{\"faces\":3,\"count\":50,");
    assertThat(server.calls()).as("with the warm-up").isEqualTo(120);
    JsonObject plan =
        JsonParser.parseString(out.toString()).getAsJsonObject().getAsJsonObject("plan");
    assertThat(plan.getAsJsonObject("photos").get("photos").getAsInt()).isEqualTo(2);
  }

  @Test
  @SuppressWarnings("deprecation") // the successor of SelfSignedCertificate is no part of gRPC
  void serviceIsCalledOverTlsWithAKey() throws Exception {
    SelfSignedCertificate certificate = new SelfSignedCertificate("localhost");
    String key = Files.writeString(folder.resolve("key"), "0123456789abcdef\n").toString();
    try (FakeServer secured =
        new FakeServer(
            TlsServerCredentials.create(certificate.certificate(), certificate.privateKey()))) {
      address = "localhost" + secured.address().substring("127.0.0.1".length());
      String[] call = {"--call", "detect", "--rate", "20", "--authorities", ""};
      call[5] = certificate.certificate().getPath();
      assertThat(loadPhotos(concat(call, "--key-file", key))).as(err::toString).isZero();
      assertThat(secured.authorizations()).containsExactly("Bearer 0123456789abcdef");
      assertThat(loadPhotos("--call", "detect", "--rate", "20"))
          .isEqualTo(BenchFailure.UNAVAILABLE);
    } finally {
      certificate.delete();
    }
    address = "gateway.example:50051";
    assertThat(loadPhotos("--call", "detect", "--rate", "20", "--key-file", key))
        .isEqualTo(BenchFailure.USAGE);
    assertThat(err.toString()).contains("gateway.example", "--authorities", "--plaintext");
  }

  private static String[] concat(String[] words, String... more) {
    return Stream.of(words, more).flatMap(Stream::of).toArray(String[]::new);
  }

  @Test
  void aSearchIsAboutACollectionThatIsGoneAfterwards() {
    assertThat(loadPhotos("--call", "search", "--rate", "50")).as(err::toString).isZero();

    assertThat(out.toString())
        .contains("a collection of its own, with 2 faces at the beginning", "open loop, poisson");
    assertThat(server.subjects()).containsExactlyInAnyOrder("photo-0", "photo-1");
    assertThat(server.collections()).isEmpty();
  }

  @Test
  void failuresAreToldByCodeAndReason() {
    assertThat(loadPhotos("--call", "search", "--rate", "50", "--collection", "gone", "--json"))
        .as(err::toString)
        .isZero();

    assertThat(result().get("answered").getAsInt()).isZero();
    assertThat(result().getAsJsonArray("failures").toString())
        .contains("\"code\":\"NOT_FOUND\",\"reason\":\"COLLECTION_NOT_FOUND\"")
        .contains("\"share\":1.0");
    assertThat(result().getAsJsonObject("of_all_arrivals").get("p50_ms").isJsonNull()).isTrue();
  }

  @Test
  void everyEnrolmentIsANewFace() {
    assertThat(loadPhotos("--call", "enroll", "--clients", "2")).as(err::toString).isZero();

    assertThat(server.subjects().size()).isGreaterThan(100).isEqualTo((int) server.calls());
    assertThat(out.toString()).contains("closed loop, 2 clients");
  }

  @Test
  void aStreamAnswersByIdAndItsErrorsHaveReasons() throws IOException {
    Files.write(folder.resolve("photos/nobody.jpg"), new byte[1]);

    assertThat(
            loadPhotos(
                "--call",
                "enroll-stream",
                "--rate",
                "90",
                "--arrivals",
                "constant",
                "--connections",
                "2",
                "--json"))
        .as(err::toString)
        .isZero();

    assertThat(result().get("answered").getAsInt()).isEqualTo(60);
    assertThat(result().getAsJsonArray("failures").toString())
        .contains("\"code\":\"FAILED_PRECONDITION\",\"reason\":\"NO_FACE\",\"count\":30");
    assertThat(server.requestIds()).hasSize((int) server.calls());
    assertThat(server.subjects()).hasSize((int) server.calls());
  }

  @Test
  void aStreamThatDoesNotAnswerFailsEachRequestInItsTime() {
    server.mute();

    assertThat(loadPhotos("--call", "enroll-stream", "--rate", "50", "--timeout", "0.3", "--json"))
        .as(err::toString)
        .isZero();

    assertThat(result().get("answered").getAsInt()).isZero();
    assertThat(result().getAsJsonArray("failures"))
        .singleElement()
        .satisfies(
            row -> {
              JsonObject failure = row.getAsJsonObject();
              assertThat(failure.get("code").getAsString()).isEqualTo("DEADLINE_EXCEEDED");
              assertThat(failure.get("p50_ms").getAsDouble()).isBetween(290.0, 700.0);
            });
  }

  @Test
  void anEmbedderGetsCropsOfItsModelsSize() {
    assertThat(load("--call", "embedder", "--crops", "8", "--clients", "2"))
        .as(err::toString)
        .isZero();

    assertThat(out.toString()).contains("8 of 64 crops of noise in each call, 16 x 16");
  }

  @Test
  void theHighestRateIsLookedForAndEveryStepTold() throws IOException {
    server.oneAtATime(Duration.ofMillis(5));

    int exitCode =
        loadPhotos(
            "--call",
            "detect",
            "--find-rate",
            "--p99",
            "400",
            "--rate",
            "50",
            "--step",
            "50",
            "--max-rate",
            "400",
            "--arrivals",
            "constant",
            "--out",
            folder + "/results",
            "--name",
            "rates");

    assertThat(exitCode).as(err::toString).isZero();
    JsonObject report =
        JsonParser.parseString(Files.readString(folder.resolve("results/rates.json")))
            .getAsJsonObject();
    // One call takes 5 ms, so 400 a second make a queue of a second and more.
    assertThat(report.getAsJsonObject("sweep").get("highest_rate").getAsInt()).isBetween(50, 350);
    assertThat(out.toString()).contains("does not hold", "p99 <= 400 ms holds up to");
    assertThat(Files.readString(folder.resolve("results/rates.html")))
        .contains("<svg", "bound of the p99", "<details><summary>50 calls/s")
        .doesNotContain("NaN", "Infinity", "src=");
  }

  @Test
  void aRateThatIsNeverHeldIsAnAnswerToo() {
    server.taking(Duration.ofMillis(60));

    assertThat(
            loadPhotos(
                "--call", "detect", "--find-rate", "--p99", "30", "--step", "40", "--rate", "40"))
        .isEqualTo(1);

    assertThat(out.toString()).contains("no rate held p99 <= 30 ms");
  }

  @Test
  void outGetsTextNumbersAndAPageWithPlots() throws IOException {
    assertThat(loadPhotos("--call", "detect", "--rate", "60", "--out", folder + "/results"))
        .as(err::toString)
        .isZero();

    Path results = folder.resolve("results");
    assertThat(Files.readString(results.resolve("load-detect.txt"))).isEqualTo(out.toString());
    assertThat(JsonParser.parseString(Files.readString(results.resolve("load-detect.json"))))
        .isInstanceOf(JsonObject.class);
    assertThat(Files.readString(results.resolve("load-detect.html")))
        .startsWith("<!doctype html>")
        .containsSubsequence("<svg", "<svg", "<svg")
        .contains("calls per second", "answered calls by their latency")
        .doesNotContain("NaN", "Infinity", "src=");
  }

  @Test
  void metricsAreToldAsDifferencesOverTheMeasuredTime() throws IOException {
    AtomicInteger scrapes = new AtomicInteger();
    HttpServer metrics =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    metrics.createContext(
        "/metrics",
        exchange -> {
          byte[] page =
              "# TYPE facet_items counter%nfacet_items_total %d%n"
                  .formatted(1000 * scrapes.incrementAndGet())
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    metrics.start();
    try {
      String page = "http://127.0.0.1:" + metrics.getAddress().getPort();
      assertThat(
              loadPhotos(
                  "--call",
                  "detect",
                  "--rate",
                  "20",
                  "--metrics",
                  page + "/metrics",
                  "--metrics",
                  page + "/nothing"))
          .as(err::toString)
          .isZero();

      assertThat(scrapes).hasValue(2);
      assertThat(out.toString())
          .containsPattern("facet_items_total +1,000 +1,000 +2,000")
          .contains("/nothing: not to be had");
    } finally {
      metrics.stop(0);
    }
  }

  @Test
  void aRunThatIsNotValidClaimsNothing() throws IOException {
    // No thread is punctual to a microsecond.
    assertThat(
            loadPhotos(
                "--call",
                "detect",
                "--rate",
                "100",
                "--lateness",
                "0.001",
                "--out",
                folder + "/results"))
        .isEqualTo(75);

    assertThat(out.toString())
        .contains("invalid: the generator was late", "nothing is claimed")
        .doesNotContain("of the answered");
    String json = Files.readString(folder.resolve("results/load-detect.json"));
    assertThat(json).contains("\"valid\":false", "\"result\":null");
    assertThat(Files.readString(folder.resolve("results/load-detect.html")))
        .contains("class=\"invalid\"")
        .doesNotContain("<svg");
  }

  @Test
  void whatMakesNoSenseIsRefusedBeforeAnythingIsSent() {
    assertThat(loadPhotos("--call", "detect")).isEqualTo(2);
    assertThat(loadPhotos("--call", "detect", "--rate", "5", "--clients", "2")).isEqualTo(2);
    assertThat(loadPhotos("--call", "detect", "--find-rate")).isEqualTo(2);
    assertThat(loadPhotos("--call", "paint", "--rate", "5")).isEqualTo(2);
    assertThat(load("--call", "detect", "--rate", "5")).isEqualTo(2);

    assertThat(err.toString())
        .contains("--rate, --clients or --find-rate must be given", "--photos must be given");
    assertThat(server.calls()).isZero();
  }

  @Test
  void aServiceThatIsNotThereEndsIt() {
    server.close();

    assertThat(loadPhotos("--call", "detect", "--rate", "5")).isEqualTo(69);

    assertThat(err.toString()).contains("no answer from 127.0.0.1:");
  }
}
