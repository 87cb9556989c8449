package dev.facet.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.facet.proto.embedder.v1.EmbedderServiceGrpc;
import io.grpc.Status;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An embedder as a process of its own, through what takes its time or its machine. */
@Tag("faults")
@Timeout(7_200)
class EmbedderFaultsIT {
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  @TempDir private Path folder;
  private int adminPort;

  /** M16, for FACET_FAULTS_MINUTES; an hour if nothing is said. */
  @Test
  void memoryAndFilesDoNotGrowUnderMixedLoad() throws Exception {
    int minutes = Integer.parseInt(System.getenv().getOrDefault("FACET_FAULTS_MINUTES", "60"));
    List<Double> megabytes = new ArrayList<>();
    List<Long> files = new ArrayList<>();
    try (ServiceProcess embedder =
        start(
            List.of(
                "env",
                "MALLOC_ARENA_MAX=2", // as facet up and the images start it
                "_JAVA_OPTIONS=-Xms192m -Xmx192m -XX:+AlwaysPreTouch"))) {
      EmbedderLoad load = new EmbedderLoad(embedder.channel(), 8, EmbedderLoad::mixed);
      // The first third compiles and fills the native arenas; every ten seconds of the rest count.
      pause(Duration.ofSeconds(60L * minutes / 3));
      for (int i = 0; i < 4 * minutes; i++) {
        pause(Duration.ofSeconds(10));
        megabytes.add(resident(embedder) / 1e6);
        files.add(openFiles(embedder));
      }
      load.end();
      System.out.printf(
          "M16: %d minutes, %s; RSS %.0f MB to %.0f MB, %.2f MB/min; files %s%n",
          minutes,
          load.answers(),
          megabytes.getFirst(),
          megabytes.getLast(),
          6 * slope(megabytes),
          files.stream().distinct().toList());
      assertThat(load.answers())
          .containsKeys(
              Status.Code.OK,
              Status.Code.NOT_FOUND,
              Status.Code.INVALID_ARGUMENT,
              Status.Code.CANCELLED);
      assertThat(6 * slope(megabytes)).isLessThan(1);
      assertThat(files.getLast()).isLessThanOrEqualTo(files.getFirst() + 3);
      assertThat(embedder.serving()).isTrue();
    }
  }

