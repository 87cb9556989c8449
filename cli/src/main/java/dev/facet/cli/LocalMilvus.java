package dev.facet.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Milvus of one machine, as a service beside ours, with its data in one folder.
 *
 * @param engine installed
 * @param data what it keeps
 */
record LocalMilvus(MilvusPackage engine, Path data) {

  /*
   * What the engine (2.3.5) gets wrong, and what is done here.
   *
   * Ports. It takes a dozen. Those of its etcd are fixed unless a file of etcd's own says otherwise,
   * so that two engines on a machine meet; and the parts find each other by addresses that etcd
   * keeps, so that with other ports than the last time it looks for its former self until their
   * lease has ended. All ports are one row of free ones, and the folder of the data remembers it.
   *
   * Interfaces. It listens on all of them, whatever it is told; only etcd can be held to loopback.
   * There is no other way than to say so.
   *
   * Leases. They are not given back at the end, so that after a restart collections are served by
   * parts that are gone until the lease has ended: 30 s by its own settings, 10 s by ours.
   *
   * Ending. Asked to end, it works for minutes on what it cannot finish, its parts being gone, or
   * panics at once. What it acknowledged is in its log by then and is there after SIGKILL, so it gets
   * SIGTERM and a moment, and where this process dies SIGKILL at once.
   */

  private static final String HOST = "127.0.0.1";
  private static final Duration LONGEST_STOP = Duration.ofSeconds(3);

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

  /** Starts it. */
  ServiceProcess start(Path log) {
    try {
      Files.createDirectories(data);
      int first = row();
      Path etcd = Files.writeString(data.resolve("etcd.yaml"), etcd(first + PORTS.size()));
      List<String> command = new ArrayList<>(Services.detached("KILL"));
      command.addAll(List.of(engine.program().toString(), "run", "standalone"));
      ProcessBuilder program = new ProcessBuilder(command).directory(data.toFile());
      configure(program.environment(), first, etcd);
      Ports.Doors doors = new Ports.Doors(first, first + 1);
      return new ServiceProcess(
          "milvus", program, doors, log, new MilvusAnswers(first), LONGEST_STOP);
    } catch (IOException e) {
      throw CommandFailure.file(data, e);
    }
  }

  /** The row of ports of the last time, or a new one where somebody took one of them. */
  private int row() throws IOException {
    Path kept = data.resolve("first-port");
    String last = Files.exists(kept) ? Files.readString(kept) : "";
    if (last.matches("[23]\\d{4}") && Ports.isFree(Integer.parseInt(last), ROW)) {
      return Integer.parseInt(last);
    }
    int first = Ports.row(ROW);
    Files.writeString(kept, Integer.toString(first));
    return first;
  }

  /** Every key of its settings is a variable, too, in capitals and with _ for each dot. */
  private void configure(Map<String, String> variables, int firstPort, Path etcd) {
    // Nothing of this process': a variable of another's may be a key of its settings.
    variables.keySet().retainAll(List.of("PATH", "HOME", "TMPDIR"));
    variables.put("LD_LIBRARY_PATH", engine.libraries().toString());
    variables.put("MILVUSCONF", engine.settings().toString());
    variables.put("DEPLOY_MODE", "STANDALONE");
    variables.put("ETCD_CONFIG_PATH", etcd.toString());
    variables.put("ETCD_DATA_DIR", data.resolve("etcd").toString());
    variables.put("ETCD_LOG_PATH", "stdout");
    variables.put("ETCD_LOG_LEVEL", "warn");
    variables.put("ROCKSMQ_PATH", data.resolve("queue").toString());
    variables.put("LOCALSTORAGE_PATH", data.resolve("rows").toString());
    variables.put("LOG_FILE_ROOTPATH", "");
    variables.put("COMMON_SESSION_TTL", "10");
    for (int i = 0; i < PORTS.size(); i++) {
      variables.put(PORTS.get(i), Integer.toString(firstPort + i));
    }
    PARTS.forEach(part -> variables.put(part + "_IP", HOST));
  }

  private static String etcd(int firstPort) {
    String clients = "http://" + HOST + ":" + firstPort;
    String peers = "http://" + HOST + ":" + (firstPort + 1);
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
}
