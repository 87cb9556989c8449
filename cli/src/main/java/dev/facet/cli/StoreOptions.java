package dev.facet.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Stores that the gateway uses instead of those in its own folder. */
final class StoreOptions {
  @Option(
      names = "--milvus",
      paramLabel = "URI",
      description =
          "Milvus for the search index, http://host:port (default: a scan in the gateway). A token,"
              + " if it needs one, from FACET_MILVUS_SERVER_TOKEN.")
  private Optional<String> milvus = Optional.empty();

  @Option(
      names = "--postgres",
      paramLabel = "URI",
      description =
          "PostgreSQL for the ledger, postgresql://host:port/database?user=NAME (default: a file in"
              + " DIR). The password from FACET_POSTGRES_PASSWORD.")
  private Optional<String> postgres = Optional.empty();

  /** As arguments of the gateway; secrets stay in the environment, which it inherits. */
  List<String> asSettings() {
    List<String> settings = new ArrayList<>();
    milvus.ifPresent(uri -> settings.add("milvus.server.uri=" + uri));
    postgres.ifPresent(uri -> settings.add("postgres.url=" + jdbc(uri)));
    return settings;
  }

  private static String jdbc(String uri) {
    return uri.startsWith("jdbc:")
        ? uri
        : "jdbc:postgresql:" + uri.replaceFirst("^postgres(ql)?:", "");
  }
}
