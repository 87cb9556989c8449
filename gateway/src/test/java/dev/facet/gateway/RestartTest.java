package dev.facet.gateway;

import static dev.facet.gateway.Answers.enrolled;
import static dev.facet.gateway.Answers.newCollection;
import static dev.facet.gateway.Answers.vector;
import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.gateway.ledger.CollectionDetails;
import dev.facet.gateway.ledger.CollectionKey;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.proto.v1.DeleteFaceRequest;
import dev.facet.proto.v1.GetCollectionRequest;
import dev.facet.proto.v1.GetFaceImageRequest;
import dev.facet.proto.v1.ListCollectionsRequest;
import dev.facet.proto.v1.Match;
import dev.facet.proto.v1.SearchRequest;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged holds in the next life of the gateway. */
class RestartTest {
  @TempDir Path data;

  @Test
  void enrolledFacesAreFoundAndDeletedOnesAreNotAfterARestart() {
    try (FakeServices services = new FakeServices()) {
      String kept;
      String deleted;
      try (TestGateway gateway = TestGateway.ready(data, services)) {
        newCollection(gateway, "c");
        kept = enrolled(gateway, "c", "ada", "anna");
        deleted = enrolled(gateway, "c", "eve", "anna:0.1");
        var _ =
            gateway
                .faces()
                .deleteFace(
                    DeleteFaceRequest.newBuilder().setCollectionId("c").setFaceId(deleted).build());
        assertThat(found(gateway)).containsExactly(kept);
      }
      try (TestGateway gateway = TestGateway.ready(data, services)) {
        assertThat(found(gateway)).containsExactly(kept);
        assertThat(
                gateway
                    .faces()
                    .getFaceImage(
                        GetFaceImageRequest.newBuilder()
                            .setCollectionId("c")
                            .setFaceId(kept)
                            .build())
                    .getChip()
                    .getImage()
                    .getData()
                    .toStringUtf8())
            .isEqualTo("chip of anna");
      }
    }
  }

  @Test
  void v13_collectionsOfAnotherTenantAreAbsent() {
    try (Ledger ledger = Ledger.sqlite(data.resolve("ledger.db"), InstantSource.system())) {
      ledger.createTenant("other");
      var _ =
          ledger.createCollection(
              new CollectionKey("other", "secret"),
              ModelMessages.id(FakeEmbedder.model("fake-a", true).getId()),
              FakeEmbedder.DIMENSION,
              new CollectionDetails("Secret", 1, Optional.empty(), "{}"));
    }
    try (FakeServices services = new FakeServices();
        TestGateway gateway = TestGateway.ready(data, services)) {
      var refused =
          Answers.refused(
              () ->
                  gateway
                      .collections()
                      .getCollection(
                          GetCollectionRequest.newBuilder().setCollectionId("secret").build()));
      assertThat(refused.reason()).isEqualTo("COLLECTION_NOT_FOUND");
      assertThat(refused.message()).doesNotContain("secret");
      assertThat(
              gateway
                  .collections()
                  .listCollections(ListCollectionsRequest.getDefaultInstance())
                  .getCollectionsList())
          .isEmpty();
      newCollection(gateway, "secret");
    }
  }

  private static List<String> found(TestGateway gateway) {
    return gateway
        .faces()
        .search(SearchRequest.newBuilder().setCollectionId("c").setProbe(vector("anna")).build())
        .getResults(0)
        .getMatchesList()
        .stream()
        .map(Match::getFaceId)
        .toList();
  }
}
