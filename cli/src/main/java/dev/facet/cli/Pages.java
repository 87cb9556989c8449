package dev.facet.cli;

import dev.facet.proto.v1.Collection;
import dev.facet.proto.v1.Face;
import dev.facet.proto.v1.ListCollectionsRequest;
import dev.facet.proto.v1.ListFacesRequest;
import dev.facet.proto.v1.ListOperationsRequest;
import dev.facet.proto.v1.ListSubjectsRequest;
import dev.facet.proto.v1.ListTenantsRequest;
import dev.facet.proto.v1.Operation;
import dev.facet.proto.v1.Subject;
import dev.facet.proto.v1.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Whole lists, fetched page by page. */
record Pages(GatewayClient client) {

  private static final int PAGE_SIZE = 1000;

  /**
   * The faces of a collection.
   *
   * @param subject only this subject's; all when empty
   */
  List<Face> faces(String collection, String subject) {
    return all(
        token -> {
          var page =
              client.faces(
                  stub ->
                      stub.listFaces(
                          ListFacesRequest.newBuilder()
                              .setCollectionId(collection)
                              .setSubjectId(subject)
                              .setPageSize(PAGE_SIZE)
                              .setPageToken(token)
                              .build()));
          return new Page<>(page.getFacesList(), page.getNextPageToken());
        });
  }

  /** The subjects of a collection. */
  List<Subject> subjects(String collection) {
    return all(
        token -> {
          var page =
              client.faces(
                  stub ->
                      stub.listSubjects(
                          ListSubjectsRequest.newBuilder()
                              .setCollectionId(collection)
                              .setPageSize(PAGE_SIZE)
                              .setPageToken(token)
                              .build()));
          return new Page<>(page.getSubjectsList(), page.getNextPageToken());
        });
  }

  /** The collections. */
  List<Collection> collections() {
    return all(
        token -> {
          var page =
              client.collections(
                  stub ->
                      stub.listCollections(
                          ListCollectionsRequest.newBuilder()
                              .setPageSize(PAGE_SIZE)
                              .setPageToken(token)
                              .build()));
          return new Page<>(page.getCollectionsList(), page.getNextPageToken());
        });
  }

  /** The tenants. */
  List<Tenant> tenants() {
    return all(
        token -> {
          var page =
              client.admin(
                  stub ->
                      stub.listTenants(
                          ListTenantsRequest.newBuilder()
                              .setPageSize(PAGE_SIZE)
                              .setPageToken(token)
                              .build()));
          return new Page<>(page.getTenantsList(), page.getNextPageToken());
        });
  }

  /** The long jobs, newest first. */
  List<Operation> operations() {
    return all(
        token -> {
          var page =
              client.operations(
                  stub ->
                      stub.listOperations(
                          ListOperationsRequest.newBuilder()
                              .setPageSize(PAGE_SIZE)
                              .setPageToken(token)
                              .build()));
          return new Page<>(page.getOperationsList(), page.getNextPageToken());
        });
  }

  private static <T> List<T> all(Function<String, Page<T>> fetch) {
    List<T> all = new ArrayList<>();
    String token = "";
    do {
      Page<T> page = fetch.apply(token);
      all.addAll(page.items);
      token = page.next;
    } while (!token.isEmpty());
    return all;
  }

  private record Page<T>(List<T> items, String next) {}
}
