package dev.facet.deploy;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Renders folders as {@code kubectl apply -k} does: with kubectl, or else with kustomize, built
 * once for a machine by Go's own client. Skips the test where there is neither.
 */
final class Kustomize {
  private static final String MODULE = "sigs.k8s.io/kustomize/kustomize/v5@v5.7.1";
  private static final Map<Path, List<Manifest>> RENDERED = new ConcurrentHashMap<>();

  private Kustomize() {}

  /** The overlays that are applied as they are. */
  static final List<String> OVERLAYS = List.of("laptop", "cpu", "gpu");

  static List<Manifest> overlay(String name) {
    return render(Repository.ROOT.resolve("deploy/overlays").resolve(name));
  }

  /** The objects of a folder, in its order. */
  static synchronized List<Manifest> render(Path folder) {
    List<Manifest> known = RENDERED.get(folder);
    if (known == null) {
      known = Manifest.parse(text(folder));
      RENDERED.put(folder, known);
    }
    return known;
  }

  /** An overlay with components, as a user's own kustomization would have it. */
  static List<Manifest> render(String overlay, List<String> components) {
    Path folder = Repository.ROOT.resolve("deploy/target/with/" + overlay);
    StringBuilder text = new StringBuilder("namespace: facet\nresources: [../../../overlays/");
    text.append(overlay).append("]\ncomponents:\n");
    components.forEach(name -> text.append("  - ../../../components/" + name + "\n"));
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("kustomization.yaml"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Manifest.parse(text(folder));
  }

  private static String text(Path folder) {
    List<String> program = Program.COMMAND;
    if (program == null) {
      return abort("manifests: neither kubectl nor kustomize, and no Go to build it");
    }
    try {
      List<String> command = new ArrayList<>(program);
      command.add(folder.toString());
      return Tool.run(Repository.ROOT, Map.of(), command);
    } catch (IOException e) {
      throw new AssertionError(folder + " cannot be rendered: " + e.getMessage(), e);
    }
  }

  private static final class Program {
    static final @Nullable List<String> COMMAND = find();

    private static @Nullable List<String> find() {
      if (Tool.onPath("kubectl")) {
        return List.of("kubectl", "kustomize");
      }
      if (Tool.onPath("kustomize")) {
        return List.of("kustomize", "build");
      }
      Path built = Tool.cache().resolve("kustomize");
      if (!Files.isExecutable(built)) {
        try {
          Map<String, String> into = Map.of("GOBIN", Tool.cache().toString());
          Tool.run(Tool.cache(), into, List.of("go", "install", MODULE));
        } catch (IOException e) {
          return null;
        }
      }
      return List.of(built.toString(), "build");
    }
  }
}
