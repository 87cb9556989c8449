package dev.facet.cli;

import com.google.gson.JsonObject;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.facet.proto.v1.ApiKey;
import dev.facet.proto.v1.CreateApiKeyRequest;
import dev.facet.proto.v1.CreateApiKeyResponse;
import dev.facet.proto.v1.ListApiKeysRequest;
import dev.facet.proto.v1.Quota;
import dev.facet.proto.v1.RevokeApiKeyRequest;
import dev.facet.proto.v1.RotateApiKeyRequest;
import dev.facet.proto.v1.RotateApiKeyResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Creates, lists, rotates and revokes keys; a secret is told once, or only to a file. */
@Command(
    name = "keys",
    header = "Create, list, rotate and revoke keys.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "A secret is printed once, and kept nowhere; --out writes it into a file for its owner alone."
    })
final class AdminKeysCommand {

  @Command(name = "create", header = "Create a key.")
  int create(
      @Mixin TenantOption tenant,
      @Option(
              names = "--scopes",
              required = true,
              split = ",",
              paramLabel = "SCOPE",
              description = "What it may do: ${COMPLETION-CANDIDATES}.")
          List<ScopeOption> scopes,
      @Option(
              names = "--name",
              paramLabel = "NAME",
              defaultValue = "",
              description = "The name to show.")
          String name,
      @Mixin KeyFate fate,
      @Option(
              names = "--rate",
              paramLabel = "N",
              description =
                  "Calls a second in the long run, at each gateway (default: as the maker's).")
          Optional<Double> rate,
      @Option(
              names = "--burst",
              paramLabel = "N",
              description = "Calls at once after a pause (default: those of one second).")
          Optional<Integer> burst,
      @Option(
              names = "--concurrent",
              paramLabel = "N",
              description = "Calls in flight at each gateway (default: as the maker's).")
          Optional<Integer> concurrent,
      @Mixin GatewayOptions gateway,
      @Mixin Console console) {
    CreateApiKeyRequest.Builder request =
        CreateApiKeyRequest.newBuilder()
            .setTenantId(tenant.id())
            .setDisplayName(name)
            .addAllScopes(scopes.stream().map(ScopeOption::message).toList());
    fate.expiry().ifPresent(request::setExpireTime);
    if (rate.isPresent() || burst.isPresent() || concurrent.isPresent()) {
      request.setQuota(
          Quota.newBuilder()
              .setCallsPerSecond(rate.orElse(0.0))
              .setBurst(burst.orElse(0))
              .setConcurrentCalls(concurrent.orElse(0)));
    }
    try (GatewayClient client = gateway.connect()) {
      CreateApiKeyResponse created = client.admin(stub -> stub.createApiKey(request.build()));
      tell("created", created.getKey(), created.getSecret(), fate, console);
    }
    return ExitCode.OK;
  }

  @Command(name = "list", header = "List a tenant's keys, dead ones with them.")
  int list(@Mixin TenantOption tenant, @Mixin GatewayOptions gateway, @Mixin Console console) {
    try (GatewayClient client = gateway.connect()) {
      List<ApiKey> keys =
          client
              .admin(
                  stub ->
                      stub.listApiKeys(
                          ListApiKeysRequest.newBuilder().setTenantId(tenant.id()).build()))
              .getKeysList();
      if (console.json()) {
        console.document(Map.of("keys", keys.stream().map(Console::element).toList()));
      } else {
        keys.forEach(key -> console.line("%s", words(key)));
      }
    }
    return ExitCode.OK;
  }

  @Command(
      name = "rotate",
      header = "Make a key in the place of another, which lives on for a while.")
  int rotate(
      @Parameters(paramLabel = "KEY", description = "The old key's id.") String id,
      @Mixin TenantOption tenant,
      @Option(
              names = "--overlap",
              paramLabel = "SPAN",
              description = "How long the old key lives on, up to 90d (default: 24h).")
          Optional<Lifetime> overlap,
      @Mixin KeyFate fate,
      @Mixin GatewayOptions gateway,
      @Mixin Console console) {
    RotateApiKeyRequest.Builder request =
        RotateApiKeyRequest.newBuilder().setTenantId(tenant.id()).setKeyId(id);
    overlap
        .map(span -> Durations.fromSeconds(span.duration().toSeconds()))
        .ifPresent(request::setOverlap);
    fate.expiry().ifPresent(request::setExpireTime);
    try (GatewayClient client = gateway.connect()) {
      RotateApiKeyResponse rotated = client.admin(stub -> stub.rotateApiKey(request.build()));
      tell("rotated", rotated.getKey(), rotated.getSecret(), fate, console);
      console.note(
          "the old key %s ends %s", id, Timestamps.toString(rotated.getReplaced().getExpireTime()));
    }
    return ExitCode.OK;
  }

