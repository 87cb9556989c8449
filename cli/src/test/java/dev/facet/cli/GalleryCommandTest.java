package dev.facet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.protobuf.Empty;
import dev.facet.proto.v1.CheckCollectionRequest;
import dev.facet.proto.v1.CheckExample;
import dev.facet.proto.v1.CheckFinding;
import dev.facet.proto.v1.CheckFindingKind;
import dev.facet.proto.v1.CheckReport;
import dev.facet.proto.v1.ConfirmRebuildRequest;
import dev.facet.proto.v1.GalleryKind;
import dev.facet.proto.v1.MeasureRecallRequest;
import dev.facet.proto.v1.MoveGalleryRequest;
import dev.facet.proto.v1.MoveReport;
import dev.facet.proto.v1.RebuildGalleryRequest;
import dev.facet.proto.v1.RebuildReport;
import dev.facet.proto.v1.RecallReport;
import io.grpc.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GalleryCommandTest {
  private FakeGateway gateway;

  @BeforeEach
  void open() throws IOException {
    gateway = new FakeGateway();
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  private Facet gallery(String... arguments) {
    List<String> all = new ArrayList<>(List.of("gallery"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--gateway", gateway.address()));
    return Facet.run(all.toArray(String[]::new));
  }

  private static CheckReport report(int missing, int repaired) {
    CheckFinding.Builder finding =
        CheckFinding.newBuilder()
            .setKind(CheckFindingKind.CHECK_FINDING_KIND_MISSING_IN_GALLERY)
            .setCount(missing)
            .setRepaired(repaired);
    for (int i = 0; i < missing; i++) {
      finding.addExamples(CheckExample.newBuilder().setCollectionId("people").setId("face-" + i));
    }
    return CheckReport.newBuilder().setCollections(2).setFaces(12).addFindings(finding).build();
  }

  @Test
  void aCheckThatFindsNothingIsAYes() {
    gateway.jobs().result(report(0, 0));
    Facet run = gallery("check");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("CheckCollection", "succeeded", "all collections")
        .contains("2 collections: 12 faces in the ledger")
        .contains("nothing is wrong");
    assertThat(gateway.jobs().requests())
        .containsExactly(CheckCollectionRequest.getDefaultInstance());
  }

  @Test
  void whatIsWrongIsSaidAndIsANo() {
    gateway.jobs().result(report(7, 0));
    Facet run = gallery("check", "-c", "people");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains("7 faces missing in the gallery, 0 repaired: people/face-0, people/face-1")
        .contains("people/face-4, ...")
        .doesNotContain("face-5");
  }

  @Test
  void whatWasRepairedIsAYes() {
    gateway.jobs().result(report(7, 7));
    Facet run = gallery("check", "-c", "people", "--repair");

    assertThat(run.exitCode()).isZero();
    assertThat(gateway.jobs().requests())
        .containsExactly(
            CheckCollectionRequest.newBuilder().setCollectionId("people").setRepair(true).build());
  }

  @Test
  void programsGetTheWholeOperation() {
    gateway.jobs().result(report(1, 0));
    Facet run = gallery("check", "--json");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.json().get("operation_id").getAsString()).isEqualTo("job-1");
    JsonObject result = run.json().getAsJsonObject("result");
    assertThat(result.get("faces").getAsInt()).isEqualTo(12);
    assertThat(result.getAsJsonArray("findings")).hasSize(1);
  }

  @Test
  void aRebuildIsToldAndThenConfirmedOrReverted() {
    gateway
        .jobs()
        .result(RebuildReport.newBuilder().setFaces(40).setSearched(10).setFound(10).build());
    assertThat(gallery("rebuild").out())
        .contains("40 faces in the new index; of 10 searched it found 10");
    gateway.jobs().result(Empty.getDefaultInstance());
    assertThat(gallery("rebuild", "-c", "people", "--confirm").exitCode()).isZero();
    assertThat(gallery("rebuild", "-c", "people", "--revert").exitCode()).isZero();
    assertThat(gallery("rebuild", "--confirm", "--revert").exitCode()).isEqualTo(2);

    ConfirmRebuildRequest revert =
        ConfirmRebuildRequest.newBuilder().setCollectionId("people").build();
    assertThat(gateway.jobs().requests())
        .containsExactly(
            RebuildGalleryRequest.newBuilder().setCollectionId("default").build(),
            revert.toBuilder().setKeepNew(true).build(),
            revert);
  }

  @Test
  void aJobThatFailedIsSaidAsACallThatFailed() {
    gateway.jobs().fail(Status.Code.FAILED_PRECONDITION, "SELF_SEARCH_FAILED", "found 3 of 10");
    Facet run = gallery("rebuild");

    assertThat(run.exitCode()).isEqualTo(65);
    assertThat(run.err()).contains("SELF_SEARCH_FAILED: found 3 of 10");
    assertThat(gallery("rebuild", "--json").json().getAsJsonObject("error").get("message"))
        .isNotNull();
  }

  @Test
  void aMoveSaysWhatServes() {
    gateway
        .jobs()
        .result(
            MoveReport.newBuilder()
                .setGallery(GalleryKind.GALLERY_KIND_MILVUS)
                .setFaces(500)
                .setSearched(100)
                .setFound(100)
                .build());
    Facet run = gallery("move", "--to", "milvus");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("milvus serves, with 500 faces; of 100 searched it found 100");
    assertThat(gateway.jobs().requests())
        .containsExactly(
            MoveGalleryRequest.newBuilder().setTo(GalleryKind.GALLERY_KIND_MILVUS).build());
  }

  @Test
  void aMoveToAnUnknownKindNamesTheKnown() {
    Facet run = gallery("move", "--to", "elsewhere");
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("scan", "milvus");
  }

  @Test
  void recallIsToldInShares() {
    gateway
        .jobs()
        .result(
            RecallReport.newBuilder()
                .setFaces(500)
                .setSearched(50)
                .setNeighbours(120)
                .setThresholdRecall(0.99)
                .setRecallAt1(1)
                .setRecallAt10(0.98)
                .build());
    Facet run = gallery("recall", "--sample", "50", "--noise", "0.5");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("50 of 500 faces searched; of 120 within the match threshold found 0.9900")
        .contains("nearest 1.0000; ten nearest 0.9800");
    assertThat(gateway.jobs().requests())
        .containsExactly(
            MeasureRecallRequest.newBuilder()
                .setCollectionId("default")
                .setSample(50)
                .setNoise(0.5f)
                .build());
  }

  @Test
  void aDetachedJobIsFoundAgain() {
    gateway.jobs().result(report(0, 0));
    Facet detached = gallery("check", "--detach", "--json");
    assertThat(detached.exitCode()).isZero();
    assertThat(detached.json().get("state").getAsString()).isEqualTo("OPERATION_STATE_PENDING");

    assertThat(gallery("operations").out()).contains("job-1", "CheckCollection", "pending");
    assertThat(gallery("operations", "--json").json().getAsJsonArray("operations")).hasSize(1);
    assertThat(gallery("operations", "job-1").out()).contains("pending");
    assertThat(gallery("operations", "job-1", "--watch").out()).contains("nothing is wrong");
    assertThat(gallery("operations", "--watch").exitCode()).isEqualTo(2);
    assertThat(gallery("operations", "job-9").exitCode()).isEqualTo(65);
  }

  @Test
  void aJobIsAskedToStop() {
    gateway.jobs().neverEnd();
    assertThat(gallery("check", "--detach").exitCode()).isZero();
    Facet cancelled = gallery("operations", "job-1", "--cancel");

    assertThat(cancelled.exitCode()).isEqualTo(1);
    assertThat(cancelled.out()).contains("cancelled");
  }

  @Test
  void whoIsCutOffWatchesOn() {
    gateway.jobs().result(report(0, 0));
    gateway.jobs().cutOffOnce();

    assertThat(gallery("check").exitCode()).isZero();
  }

  @Test
  void anInterruptLeavesTheJobRunningAndSaysSo() throws Exception {
    gateway.jobs().neverEnd();
    CompletableFuture<Facet> run = new CompletableFuture<>();
    Thread command = Thread.ofPlatform().start(() -> run.complete(gallery("check")));
    gateway.jobs().awaitWatcher();
    command.interrupt();

    assertThat(run.get().exitCode()).isEqualTo(130);
    assertThat(run.get().err()).contains("the job goes on: facet gallery operations job-1");
  }
}
