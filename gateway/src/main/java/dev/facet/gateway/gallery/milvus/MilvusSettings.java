package dev.facet.gateway.gallery.milvus;

import dev.facet.bootstrap.Require;
import dev.facet.bootstrap.Setting;
import dev.facet.bootstrap.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** How to reach and use Milvus. */
public record MilvusSettings(Server server, Index index, Calls calls, Tail tail) {

  /** Where Milvus is. */
  public record Server(
      @Setting(
              doc =
                  "Milvus, http://host:port or https://host:port; without it the gallery is a scan in"
                      + " this gateway's own memory and files")
          Optional<String> uri,
      @Setting(secret = true, doc = "user:password, or an API key") Optional<String> token,
      @Setting(doc = "Database in Milvus; its default one without") Optional<String> database,
      @Setting(doc = "Name that the server's certificate is for; needed beside a CA file")
          Optional<String> serverName,
      @Setting(doc = "PEM file with the CA of the server's certificate; the JVM's own CAs without")
          Optional<Path> caFile,
      @Setting(doc = "PEM file with this gateway's certificate, where Milvus asks for one")
          Optional<Path> certificateFile,
      @Setting(doc = "PEM file with the key of that certificate") Optional<Path> keyFile,
      @Setting(
              value = "facet",
              doc =
                  "Begins the names of all collections, so that several Facets can share a server")
          String prefix) {

    public Server {
      Require.that(
          prefix.matches("[A-Za-z_][A-Za-z0-9_]{0,63}"),
          "prefix must be letters, digits and _, and begin with none of the digits");
      Require.that(
          caFile.isEmpty() || serverName.isPresent(), "server-name is needed beside ca-file");
      Require.that(
          certificateFile.isPresent() == keyFile.isPresent(),
          "certificate-file and key-file are needed together");
    }

    /** Says nothing of the token. */
    @Override
    public String toString() {
      return "Server[database=" + database + ", prefix=" + prefix + "]";
    }
  }

  /** The HNSW graph. */
  public record Index(
      @Setting(value = "32", doc = "Links of a node, 2 to 2,048; holds for collections made later")
          int m,
      @Setting(
              value = "400",
              doc = "Nodes looked at for each face that is added; holds for collections made later")
          int efConstruction,
      @Setting(
              value = "512",
              doc = "Nodes looked at by a search, at least; one for more faces looks at as many")
          int ef,
      @Setting(value = "1", doc = "Shards of a collection; holds for collections made later")
          int shards,
      @Setting(value = "1", doc = "Copies of a collection in the memory of query nodes")
          int replicas) {

    public Index {
      Require.between("m", m, 2, 2_048);
      Require.between("ef-construction", efConstruction, 8, 100_000);
      Require.between("ef", ef, 1, 32_768);
      Require.between("shards", shards, 1, 64);
      Require.between("replicas", replicas, 1, 64);
    }
  }

  /** Limits of calls. */
  public record Calls(
      @Setting(value = "2s", doc = "Time that a search may take") Duration search,
      @Setting(value = "30s", doc = "Time that any other call may take") Duration write,
      @Setting(value = "3", doc = "Times that a write is tried") int attempts,
      @Setting(value = "500", doc = "Faces of one write") int batch,
      @Setting(
              value = "50",
              unit = "percent",
              doc =
                  "Failures or slow answers among the last ten searches that make Milvus count as dead")
          int failures,
      @Setting(
              value = "2s",
              doc = "Time that it is then not asked, before two searches try whether it is back")
          Duration rest) {

    public Calls {
      Require.positive("search", search);
      Require.positive("write", write);
      Require.between("attempts", attempts, 1, 100);
      Require.between("batch", batch, 1, 10_000);
      Require.between("failures", failures, 1, 100);
      Require.positive("rest", rest);
    }
  }

  /** What is newer than Milvus knows, searched exactly in the memory of each gateway. */
  public record Tail(
      @Setting(value = "20000", doc = "Faces that are worth carrying to Milvus at once") int faces,
      @Setting(value = "30s", doc = "Age at which even one face is") Duration age,
      @Setting(
              value = "200000",
              doc = "Faces kept at most; beyond them enrolments wait until Milvus has taken some")
          int most,
      @Setting(
              value = "10s",
              doc = "Time that faces stay here after Milvus has them; longer than its staleness")
          Duration grace) {

    public Tail {
      Require.between("faces", faces, 1, Integer.MAX_VALUE);
      Require.positive("age", age);
      Require.between("most", most, faces, Integer.MAX_VALUE);
      Require.positive("grace", grace);
    }
  }

  /** The defaults, for a server at this address. */
  public static MilvusSettings of(String uri) {
    MilvusSettings defaults = Settings.defaults(MilvusSettings.class);
    Server server = defaults.server();
    return new MilvusSettings(
        new Server(
            Optional.of(uri),
            server.token(),
            server.database(),
            server.serverName(),
            server.caFile(),
            server.certificateFile(),
            server.keyFile(),
            server.prefix()),
        defaults.index(),
        defaults.calls(),
        defaults.tail());
  }
}
