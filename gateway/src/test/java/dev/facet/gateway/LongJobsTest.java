package dev.facet.gateway;

import static dev.facet.gateway.Answers.enrolled;
import static dev.facet.gateway.Answers.newCollection;
import static dev.facet.gateway.Answers.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.proto.v1.CancelOperationRequest;
import dev.facet.proto.v1.CheckCollectionRequest;
import dev.facet.proto.v1.CheckFinding;
import dev.facet.proto.v1.CheckReport;
import dev.facet.proto.v1.ConfirmRebuildRequest;
import dev.facet.proto.v1.GalleryKind;
import dev.facet.proto.v1.GetOperationRequest;
import dev.facet.proto.v1.ListOperationsRequest;
import dev.facet.proto.v1.ListOperationsResponse;
import dev.facet.proto.v1.MeasureRecallRequest;
import dev.facet.proto.v1.MoveGalleryRequest;
import dev.facet.proto.v1.MoveReport;
import dev.facet.proto.v1.Operation;
import dev.facet.proto.v1.OperationState;
import dev.facet.proto.v1.RebuildGalleryRequest;
import dev.facet.proto.v1.RebuildReport;
import dev.facet.proto.v1.RecallReport;
import dev.facet.proto.v1.WatchOperationRequest;
import dev.facet.proto.v1.WatchOperationResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Long jobs, as a client begins and watches them. */
@TestInstance(Lifecycle.PER_CLASS)
class LongJobsTest {
  private final FakeServices services = new FakeServices();
  private final TestGateway gateway;

  LongJobsTest(@TempDir Path data) {
    gateway = TestGateway.ready(data, services, "gallery.recall-every=100ms");
    newCollection(gateway, "c");
    var _ = enrolled(gateway, "c", "ada", "anna");
    var _ = enrolled(gateway, "c", "bob", "bert");
  }

  @AfterAll
  void close() {
    gateway.close();
    services.close();
  }

  private Operation check(String collection) {
    return gateway
        .collections()
        .checkCollection(CheckCollectionRequest.newBuilder().setCollectionId(collection).build())
        .getOperation();
  }

  /** All that a watcher is sent. */
  private List<Operation> watched(String id, long afterRevision) {
    List<Operation> seen = new ArrayList<>();
    gateway
        .operations()
        .watchOperation(
            WatchOperationRequest.newBuilder()
                .setOperationId(id)
                .setAfterRevision(afterRevision)
                .build())
        .forEachRemaining((WatchOperationResponse response) -> seen.add(response.getOperation()));
    return seen;
  }

  private <M extends Message> M result(Operation begun, Class<M> type)
      throws InvalidProtocolBufferException {
    Operation done = watched(begun.getOperationId(), 0).getLast();
    assertThat(done.getState()).isEqualTo(OperationState.OPERATION_STATE_SUCCEEDED);
    return done.getResult().unpack(type);
  }

  @Test
  void aCheckSaysWhatItCompared() throws InvalidProtocolBufferException {
    Operation begun = check("c");
    assertThat(begun.getKind()).isEqualTo("CheckCollection");
    assertThat(begun.getCollectionId()).isEqualTo("c");
    assertThat(begun.getRevision()).isPositive();

    CheckReport report = result(begun, CheckReport.class);

    assertThat(report.getCollections()).isEqualTo(1);
    assertThat(report.getFaces()).isEqualTo(2);
    assertThat(report.getGalleryFaces()).isEqualTo(2);
    assertThat(report.getPictures()).isEqualTo(2);
    assertThat(report.getFindingsList())
        .hasSize(6)
        .extracting(CheckFinding::getCount)
        .containsOnly(0L);
  }

