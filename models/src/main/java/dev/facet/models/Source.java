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
  @JsonSubTypes.Type(value = Source.Https.class, name = "https"),
  @JsonSubTypes.Type(value = Source.Pip.class, name = "pip"),
  @JsonSubTypes.Type(value = Source.Npm.class, name = "npm")
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

  /** A file inside a package of a registry, which the registry's own client fetches. */
  sealed interface InPackage extends Source permits Pip, Npm {

    /** Name and exact version, as the client takes them. */
    String packageVersion();

    /** Of the archive that the client brings. */
    String sha256();

    /** The file's path within the archive. */
    String member();
  }

  /**
   * A wheel of the Python package index.
   *
   * @param packageVersion as {@code name==version}
   */
  record Pip(String packageVersion, String sha256, String member) implements InPackage {

    public Pip {
      // No leading dash: the client must not take it for an option.
      Rules.require(
          packageVersion.matches("[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9][A-Za-z0-9._]*"),
          "sources.pip.package-version must be name==version",
          packageVersion);
      ModelFile.requireSha256("sources.pip.sha256", sha256);
    }
  }

  /**
   * A package of the npm registry.
   *
   * @param packageVersion as {@code name@version} or {@code @scope/name@version}
   */
  record Npm(String packageVersion, String sha256, String member) implements InPackage {

    public Npm {
      Rules.require(
          packageVersion.matches("(@[a-z0-9._-]+/)?[a-z0-9][a-z0-9._-]*@[0-9][A-Za-z0-9._-]*"),
          "sources.npm.package-version must be name@version",
          packageVersion);
      ModelFile.requireSha256("sources.npm.sha256", sha256);
    }
  }

  /** The kinds that an operator may allow or forbid. */
  enum Kind {
    MIRROR,
    UPSTREAM,
    REGISTRY
  }

  default Kind kind() {
    return switch (this) {
      case Mirror _ -> Kind.MIRROR;
      case Https _ -> Kind.UPSTREAM;
      case InPackage _ -> Kind.REGISTRY;
    };
  }
}
