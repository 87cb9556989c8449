package dev.facet.models;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.net.URI;
import java.util.Set;

/** One place from which a model's file can be had. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonSubTypes({
  @JsonSubTypes.Type(value = Source.Mirror.class, name = "mirror"),
  @JsonSubTypes.Type(value = Source.Https.class, name = "https")
})
public sealed interface Source {

  /** A file of that name in the operator's mirror directory. */
  record Mirror(String file) implements Source {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Mirror {
      Rules.requireFileName("sources.mirror", file);
    }
  }

  /** An address that always gives the same bytes: a pinned commit or a release. */
  record Https(URI address) implements Source {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Https {
      String host = address.getHost();
      boolean secure = "https".equals(address.getScheme()) && host != null;
      boolean local = "http".equals(address.getScheme()) && host != null && LOOPBACK.contains(host);
      Rules.require(
          (secure || local) && address.getUserInfo() == null,
          "sources.https must be an https address without user or password",
          address);
    }
  }
}
