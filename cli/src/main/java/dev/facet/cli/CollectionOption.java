package dev.facet.cli;

import dev.facet.proto.v1.CreateCollectionRequest;
import dev.facet.proto.v1.GetCollectionRequest;
import picocli.CommandLine.Option;

/** Which collection a command is about. */
final class CollectionOption {

  @Option(
      names = {"-c", "--collection"},
      paramLabel = "ID",
      defaultValue = "default",
      description = "The collection (default: ${DEFAULT-VALUE}).")
  private String id = "";

  String id() {
    return id;
  }

  /** Makes the collection, with the gateway's default model, where it is not there yet. */
  void createIfAbsent(GatewayClient client) {
    try {
      client.collections(
          stub ->
              stub.getCollection(GetCollectionRequest.newBuilder().setCollectionId(id).build()));
    } catch (GatewayFailure absent) {
      if (!absent.reason().equals("COLLECTION_NOT_FOUND")) {
        throw absent;
      }
      create(client);
    }
  }

  private void create(GatewayClient client) {
    try {
      client.collections(
          stub ->
              stub.createCollection(
                  CreateCollectionRequest.newBuilder().setCollectionId(id).build()));
    } catch (GatewayFailure failure) {
      // Somebody else was quicker.
      if (!failure.reason().equals("COLLECTION_EXISTS")) {
        throw failure;
      }
    }
  }
}