  @Test
  void withoutACollectionAllAreChecked() throws InvalidProtocolBufferException {
    newCollection(gateway, "another");
    assertThat(result(check(""), CheckReport.class).getCollections()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void aWatcherSeesEveryStateOnceAndResumesWhereItWas() {
    Operation begun = check("c");
    List<Operation> seen = watched(begun.getOperationId(), 0);

    assertThat(seen).extracting(Operation::getRevision).isSorted().doesNotHaveDuplicates();
    Operation done = seen.getLast();
    assertThat(done.getDoneItems()).isEqualTo(done.getTotalItems()).isEqualTo(4);
    assertThat(watched(begun.getOperationId(), done.getRevision())).isEmpty();
    assertThat(watched(begun.getOperationId(), done.getRevision() - 1)).containsExactly(done);
    assertThat(
            gateway
                .operations()
                .getOperation(
                    GetOperationRequest.newBuilder().setOperationId(begun.getOperationId()).build())
                .getOperation())
        .isEqualTo(done);
    assertThat(
            gateway
                .operations()
                .cancelOperation(
                    CancelOperationRequest.newBuilder()
                        .setOperationId(begun.getOperationId())
                        .build())
                .getOperation())
        .isEqualTo(done);
  }

  @Test
  void aRebuildIsConfirmedOnce() throws InvalidProtocolBufferException {
    newCollection(gateway, "rebuilt");
    var _ = enrolled(gateway, "rebuilt", "ada", "anna");
    ConfirmRebuildRequest confirm =
        ConfirmRebuildRequest.newBuilder().setCollectionId("rebuilt").setKeepNew(true).build();
    assertThat(refused(() -> gateway.collections().confirmRebuild(confirm)).reason())
        .isEqualTo("NOTHING_KEPT");

    RebuildReport report =
        result(
            gateway
                .collections()
                .rebuildGallery(
                    RebuildGalleryRequest.newBuilder().setCollectionId("rebuilt").build())
                .getOperation(),
            RebuildReport.class);
    assertThat(report)
        .isEqualTo(RebuildReport.newBuilder().setFaces(1).setSearched(1).setFound(1).build());

    Operation confirmed = gateway.collections().confirmRebuild(confirm).getOperation();
    assertThat(watched(confirmed.getOperationId(), 0).getLast().getState())
        .isEqualTo(OperationState.OPERATION_STATE_SUCCEEDED);
    assertThat(refused(() -> gateway.collections().confirmRebuild(confirm)).reason())
        .isEqualTo("NOTHING_KEPT");
  }

  @Test
  void recallIsMeasured() throws InvalidProtocolBufferException {
    RecallReport report =
        result(
            gateway
                .collections()
                .measureRecall(MeasureRecallRequest.newBuilder().setCollectionId("c").build())
                .getOperation(),
            RecallReport.class);
    assertThat(report.getSearched()).isEqualTo(2);
    assertThat(report.getRecallAt1()).isEqualTo(1);
  }

  @Test
  void recallIsAMetric() throws Exception {
    String wanted = "facet_gallery_recall{collection=\"c\",kind=\"first\"";
    while (!gateway.metrics().contains(wanted)) {
      Thread.onSpinWait();
    }
    assertThat(gateway.metrics().lines().filter(line -> line.startsWith(wanted)))
        .singleElement()
        .satisfies(line -> assertThat(line).endsWith(" 1.0"));
  }

  @Test
  void operationsAreListedInPages() {
    for (int i = 0; i < 3; i++) {
      assertThat(watched(check("c").getOperationId(), 0)).isNotEmpty();
    }
    ListOperationsRequest.Builder request = ListOperationsRequest.newBuilder().setPageSize(2);
    List<String> ids = new ArrayList<>();
    ListOperationsResponse page;
    do {
      page = gateway.operations().listOperations(request.build());
      page.getOperationsList().forEach(operation -> ids.add(operation.getOperationId()));
      request.setPageToken(page.getNextPageToken());
    } while (!page.getNextPageToken().isEmpty());
    assertThat(ids).hasSizeGreaterThanOrEqualTo(3).doesNotHaveDuplicates();
    assertThat(ids.reversed()).isSorted();
  }

  @Test
  void whatIsNotThereIsSaid() {
    GetOperationRequest get = GetOperationRequest.newBuilder().setOperationId("none").build();
    assertThat(refused(() -> gateway.operations().getOperation(get)).reason())
        .isEqualTo("OPERATION_NOT_FOUND");
    assertThat(refused(() -> watched("none", 0)).reason()).isEqualTo("OPERATION_NOT_FOUND");
    assertThat(
            refused(
                    () ->
                        gateway
                            .operations()
                            .cancelOperation(
                                CancelOperationRequest.newBuilder().setOperationId("none").build()))
                .reason())
        .isEqualTo("OPERATION_NOT_FOUND");
    assertThat(refused(() -> check("none")).reason()).isEqualTo("COLLECTION_NOT_FOUND");
    assertThat(
            refused(
                    () ->
                        gateway
                            .collections()
                            .measureRecall(
                                MeasureRecallRequest.newBuilder()
                                    .setCollectionId("c")
                                    .setNoise(Float.NaN)
                                    .build()))
                .reason())
        .isEqualTo("INVALID_FIELD");
  }

  @Test
  void theGalleryThatServesIsTriedByAMoveToIt() throws InvalidProtocolBufferException {
    MoveReport report = result(move(GalleryKind.GALLERY_KIND_SCAN), MoveReport.class);
    assertThat(report.getGallery()).isEqualTo(GalleryKind.GALLERY_KIND_SCAN);
    assertThat(report.getFaces()).isGreaterThanOrEqualTo(2);
    assertThat(report.getFound()).isEqualTo(report.getSearched()).isPositive();
  }

  @Test
  void aMoveToNowhereIsRefused() {
    assertThat(refused(() -> move(GalleryKind.GALLERY_KIND_MILVUS)).reason())
        .isEqualTo("GALLERY_NOT_CONFIGURED");
    assertThat(refused(() -> move(GalleryKind.GALLERY_KIND_UNSPECIFIED)).reason())
        .isEqualTo("INVALID_FIELD");
  }

  private Operation move(GalleryKind to) {
    return gateway
        .admin()
        .moveGallery(MoveGalleryRequest.newBuilder().setTo(to).build())
        .getOperation();
  }

  @Test
  void aWatcherIsSentElsewhereWhenItsGatewayEnds(@TempDir Path data) throws Exception {
    TestGateway ending = TestGateway.ready(data, services);
    try (Ledger ledger = Ledger.sqlite(data.resolve("ledger.db"), InstantSource.system());
        ExecutorService watchers = Executors.newVirtualThreadPerTaskExecutor()) {
      String id = ledger.operations().begin("default", "Endless", "").id();
      CountDownLatch watching = new CountDownLatch(1);
      Future<String> ended =
          watchers.submit(
              () ->
                  refused(
                          () ->
                              ending
                                  .operations()
                                  .watchOperation(
                                      WatchOperationRequest.newBuilder().setOperationId(id).build())
                                  .forEachRemaining(_ -> watching.countDown()))
                      .reason());
      watching.await();
      ending.drain();
      assertThat(ended.get()).isEqualTo("SHUTTING_DOWN");
    } finally {
      ending.close();
    }
  }
}
