package dev.facet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code facet up} as a process, starting services that only say they are healthy. */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class UpTest {

  /** Those that an engine takes in a row: one that comes back wants those of the last time. */
  private static final String PORTS = "UpTest.ports";

  private static final List<String> MODULES =
      List.of("gateway", "detector-service", "embedder-service");

  @TempDir private Path home;
  private Path mirror = SharedModels.folder();
  private Optional<String> path = Optional.empty();
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void installation() throws IOException {
    assumeTrue(Files.isDirectory(mirror), "needs the model files in FACET_SHARED/models");
    for (String module : MODULES) {
      Path target = Files.createDirectories(home.resolve(module).resolve("target"));
      Manifest manifest = new Manifest();
      Attributes attributes = manifest.getMainAttributes();
      attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
      attributes.put(Attributes.Name.MAIN_CLASS, FakeService.class.getName());
      attributes.put(Attributes.Name.CLASS_PATH, classPath());
      try (var jar = Files.newOutputStream(target.resolve(module + ".jar"))) {
        new JarOutputStream(jar, manifest).close();
      }
    }
  }

  @AfterEach
  void endAll() {
    started.forEach(up -> up.descendants().forEach(ProcessHandle::destroyForcibly));
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void isReadyWhenAllAreAndStopsTheGatewayFirst() throws Exception {
    Process up = up("one");
    JsonObject ready = ready(up);
    assertThat(ready.get("detector").getAsString()).isEqualTo("yunet");
    assertThat(ready.get("embedder").getAsString()).isEqualTo("edgeface-xs");
    assertThat(pids(ready)).hasSize(3).allMatch(UpTest::isAlive);

    up.destroy();

    assertThat(up.waitFor()).isEqualTo(143);
    assertThat(pids(ready)).noneMatch(UpTest::isAlive);
    assertThat(Files.readAllLines(home.resolve("stopped"))).isEqualTo(MODULES);
  }

  /** M19: a service without heap ends, rather than half of it. */
  @Test
  void everyServiceEndsWithItsHeap() throws Exception {
    JsonObject ready = ready(up("one"));
    for (long pid : pids(ready)) {
      assertThat(ProcessHandle.of(pid).orElseThrow().info().commandLine().orElseThrow())
          .contains("-XX:+ExitOnOutOfMemoryError")
          .contains("-Xmx");
    }
  }

  @Test
  void severalModelsAreServedAndTheFirstIsTheDefault() throws Exception {
    Process up = up("one", "--embedder", "mobilefacenet,edgeface-xs", "--detector", "yunet");
    JsonObject ready = ready(up);
    List<String> notes =
        up.errorReader().lines().takeWhile(line -> !line.startsWith("starting")).toList();

    assertThat(ready.get("embedder").getAsString()).isEqualTo("mobilefacenet");
    assertThat(ready.getAsJsonArray("embedders"))
        .hasToString("[\"mobilefacenet\",\"edgeface-xs\"]");
    assertThat(ready.getAsJsonArray("detectors")).hasToString("[\"yunet\"]");
    assertThat(Files.readAllLines(home.resolve("embedder-service").resolve("arguments")))
        .contains("models.serve=mobilefacenet,edgeface-xs");
    assertThat(Files.readAllLines(home.resolve("detector-service").resolve("arguments")))
        .contains("models.serve=yunet");
    assertThat(notes)
        .contains("embedder edgeface-xs (BSD-3-Clause): asked for")
        .anyMatch(line -> line.matches("embedder mobilefacenet \\(.+\\): asked for, the default"))
        .anyMatch(line -> line.matches("detector yunet \\(.+\\): asked for"));
  }

  @Test
  void keysAreDemandedOfAFirstKeyThatOnlyItsOwnerReads() throws Exception {
    Path file = home.resolve("one").resolve("admin.key");
    JsonObject ready = ready(up("one", "--keys"));
    assertThat(ready.get("key_file").getAsString()).isEqualTo(file.toString());
    assertThat(Files.readString(file)).matches("facet_[0-9a-f]{16}_[0-9a-f]{64}\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readAllLines(home.resolve("gateway").resolve("arguments")))
        .contains("access.mode=keys", "access.initial-key-file=" + file);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--embedder | edgeface-xs,edgeface-xs | --embedder must name each once",
        "--embedder | edgeface-xs,edgefase    | edgefase",
        "--detector | yunet,edgeface-xs       | edgeface-xs is not one of [yunet"
      })
  void aListThatMakesNoSenseIsMisuseAndStartsNothing(String option, String list, String message)
      throws Exception {
    Process up = up("one", option, list);

    assertThat(up.waitFor()).isEqualTo(2);
    assertThat(up.errorReader().lines().collect(Collectors.joining("\n"))).contains(message);
    assertThat(home.resolve("gateway").resolve("arguments")).doesNotExist();
  }

  @Test
  void whenAServiceDiesAllEndWithItsName() throws Exception {
    Process up = up("one");
    JsonObject ready = ready(up);
    ProcessHandle.of(pid(ready, "detector")).orElseThrow().destroyForcibly();

    assertThat(up.waitFor()).isEqualTo(69);
    assertThat(up.errorReader().lines().collect(Collectors.joining("\n")))
        .contains("facet: the detector ended with exit code 137");
    assertThat(pids(ready)).noneMatch(UpTest::isAlive);
  }

  @Test
  void aSecondOneOnTheSameDataIsRefusedByName() throws Exception {
    Process first = up("one");
    ready(first);
    Process second = up("one");

    assertThat(second.waitFor()).isEqualTo(69);
    assertThat(second.errorReader().lines())
        .anyMatch(line -> line.endsWith("another facet up (process %d)".formatted(first.pid())));
  }

  @Test
  void whereNothingCanBeHadOneMessageSaysWhatToCopyWhere() throws Exception {
    mirror = Files.createDirectory(home.resolve("empty"));
    Process up = up("one", "--sources", "mirror");

    assertThat(up.waitFor()).isEqualTo(69);
    List<String> lines = up.errorReader().lines().toList();
    assertThat(lines).first().isEqualTo("facet: no detector and no embedder can be had");
    assertThat(lines)
        .contains(
            "  yunet: mirror: no file %s; upstream: left out"
                .formatted(mirror.resolve("yunet_n_dynamic.onnx")),
            "  yunet: yunet_n_dynamic.onnx",
            "  mtcnn: pnet.pt, rnet.pt, onet.pt")
        .filteredOn(line -> line.startsWith("  dlib-resnet: "))
        .hasSize(2);
    assertThat(lines).last().asString().contains("facet models bundle DIR");
    assertThat(lines.size()).isLessThan(30);
  }

  @Test
  void modelsThatWereAskedForAreMissedTogether() throws Exception {
    mirror = Files.createDirectory(home.resolve("empty"));
    Process up =
        up("one", "--sources", "mirror", "--detector", "mtcnn", "--embedder", "mobilefacenet");

    assertThat(up.waitFor()).isEqualTo(69);
    assertThat(up.errorReader().lines())
        .hasSize(7)
        .contains("facet: no detector and no embedder can be had")
        .noneMatch(line -> line.contains("yunet"));
  }

  @Test
  void registriesAloneGiveAPairOfModels() throws Exception {
    assumeTrue(registriesAnswer(), "needs pip's and npm's registries");
    Process up = up("one", "--sources", "registry");
    JsonObject ready = ready(up);

    assertThat(ready.get("detector").getAsString()).isEqualTo("mtcnn");
    assertThat(ready.get("embedder").getAsString()).isEqualTo("dlib-resnet");
  }

  /** Whether a look at each within seconds is answered. */
  private static boolean registriesAnswer() throws InterruptedException {
    return succeeds("npm", "view", "@vladmandic/face-api@1.7.15", "version", "--fetch-retries=0")
        && succeeds("pip", "index", "versions", "facenet-pytorch", "--timeout=5", "--retries=0");
  }

  private static boolean succeeds(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      boolean ended = process.waitFor(20, TimeUnit.SECONDS);
      process.destroyForcibly();
      return ended && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void killedItTakesItsServicesWithIt() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "needs util-linux' setpriv");
    Process up = up("one");
    JsonObject ready = ready(up);
    List<ProcessHandle> services =
        pids(ready).stream().map(pid -> ProcessHandle.of(pid).orElseThrow()).toList();
    up.destroyForcibly();

    for (ProcessHandle service : services) {
      service.onExit().get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  @ResourceLock(value = PORTS, mode = ResourceAccessMode.READ)
  void aMilvusOfItsOwnIsThereBeforeTheGatewayAndStopsLast() throws Exception {
    fakeEngine();
    Process up = up("one", "--milvus", "local");
    JsonObject ready = ready(up);
    JsonObject milvus = ready.getAsJsonObject("services").getAsJsonObject("milvus");
    assertThat(Files.readAllLines(home.resolve("gateway").resolve("arguments")))
        .contains("milvus.server.uri=http://" + milvus.get("address").getAsString());

    up.destroy();

    assertThat(up.waitFor()).isEqualTo(143);
    assertThat(Files.readAllLines(home.resolve("stopped")))
        .isEqualTo(Stream.concat(MODULES.stream(), Stream.of("milvus")).toList());
    // It was asked, and did not end.
    assertThat(isAlive(milvus.get("pid").getAsLong())).isFalse();
  }

  @Test
  @ResourceLock(PORTS)
  void itsPortsAreThoseOfTheLastTimeUnlessOneIsTaken() throws Exception {
    fakeEngine();
    int first = milvusPort(stopped(up("one", "--milvus", "local")));
    assertThat(milvusPort(stopped(up("one", "--milvus", "local")))).isEqualTo(first);

    try (ServerSocket _ = new ServerSocket(first + 3, 1, InetAddress.getLoopbackAddress())) {
      assertThat(milvusPort(stopped(up("one", "--milvus", "local")))).isNotEqualTo(first);
    }
  }

  @Test
  @ResourceLock(value = PORTS, mode = ResourceAccessMode.READ)
  void whenItsMilvusDiesAllEndWithItsName() throws Exception {
    fakeEngine();
    Process up = up("one", "--milvus", "local");
    JsonObject ready = ready(up);
    ProcessHandle.of(pid(ready, "milvus")).orElseThrow().destroyForcibly();

    assertThat(up.waitFor()).isEqualTo(69);
    assertThat(up.errorReader().lines())
        .contains(
            "facet: the milvus ended with exit code 137; its log %s ends:"
                .formatted(home.resolve("one/logs/milvus.log")));
    assertThat(pids(ready)).noneMatch(UpTest::isAlive);
  }

  @Test
  @ResourceLock(value = PORTS, mode = ResourceAccessMode.READ)
  void killedItTakesItsMilvusWithIt() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "needs util-linux' setpriv");
    fakeEngine();
    Process up = up("one", "--milvus", "local");
    ProcessHandle milvus = ProcessHandle.of(pid(ready(up), "milvus")).orElseThrow();
    up.destroyForcibly();

    // By SIGKILL: it does not end when it is only asked to.
    milvus.onExit().get(60, TimeUnit.SECONDS);
  }

  @Test
  void withoutPythonItSaysWhatToInstallAndStartsNothing() throws Exception {
    path = Optional.of(Files.createDirectory(home.resolve("no-programs")).toString());
    Process up = up("one", "--milvus", "local");

    assertThat(up.waitFor()).isEqualTo(69);
    assertThat(up.errorReader().lines())
        .last()
        .asString()
        .startsWith("facet: --milvus local: it needs python3")
        .contains("apt install python3-venv");
    assertThat(home.resolve("gateway").resolve("arguments")).doesNotExist();
  }

  /** An engine that is installed, as far as anybody can see. */
  private void fakeEngine() throws IOException {
    Path engine = home.resolve("user-cache/facet/milvus-2.3.5");
    Path program = Files.createDirectories(engine.resolve("engine/bin")).resolve("milvus");
    Files.writeString(
        program,
        "#!/bin/sh\nexec '%s' -XX:TieredStopAtLevel=1 -cp '%s' %s '%s'\n"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                FakeMilvus.class.getName(),
                home.resolve("stopped")));
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Files.createFile(engine.resolve("installed"));
  }

  /** What it said when it was ready; it has ended now. */
  private static JsonObject stopped(Process up) throws Exception {
    JsonObject ready = ready(up);
    up.destroy();
    up.waitFor();
    return ready;
  }

  private static int milvusPort(JsonObject ready) {
    JsonObject milvus = ready.getAsJsonObject("services").getAsJsonObject("milvus");
    return Integer.parseInt(milvus.get("address").getAsString().replaceFirst(".*:", ""));
  }

  private Process up(String data, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dfacet.home=" + home,
                "-cp",
                System.getProperty("java.class.path"),
                FacetMain.class.getName(),
                "up",
                "--json",
                "--data",
                home.resolve(data).toString(),
                "--cache",
                home.resolve("cache").toString(),
                "--mirror",
                mirror.toString(),
                "--ports",
                "auto"));
    command.addAll(List.of(more));
    ProcessBuilder program = new ProcessBuilder(command);
    program.environment().put("XDG_CACHE_HOME", home.resolve("user-cache").toString());
    path.ifPresent(folders -> program.environment().put("PATH", folders));
    Process process = program.start();
    started.add(process);
    return process;
  }

  private static JsonObject ready(Process up) throws IOException {
    String line = up.inputReader().readLine();
    assertThat(line).as("the line that says ready").isNotNull();
    JsonObject ready = JsonParser.parseString(line).getAsJsonObject();
    assertThat(ready.get("ready").getAsBoolean()).isTrue();
    return ready;
  }

  private static List<Long> pids(JsonObject ready) {
    return Stream.of("gateway", "detector", "embedder").map(name -> pid(ready, name)).toList();
  }

  private static long pid(JsonObject ready, String service) {
    return ready.getAsJsonObject("services").getAsJsonObject(service).get("pid").getAsLong();
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path", "").split(File.pathSeparator, -1))
        .map(entry -> Path.of(entry).toUri().toString())
        .collect(Collectors.joining(" "));
  }
}
