package dev.facet.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.models.Source;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the POM hands on is enough, and holds no server. */
class LibraryClassPathTest {
  private static final List<String> SERVER =
      List.of(
          "dev.facet.proto.detector.v1.DetectRequest",
          "io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder",
          "io.grpc.protobuf.StatusProto",
          "io.grpc.stub.AbstractStub",
          "io.micrometer.prometheusmetrics.PrometheusMeterRegistry");

  @Test
  void facesAreEmbeddedWithoutAServer(@TempDir Path cache) throws Exception {
    Process library =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                LibraryClassPathTest.class.getName(),
                cache.toString(),
                Shared.folder("models").toString(),
                Shared.folder("photos").resolve("dara_1.jpg").toString())
            .redirectErrorStream(true)
            .start();

    List<String> output = library.inputReader().lines().toList();
    assertThat(library.waitFor()).as("%s", output).isZero();
    assertThat(output).containsExactly("1 faces, server classes []");
  }

  /** The process under test. */
  public static void main(String[] args) throws IOException {
    try (FacePipeline pipeline =
        FacePipeline.builder()
            .cache(Path.of(args[0]))
            .mirror(Path.of(args[1]))
            .sources(Source.Kind.MIRROR)
            .open()) {
      int faces = pipeline.faces(Files.readAllBytes(Path.of(args[2]))).size();
      System.out.printf(
          "%d faces, server classes %s%n",
          faces, SERVER.stream().filter(LibraryClassPathTest::isThere).toList());
    }
  }

  private static boolean isThere(String name) {
    try {
      Class.forName(name, /* initialize= */ false, LibraryClassPathTest.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Classes rather than jars of this build: beside those lies all that a service needs. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(entry -> entry.replaceFirst("/target/[a-z-]+\\.jar$", "/target/classes"))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
