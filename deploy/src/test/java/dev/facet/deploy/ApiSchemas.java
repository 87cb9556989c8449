package dev.facet.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The schemas of Kubernetes 1.34 and of the operators whose objects the components hold. */
final class ApiSchemas {
  private static final String KUBERNETES = "k8s.io/kubernetes@v1.34.4";
  private static final String CERT_MANAGER = "github.com/cert-manager/cert-manager@v1.18.2";
  private static final String GATEWAY_API = "sigs.k8s.io/gateway-api@v1.4.0";

  /** Where the definition of a resource is published: a Go module and a file in it. */
  private record Published(String module, String file) {
    Path fetch() {
      return GoModules.file(module, file);
    }
  }

  private static final Map<String, Published> DEFINITIONS =
      Map.of(
          "keda.sh/v1alpha1/ScaledObject",
          new Published(
              "github.com/kedacore/keda/v2@v2.20.2", "config/crd/bases/keda.sh_scaledobjects.yaml"),
          "monitoring.coreos.com/v1/ServiceMonitor",
          new Published(
              "github.com/prometheus-operator/prometheus-operator@v0.85.0",
              "example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml"),
          "postgresql.cnpg.io/v1/Cluster",
          new Published(
              "github.com/cloudnative-pg/cloudnative-pg@v1.27.0",
              "config/crd/bases/postgresql.cnpg.io_clusters.yaml"),
          "gateway.networking.k8s.io/v1/Gateway",
          new Published(GATEWAY_API, "config/crd/standard/gateway.networking.k8s.io_gateways.yaml"),
          "gateway.networking.k8s.io/v1/GRPCRoute",
          new Published(
              GATEWAY_API, "config/crd/standard/gateway.networking.k8s.io_grpcroutes.yaml"),
          "cert-manager.io/v1/Certificate",
          new Published(CERT_MANAGER, "deploy/crds/crd-certificates.yaml"),
          "cert-manager.io/v1/Issuer",
          new Published(CERT_MANAGER, "deploy/crds/crd-issuers.yaml"));

  private static final Map<String, JsonNode> CUSTOM = new ConcurrentHashMap<>();

  private ApiSchemas() {}

  /** What is wrong with an object; empty when nothing is. */
  static List<String> complaints(Manifest manifest) {
    String api = manifest.node().path("apiVersion").asText();
    String type = api + "/" + manifest.kind();
    JsonNode core = Core.TYPES.get(type);
    if (core != null) {
      return Schema.complaints(core, Core.DEFINITIONS, manifest.node());
    }
    JsonNode custom = custom(type);
    if (custom == null) {
      return List.of(type + " is no known resource");
    }
    List<String> complaints = new ArrayList<>(Schema.complaints(custom, manifest.node()));
    complaints.addAll(
        Schema.complaints(
            Core.DEFINITIONS.path("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"),
            Core.DEFINITIONS,
            manifest.node().path("metadata")));
    return complaints;
  }

  private static @Nullable JsonNode custom(String type) {
    if (type.equals("milvus.io/v1beta1/Milvus")) {
      // Its definition is in no registry: an outline of the fields used here, by hand.
      return Manifest.tree(text(Path.of("src/test/resources/milvus.yaml")));
    }
    Published published = DEFINITIONS.get(type);
    return published == null
        ? null
        : CUSTOM.computeIfAbsent(type, _ -> definition(type, published.fetch()));
  }

  private static JsonNode definition(String type, Path file) {
    // cert-manager publishes a template, of which nothing below the metadata is one.
    String text = text(file).replaceAll("(?m)^.*\\{\\{.*$", "");
    JsonNode definition = Manifest.tree(text);
    String version = type.split("/", -1)[1];
    return Manifest.each(definition.at("/spec/versions"))
        .filter(offered -> offered.path("name").asText().equals(version))
        .map(offered -> offered.at("/schema/openAPIV3Schema"))
        .findFirst()
        .orElseThrow();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Core {
    static final JsonNode DEFINITIONS = read();
    static final Map<String, JsonNode> TYPES = types();

    private static JsonNode read() {
      Path swagger = GoModules.file(KUBERNETES, "api/openapi-spec/swagger.json");
      try {
        return Objects.requireNonNull(new JsonMapper().readTree(text(swagger)).path("definitions"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static Map<String, JsonNode> types() {
      Map<String, JsonNode> types = new ConcurrentHashMap<>();
      for (JsonNode definition : DEFINITIONS) {
        for (JsonNode type : definition.path("x-kubernetes-group-version-kind")) {
          String group = type.path("group").asText();
          types.put(
              (group.isEmpty() ? "" : group + "/")
                  + type.path("version").asText()
                  + "/"
                  + type.path("kind").asText(),
              definition);
        }
      }
      return types;
    }
  }
}
