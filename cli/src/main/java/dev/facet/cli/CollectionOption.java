package dev.facet.cli;

import dev.facet.proto.v1.CreateCollectionRequest;
import dev.facet.proto.v1.GetCollectionRequest;
import java.util.Optional;
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

  /**
   * Makes the collection where it is not there yet.
   *
   * @param model its embedding model; the gateway's default, or whichever it has, when empty
   * @throws CommandFailure when it is there with another model
   */
  void createIfAbsent(GatewayClient client, String model) {
    String there = find(client).or(() -> create(client, model)).or(() -> find(client)).orElse("");
    if (!model.isEmpty() && !there.equals(model)) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "the collection %s is bound to %s and takes no faces of %s; name another with --collection"
              .formatted(id, there, model));
    }
  }

  /** The model of the collection, if that is there. */
  private Optional<String> find(GatewayClient client) {
    GetCollectionRequest request = GetCollectionRequest.newBuilder().setCollectionId(id).build();
    try {
      return Optional.of(
          client
              .collections(stub -> stub.getCollection(request))
              .getCollection()
              .getModel()
              .getName());
    } catch (GatewayFailure failure) {
      if (failure.reason().equals("COLLECTION_NOT_FOUND")) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  /** The model of the new collection; empty when somebody else was quicker. */
  private Optional<String> create(GatewayClient client, String model) {
    CreateCollectionRequest request =
        CreateCollectionRequest.newBuilder().setCollectionId(id).setModel(model).build();
    try {
      return Optional.of(
          client
              .collections(stub -> stub.createCollection(request))
              .getCollection()
              .getModel()
              .getName());
    } catch (GatewayFailure failure) {
      if (failure.reason().equals("COLLECTION_EXISTS")) {
        return Optional.empty();
      }
      throw failure;
    }
  }
}