  @Command(name = "revoke", header = "End a key; every gateway refuses it within two seconds.")
  int revoke(
      @Parameters(paramLabel = "KEY", description = "The key's id.") String id,
      @Mixin TenantOption tenant,
      @Mixin GatewayOptions gateway,
      @Mixin Console console) {
    try (GatewayClient client = gateway.connect()) {
      client.admin(
          stub ->
              stub.revokeApiKey(
                  RevokeApiKeyRequest.newBuilder().setTenantId(tenant.id()).setKeyId(id).build()));
      if (console.json()) {
        console.document(Map.of("revoked", id));
      } else {
        console.line("revoked  %s", id);
      }
    }
    return ExitCode.OK;
  }

  @Command(
      name = "generate",
      header = "Make a key that no gateway knows yet, for its first start.",
      description = "The setting access.initial-key-file of the gateway names the file.")
  int generate(
      @Option(
              names = "--out",
              paramLabel = "FILE",
              description = "Write it there, for its owner alone, and print nothing.")
          Optional<Path> out,
      @Mixin Console console) {
    String key = FreshKey.generate();
    out.ifPresent(file -> FreshKey.write(file, key));
    if (console.json()) {
      console.document(
          out.isPresent() ? Map.of("file", out.get().toString()) : Map.of("secret", key));
    } else if (out.isEmpty()) {
      console.line("%s", key);
    }
    return ExitCode.OK;
  }

  /** Whose keys. */
  static final class TenantOption {
    @Option(
        names = "--tenant",
        paramLabel = "ID",
        defaultValue = "",
        description = "The tenant (default: the own one).")
    private String id = "";

    String id() {
      return id;
    }
  }

  /** How long a new key lives, and where its secret goes. */
  static final class KeyFate {
    @Option(
        names = "--expires",
        paramLabel = "SPAN",
        description = "It ends after so long: 90d, 12h, 30m (default: with the key that makes it).")
    private Optional<Lifetime> expires = Optional.empty();

    @Option(
        names = "--out",
        paramLabel = "FILE",
        description = "Write the secret there, for its owner alone, and do not print it.")
    private Optional<Path> out = Optional.empty();

    Optional<Timestamp> expiry() {
      return expires.map(
          span -> Timestamps.fromMillis(Instant.now().plus(span.duration()).toEpochMilli()));
    }
  }

  private static void tell(String done, ApiKey key, String secret, KeyFate fate, Console console) {
    fate.out.ifPresent(file -> FreshKey.write(file, secret));
    if (console.json()) {
      JsonObject document = new JsonObject();
      document.add("key", Console.element(key));
      fate.out.ifPresentOrElse(
          file -> document.addProperty("file", file.toString()),
          () -> document.addProperty("secret", secret));
      console.document(document);
      return;
    }
    console.note("%s  %s", done, words(key));
    if (fate.out.isEmpty()) {
      console.line("%s", secret);
    }
  }

  private static String words(ApiKey key) {
    StringBuilder words =
        new StringBuilder(
            "%s  %s  %s  %s"
                .formatted(
                    key.getKeyId(),
                    key.getTenantId(),
                    key.getScopesList().stream()
                        .map(scope -> scope.name().replace("SCOPE_", "").toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(",")),
                    key.hasRevokeTime()
                        ? "revoked " + Timestamps.toString(key.getRevokeTime())
                        : key.hasExpireTime()
                            ? "until " + Timestamps.toString(key.getExpireTime())
                            : "for ever"));
    if (key.hasQuota()) {
      words.append(
          "  %s calls/s, %d in flight"
              .formatted(key.getQuota().getCallsPerSecond(), key.getQuota().getConcurrentCalls()));
    }
    if (key.hasLastUseTime()) {
      words.append("  used ").append(Timestamps.toString(key.getLastUseTime()));
    }
    return key.getDisplayName().isEmpty()
        ? words.toString()
        : words.append("  ").append(key.getDisplayName()).toString();
  }
}
