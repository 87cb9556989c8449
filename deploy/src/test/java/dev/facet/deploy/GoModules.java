package dev.facet.deploy;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;

/**
 * Files out of published Go modules, fetched by Go's own client; skips the test where that cannot
 * be done. Schemas of Kubernetes and of operators are published in no other registry.
 */
final class GoModules {
  private GoModules() {}

  /**
   * A module's file, kept for the next time.
   *
   * @param module path@version
   * @param file its path in the module
   */
  static Path file(String module, String file) {
    Path kept =
        Tool.cache()
            .resolve("schemas")
            .resolve(module.replace('/', '+'))
            .resolve(file.substring(file.lastIndexOf('/') + 1));
    if (Files.exists(kept)) {
      return kept;
    }
    assumeTrue(Tool.onPath("go"), "schemas: Go, which fetches them, is not installed");
    try (ZipFile archive = new ZipFile(archive(module));
        InputStream content = archive.getInputStream(archive.getEntry(module + "/" + file))) {
      Files.createDirectories(kept.getParent());
      Path part = Files.createTempFile(kept.getParent(), "schema", ".part");
      Files.write(part, content.readAllBytes());
      return Files.move(part, kept);
    } catch (IOException e) {
      return abort("schemas: Go's module proxy did not give " + module);
    }
  }

  private static String archive(String module) throws IOException {
    String answer =
        Tool.run(
            Tool.cache(),
            Map.of("GOFLAGS", "-mod=mod"),
            List.of("go", "mod", "download", "-json", module));
    return new JsonMapper().readTree(answer).path("Zip").asText();
  }
}
