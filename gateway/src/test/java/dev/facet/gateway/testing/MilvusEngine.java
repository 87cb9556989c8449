package dev.facet.gateway.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Milvus' real engine out of its Python package, as one process with ports and a folder of its own,
 * so that several on a machine do not meet. The package's own starter would unpack it into every
 * folder anew, and gives every engine the same ports of etcd.
 */
final class MilvusEngine {
  private static final String PACKAGE = "milvus==2.3.5";
  private static final Pattern SETTING = Pattern.compile("( *)([A-Za-z0-9]+):([^#]*)(#.*)?");

  private static final String UNPACK =
      """
      import sys, milvus
      milvus._initialize_data_files(sys.argv[1])
      milvus.MilvusServerConfig(data_dir=sys.argv[1]).resolve()
      """;

  /** Settings that are a port each, in the order of the row; then two of etcd's. */
  private static final List<String> PORTS =
      List.of(
          "PROXY_PORT",
          "METRICS_PORT",
          "PROXY_INTERNALPORT",
          "ROOTCOORD_PORT",
          "QUERYCOORD_PORT",
          "DATACOORD_PORT",
          "QUERYNODE_PORT",
          "DATANODE_PORT",
          "INDEXNODE_PORT");

  private static final int ROW = PORTS.size() + 2;

  /** Parts that tell the others where they are: else the first address of the machine. */
  private static final List<String> PARTS =
      List.of(
          "PROXY", "ROOTCOORD", "QUERYCOORD", "DATACOORD", "QUERYNODE", "DATANODE", "INDEXNODE");

  private final Path home;
  private final Path engine;
  private final int firstPort;
  private final Map<String, String> settings;

  /**
   * An engine with its data in the folder; not started.
   *
   * @param settings of Milvus, by their paths in its file
   * @throws IOException when it cannot be installed
   */
  MilvusEngine(Path home, Map<String, String> settings) throws IOException {
    this.home = Files.createDirectories(home);
    this.settings = settings;
    engine = installed();
    firstPort = Ports.row(ROW);
    Files.createDirectories(home.resolve("configs"));
    for (String file : List.of("milvus.yaml", "glog.conf")) {
      Path configs = Path.of("configs", file);
      Files.copy(engine.resolve(configs), home.resolve(configs));
    }
  }

  private static Path installed() throws IOException {
    Path python = PythonEnvironment.of("milvus-2.3.5", "setuptools==79.0.1", PACKAGE);
    Path engine = ToolCache.folder().resolve("milvus-2.3.5-engine");
    Path done = engine.resolve("unpacked");
    ToolCache.install(
        "milvus-2.3.5-engine",
        () -> {
          if (!Files.exists(done)) {
            String program = python.resolve("bin/python").toString();
            PythonEnvironment.run(List.of(program, "-c", UNPACK, engine.toString()));
            Files.createFile(done);
          }
        });
    return engine;
  }

  /** The port of its API; the same over restarts. */
  int port() {
    return firstPort;
  }

  private Path file() {
    return home.resolve("configs/milvus.yaml");
  }

  /** What starts it. */
  ProcessBuilder program() throws IOException {
    ProcessBuilder program =
        new ProcessBuilder(engine.resolve("bin/milvus").toString(), "run", "standalone")
            .directory(home.toFile());
    Path etcd = Files.writeString(home.resolve("etcd.yaml"), etcd());
    Map<String, String> variables = program.environment();
    // A variable of this process' may be a key of its settings.
    variables.keySet().retainAll(List.of("PATH", "HOME", "TMPDIR"));
    variables.put("LD_LIBRARY_PATH", engine.resolve("bin").toString());
    variables.put("MILVUSCONF", home.resolve("configs").toString());
    variables.put("DEPLOY_MODE", "STANDALONE");
    variables.put("ETCD_CONFIG_PATH", etcd.toString());
    variables.put("ETCD_DATA_DIR", home.resolve("etcd").toString());
    variables.put("ETCD_LOG_PATH", "stdout");
    variables.put("ETCD_LOG_LEVEL", "warn");
    variables.put("ROCKSMQ_PATH", home.resolve("queue").toString());
    variables.put("LOCALSTORAGE_PATH", home.resolve("rows").toString());
    variables.put("LOG_FILE_ROOTPATH", "");
    for (int i = 0; i < PORTS.size(); i++) {
      variables.put(PORTS.get(i), Integer.toString(firstPort + i));
    }
    PARTS.forEach(part -> variables.put(part + "_IP", "127.0.0.1"));
    settings.forEach((path, value) -> variables.put(variable(path), value));
    return program;
  }

  /** The variable that stands for a setting. */
  static String variable(String path) {
    return path.replace('.', '_').toUpperCase(Locale.ROOT);
  }

  private String etcd() {
    String clients = "http://127.0.0.1:" + (firstPort + PORTS.size());
    String peers = "http://127.0.0.1:" + (firstPort + PORTS.size() + 1);
    return """
        name: default
        listen-client-urls: %1$s
        advertise-client-urls: %1$s
        listen-peer-urls: %2$s
        initial-advertise-peer-urls: %2$s
        initial-cluster: default=%2$s
        """
        .formatted(clients, peers);
  }

  /**
   * Changes a setting in its file, which it reads every few seconds.
   *
   * @param path in the file, with dots
   */
  void set(String path, String value) throws IOException {
    List<String> lines = new ArrayList<>();
    Deque<String> names = new ArrayDeque<>();
    boolean found = false;
    for (String line : Files.readAllLines(file())) {
      Matcher setting = SETTING.matcher(line);
      if (setting.matches()) {
        while (names.size() > setting.group(1).length() / 2) {
          names.removeLast();
        }
        names.addLast(setting.group(2));
        if (String.join(".", names).equals(path)) {
          found = true;
          lines.add(setting.group(1) + setting.group(2) + ": " + value);
          continue;
        }
      }
      lines.add(line);
    }
    if (!found) {
      throw new IllegalArgumentException("Milvus has no setting " + path);
    }
    Path fresh = Files.write(file().resolveSibling("milvus.yaml.fresh"), lines);
    Files.move(fresh, file(), StandardCopyOption.ATOMIC_MOVE);
  }
}