  /** M17. */
  @Test
  void clientKilledInTheMiddleOfItsUploadsLeavesNothingBehind() throws Exception {
    try (ServiceProcess embedder = start(List.of())) {
      long before = openFiles(embedder);
      for (int i = 0; i < 5; i++) {
        Process client =
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    LeavingClient.class.getName(),
                    embedder.address())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(client.inputReader().readLine()).isEqualTo("uploading");
        assertThat(metric("grpc_server_call_active")).isGreaterThanOrEqualTo(50);
        client.destroyForcibly().waitFor();
      }
      until(() -> metric("grpc_server_call_active") == 0);
      until(() -> metric("facet_batch_queued") == 0);
      until(() -> openFiles(embedder) <= before + 1);
      embed(embedder, 1, new Random(1));
    }
  }

  /** M18: on a fifth of a processor it sheds, stays ready, and takes no run for stuck. */
  @Test
  void starvedServiceShedsAndStaysReady() throws Exception {
    Path group = Path.of("/sys/fs/cgroup/cpu/facet-" + ProcessHandle.current().pid());
    assumeTrue(canLimit(group), "needs root and cgroup v1 with a CFS quota");
    try (ServiceProcess embedder =
        start(List.of(), "watchdog.suspend=5s", "watchdog.halt=15s", "batch.queue=32")) {
      Files.writeString(group.resolve("cpu.cfs_quota_us"), "20000");
      Files.writeString(group.resolve("cgroup.procs"), Long.toString(embedder.pid()));
      EmbedderLoad load =
          new EmbedderLoad(
              embedder.channel(),
              32,
              (stub, random) ->
                  stub.withDeadlineAfter(2, TimeUnit.SECONDS)
                      .embed(EmbedderLoad.request(random, 4)));
      for (int i = 0; i < 60; i++) {
        pause(Duration.ofSeconds(1));
        assertThat(httpStatus("/readyz")).isEqualTo(200);
      }
      load.end();
      System.out.println("M18: " + load.answers());
      assertThat(load.answers()).containsKeys(Status.Code.OK, Status.Code.UNAVAILABLE);
      Files.writeString(group.resolve("cpu.cfs_quota_us"), "-1");
      embed(embedder, 4, new Random(1));
      assertThat(embedder.output()).doesNotContain("A run takes too long");
    } finally {
      until(() -> Files.readString(group.resolve("cgroup.procs")).isBlank());
      Files.delete(group);
    }
  }

  /** M19. */
  @Test
  void heapThatRunsOutEndsTheProcess() throws Exception {
    try (ServiceProcess embedder = start(List.of("env", "_JAVA_OPTIONS=-Xmx48m"))) {
      EmbedderLoad load =
          new EmbedderLoad(embedder.channel(), 64, (stub, random) -> embed(stub, 200, random));
      assertThat(embedder.process().waitFor(120, TimeUnit.SECONDS)).isTrue();
      assertThat(embedder.process().exitValue()).isEqualTo(3);
      assertThat(embedder.output()).contains("Terminating due to java.lang.OutOfMemoryError");
      load.end();
    }
  }

  /** M20. */
  @Test
  void firstHundredCallsAreNearlyAsQuickAsLaterOnes() throws Exception {
    try (ServiceProcess embedder = start(List.of())) {
      try (ServiceProcess other = start(List.of())) { // warms this client
        times(other, 300);
      }
      double first = percentile99(times(embedder, 100));
      times(embedder, 1_000);
      double steady = percentile99(times(embedder, 1_000));
      System.out.printf("M20: p99 of the first 100 %.1f ms, steady %.1f ms%n", first, steady);
      assertThat(first).isLessThan(3 * steady);
    }
  }

  private ServiceProcess start(List<String> prefix, String... settings) throws Exception {
    Path mirror = Repository.SHARED.resolve("models");
    assumeTrue(Files.isDirectory(mirror), "FACET_SHARED names no folder with models/");
    adminPort = ServiceProcess.freePort();
    String[] always = {
      "models.mirror=" + mirror,
      "models.cache=" + folder.resolve("cache"),
      "models.sources=mirror",
      "admin.port=" + adminPort
    };
    ServiceProcess embedder =
        ServiceProcess.start(
            "embedder-service",
            prefix,
            folder,
            ServiceProcess.freePort(),
            Stream.of(always, settings).flatMap(Stream::of).toArray(String[]::new));
    try {
      return embedder.awaitReady();
    } catch (Exception e) {
      embedder.close();
      throw e;
    }
  }

  private static void embed(ServiceProcess embedder, int crops, Random random) {
    embed(EmbedderServiceGrpc.newBlockingStub(embedder.channel()), crops, random);
  }

  private static void embed(
      EmbedderServiceGrpc.EmbedderServiceBlockingStub stub, int crops, Random random) {
    stub.withDeadlineAfter(1, TimeUnit.MINUTES).embed(EmbedderLoad.request(random, crops));
  }

  /** Milliseconds of single calls, one after the other. */
  private static double[] times(ServiceProcess embedder, int calls) {
    double[] times = new double[calls];
    Random random = new Random(1);
    for (int i = 0; i < calls; i++) {
      long start = System.nanoTime();
      embed(embedder, 1, random);
      times[i] = (System.nanoTime() - start) / 1e6;
    }
    return times;
  }

  private static double percentile99(double[] times) {
    double[] sorted = Arrays.stream(times).sorted().toArray();
    return sorted[(int) Math.ceil(0.99 * sorted.length) - 1];
  }

  /** Of least squares, a step. */
  private static double slope(List<Double> values) {
    double middle = (values.size() - 1) / 2.0;
    double products = 0;
    double squares = 0;
    for (int i = 0; i < values.size(); i++) {
      products += (i - middle) * values.get(i);
      squares += (i - middle) * (i - middle);
    }
    return products / squares;
  }

  private static long resident(ServiceProcess service) throws IOException {
    try (Stream<String> lines = Files.lines(proc(service, "status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> NUMBER.matcher(line).results().findFirst().orElseThrow().group())
          .mapToLong(kibibytes -> Long.parseLong(kibibytes) * 1024)
          .findFirst()
          .orElseThrow();
    }
  }

  private static long openFiles(ServiceProcess service) throws IOException {
    try (Stream<Path> files = Files.list(proc(service, "fd"))) {
      return files.count();
    }
  }

  /** A prefix such as env has given its process to the JVM. */
  private static Path proc(ServiceProcess service, String file) {
    return Path.of("/proc", Long.toString(service.pid()), file);
  }

  private static boolean canLimit(Path group) {
    try {
      Files.createDirectory(group);
      return Files.isWritable(group.resolve("cpu.cfs_quota_us"));
    } catch (IOException e) {
      return false;
    }
  }

  /** The sum over all tags. */
  private double metric(String name) throws Exception {
    return page("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private int httpStatus(String path) throws Exception {
    return page(path).statusCode();
  }

  private HttpResponse<String> page(String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:%d%s".formatted(adminPort, path));
      return client.send(
          HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  /** Something that will be so, if all is well. */
  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void until(Condition condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("time for it").isLessThan(end);
      pause(Duration.ofMillis(100));
    }
  }

  private static void pause(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }
}
