package dev.facet.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Stores that the gateway uses instead of those in its own folder. */
final class StoreOptions {
  private static final String LOCAL = "local";

  @Option(
      names = "--milvus",
      paramLabel = "URI|local",
      description =
          "Milvus for the search index, http://host:port (default: a scan in the gateway). A token,"
              + " if it needs one, from FACET_MILVUS_SERVER_TOKEN. local: one of its own, installed"
              + " once with python3 from PyPI (300 MB in the user's cache), with its data in"
              + " DIR/milvus. It listens on all interfaces, without authentication.")
  private Optional<String> milvus = Optional.empty();

  @Option(
      names = "--postgres",
      paramLabel = "URI",
      description =
          "PostgreSQL for the ledger, postgresql://host:port/database?user=NAME (default: a file in"
              + " DIR). The password from FACET_POSTGRES_PASSWORD.")
  private Optional<String> postgres = Optional.empty();

  @Option(
      names = "--s3",
      paramLabel = "URI",
      description =
          "S3 for the pictures, http://host:port/bucket, or s3://bucket for Amazon's (default: files"
              + " in DIR). Keys from FACET_S3_ACCESS_KEY and FACET_S3_SECRET_KEY.")
  private Optional<URI> s3 = Optional.empty();

  /** Starts the servers that are to be this machine's own, after installing what they need. */
  List<ServiceProcess> start(DataDirectory directory, Console console) {
    if (milvus.filter(LOCAL::equals).isEmpty()) {
      return List.of();
    }
    MilvusPackage engine =
        MilvusPackage.standard(System.getenv(), Path.of(System.getProperty("user.home")));
    engine.install(console);
    ServiceProcess server =
        new LocalMilvus(engine, directory.path().resolve("milvus"))
            .start(directory.logs().resolve("milvus.log"));
    console.note(
        "starting Milvus, on all interfaces and without authentication, port %d; logs in %s",
        server.doors().grpc(), directory.logs());
    return List.of(server);
  }

  /**
   * As arguments of the gateway; secrets stay in the environment, which it inherits.
   *
   * @param own what {@link #start} started
   */
  List<String> asSettings(List<ServiceProcess> own) {
    List<String> settings = new ArrayList<>();
    milvus
        .filter(uri -> !uri.equals(LOCAL))
        .ifPresent(uri -> settings.add("milvus.server.uri=" + uri));
    own.forEach(
        server -> settings.add("milvus.server.uri=http://127.0.0.1:" + server.doors().grpc()));
    postgres.ifPresent(uri -> settings.add("postgres.url=" + jdbc(uri)));
    s3.ifPresent(uri -> settings.addAll(bucket(uri)));
    return settings;
  }

  private static List<String> bucket(URI uri) {
    if ("s3".equals(uri.getScheme())) {
      return List.of("s3.bucket=" + uri.getAuthority(), "s3.path-style=false");
    }
    if (uri.getPath() == null || uri.getPath().length() < 2) {
      throw new CommandFailure(
          ExitCode.USAGE, "--s3 names no bucket; try http://host:port/BUCKET or s3://BUCKET");
    }
    String service = uri.getScheme() + "://" + uri.getAuthority();
    return List.of("s3.endpoint=" + service, "s3.bucket=" + uri.getPath().substring(1));
  }

  private static String jdbc(String uri) {
    return uri.startsWith("jdbc:")
        ? uri
        : "jdbc:postgresql:" + uri.replaceFirst("^postgres(ql)?:", "");
  }
}
