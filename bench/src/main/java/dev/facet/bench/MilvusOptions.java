package dev.facet.bench;

import dev.facet.gateway.gallery.milvus.MilvusSettings;
import dev.facet.gateway.gallery.milvus.MilvusSettings.Index;
import dev.facet.gateway.gallery.milvus.MilvusSettings.Server;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where Milvus is, and what can be known of it from outside. */
final class MilvusOptions {

  @Option(
      names = "--milvus",
      paramLabel = "URI",
      defaultValue = "http://127.0.0.1:19530",
      description = "The store milvus's server (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String uri;

  @Option(
      names = "--milvus-pid",
      paramLabel = "N",
      description = "The server's process, if on this machine: its memory counts as the store's.")
  private @Nullable Integer process;

  @Option(
      names = "--milvus-data",
      paramLabel = "DIR",
      description = "The server's folder, if on this machine: its growth is the store's.")
  private @Nullable Path data;

  MilvusSettings settings(int ef) {
    MilvusSettings known = MilvusSettings.of(uri);
    Server server = known.server();
    Index index = known.index();
    return new MilvusSettings(
        new Server(
            server.uri(),
            server.token(),
            server.database(),
            server.serverName(),
            server.caFile(),
            server.certificateFile(),
            server.keyFile(),
            "facet_bench"),
        new Index(index.m(), index.efConstruction(), ef, index.shards(), index.replicas()),
        known.calls(),
        known.tail());
  }

  long memory() {
    return process == null
        ? 0
        : Optional.ofNullable(Memory.resident(process.toString())).orElse(0L);
  }

  long disk() {
    return data == null ? 0 : Scratch.bytes(data);
  }
}
