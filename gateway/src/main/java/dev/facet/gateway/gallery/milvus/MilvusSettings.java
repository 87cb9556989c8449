package dev.facet.gateway.gallery.milvus;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How to reach and use Milvus.
 *
 * @param server where it is
 * @param index how its collections are indexed
 * @param calls how long calls may take, and when a server counts as dead
 * @param tail what a gateway keeps of what is not yet in Milvus
 */
public record MilvusSettings(Server server, Index index, Calls calls, Tail tail) {

  /**
   * Where Milvus is.
   *
   * @param uri {@code http://host:port} or {@code https://host:port}
   * @param token {@code user:password} or an API key; empty for none
   * @param database empty for the default one
   * @param serverName that its certificate is for; with a CA file it must be given
   * @param prefix of the names of Facet's collections, so that several Facets can share a server
   */
  public record Server(
      String uri,
      String token,
      String database,
      Optional<String> serverName,
      Optional<Path> caFile,
      Optional<Path> certificateFile,
      Optional<Path> keyFile,
      String prefix) {

    /** Says nothing of the token. */
    @Override
    public String toString() {
      return "Server[database=" + database + ", prefix=" + prefix + "]";
    }
  }

  /**
   * The HNSW graph.
   *
   * @param m links of a node
   * @param efConstruction nodes looked at for each that is added
   * @param ef nodes looked at by a search, at least; a search for more faces looks at more
   * @param shards of a collection
   * @param replicas of a collection in memory
   */
  public record Index(int m, int efConstruction, int ef, int shards, int replicas) {}

  /**
   * Limits of calls.
   *
   * @param search deadline of a search
   * @param write deadline of a call that writes
   * @param attempts of a call that writes
   * @param batch rows of a write
   * @param failures in the last ten searches, in percent, at which Milvus counts as dead
   * @param rest that it is then given before two searches may try
   */
  public record Calls(
      Duration search, Duration write, int attempts, int batch, int failures, Duration rest) {}

  /**
   * What is not yet in Milvus.
   *
   * @param faces that make it worth a flush
   * @param age after which even one face is
   * @param most faces; beyond it enrolments are refused until Milvus has taken some
   * @param grace that faces stay here after they can be found there
   */
  public record Tail(int faces, Duration age, int most, Duration grace) {}

  /** The defaults, for a server without encryption. */
  public static MilvusSettings of(String uri) {
    return new MilvusSettings(
        new Server(
            uri,
            "",
            "",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "facet"),
        new Index(16, 200, 256, 1, 1),
        new Calls(Duration.ofSeconds(2), Duration.ofSeconds(30), 3, 500, 50, Duration.ofSeconds(2)),
        new Tail(20_000, Duration.ofSeconds(30), 200_000, Duration.ofSeconds(10)));
  }
}
