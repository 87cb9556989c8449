package dev.facet.gateway;

import dev.facet.proto.v1.CreateApiKeyRequest;
import dev.facet.proto.v1.CreateTenantRequest;
import dev.facet.proto.v1.Quota;
import dev.facet.proto.v1.Scope;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.util.Arrays;
import java.util.List;

/**
 * Somebody who calls a gateway with a key.
 *
 * @param line without it
 * @param channel the same, with the key sent with every call
 */
record KeyHolder(Channel line, Channel channel, String key) implements GatewayCalls {
  /** Who sends the key with every call over the channel. */
  static KeyHolder of(Channel channel, String key) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + key);
    return new KeyHolder(
        channel,
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
        key);
  }

  /** The public part of the key. */
  String keyId() {
    return key.substring("facet_".length(), "facet_".length() + 16);
  }

  /** Somebody of a tenant, who gets a key from this one. */
  KeyHolder holder(String tenant, Scope... scopes) {
    return holder(tenant, Quota.getDefaultInstance(), scopes);
  }

  KeyHolder holder(String tenant, Quota quota, Scope... scopes) {
    return of(
        line,
        admin()
            .createApiKey(
                CreateApiKeyRequest.newBuilder()
                    .setTenantId(tenant)
                    .addAllScopes(Arrays.asList(scopes))
                    .setQuota(quota)
                    .build())
            .getSecret());
  }

  /** The administrator of a new tenant, who may do everything there. */
  KeyHolder tenant(String id) {
    var _ = admin().createTenant(CreateTenantRequest.newBuilder().setTenantId(id).build());
    return holder(id, all());
  }

  static Scope[] all() {
    return List.of(Scope.values()).stream()
        .filter(scope -> scope != Scope.SCOPE_UNSPECIFIED && scope != Scope.UNRECOGNIZED)
        .toArray(Scope[]::new);
  }
}
