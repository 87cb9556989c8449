package dev.facet.gateway;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Status;
import dev.facet.bootstrap.Refusal;
import dev.facet.gateway.gallery.GalleryKind;
import dev.facet.gateway.jobs.CheckReport;
import dev.facet.gateway.jobs.MoveReport;
import dev.facet.gateway.jobs.RebuildReport;
import dev.facet.gateway.jobs.RecallReport;
import dev.facet.proto.v1.CheckExample;
import dev.facet.proto.v1.CheckFinding;
import dev.facet.proto.v1.CheckFindingKind;
import dev.facet.proto.v1.Operation;
import dev.facet.proto.v1.OperationState;

/** Long jobs and what comes of them, as the contract has them. */
final class OperationMessages {
  private OperationMessages() {}

  static Operation operation(dev.facet.gateway.ledger.Operation operation) {
    Operation.Builder message =
        Operation.newBuilder()
            .setOperationId(operation.id())
            .setKind(operation.kind())
            .setCollectionId(operation.collectionId())
            .setState(state(operation.state()))
            .setRevision(operation.revision())
            .setDoneItems(operation.doneItems())
            .setTotalItems(operation.totalItems())
            .setCreateTime(ResourceMessages.timestamp(operation.created()))
            .setUpdateTime(ResourceMessages.timestamp(operation.updated()));
    try {
      if (operation.error().length > 0) {
        message.setError(Status.parseFrom(operation.error()));
      }
      if (operation.result().length > 0) {
        message.setResult(Any.parseFrom(operation.result()));
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the ledger holds another message", e);
    }
    return message.build();
  }

  private static OperationState state(dev.facet.gateway.ledger.Operation.State state) {
    return switch (state) {
      case PENDING -> OperationState.OPERATION_STATE_PENDING;
      case RUNNING -> OperationState.OPERATION_STATE_RUNNING;
      case SUCCEEDED -> OperationState.OPERATION_STATE_SUCCEEDED;
      case FAILED -> OperationState.OPERATION_STATE_FAILED;
      case CANCELLED -> OperationState.OPERATION_STATE_CANCELLED;
    };
  }

  static dev.facet.proto.v1.CheckReport report(CheckReport report) {
    return dev.facet.proto.v1.CheckReport.newBuilder()
        .setCollections(report.collections())
        .setFaces(report.faces())
        .setGalleryFaces(report.galleryFaces())
        .setPictures(report.pictures())
        .setSearched(report.searched())
        .setReadPictures(report.readPictures())
        .addAllFindings(report.findings().stream().map(OperationMessages::finding).toList())
        .build();
  }

  private static CheckFinding finding(CheckReport.Finding finding) {
    return CheckFinding.newBuilder()
        .setKind(CheckFindingKind.valueOf("CHECK_FINDING_KIND_" + finding.kind().name()))
        .setCount(finding.count())
        .setRepaired(finding.repaired())
        .addAllExamples(
            finding.examples().stream()
                .map(
                    example ->
                        CheckExample.newBuilder()
                            .setCollectionId(example.collectionId())
                            .setId(example.id())
                            .build())
                .toList())
        .build();
  }

  static dev.facet.proto.v1.RebuildReport report(RebuildReport report) {
    return dev.facet.proto.v1.RebuildReport.newBuilder()
        .setFaces(report.faces())
        .setSearched(report.searched())
        .setFound(report.found())
        .build();
  }

  static dev.facet.proto.v1.RecallReport report(RecallReport report) {
    return dev.facet.proto.v1.RecallReport.newBuilder()
        .setFaces(report.faces())
        .setSearched(report.searched())
        .setNeighbours(report.neighbours())
        .setThresholdRecall(report.threshold())
        .setRecallAt1(report.first())
        .setRecallAt10(report.ten())
        .build();
  }

  static dev.facet.proto.v1.MoveReport report(MoveReport report) {
    return dev.facet.proto.v1.MoveReport.newBuilder()
        .setGallery(
            switch (report.kind()) {
              case SCAN -> dev.facet.proto.v1.GalleryKind.GALLERY_KIND_SCAN;
              case MILVUS -> dev.facet.proto.v1.GalleryKind.GALLERY_KIND_MILVUS;
            })
        .setFaces(report.faces())
        .setSearched(report.searched())
        .setFound(report.found())
        .build();
  }

  /**
   * The kind of gallery that is asked for.
   *
   * @throws Refusal INVALID_FIELD
   */
  static GalleryKind galleryKind(dev.facet.proto.v1.GalleryKind kind) {
    return switch (kind) {
      case GALLERY_KIND_SCAN -> GalleryKind.SCAN;
      case GALLERY_KIND_MILVUS -> GalleryKind.MILVUS;
      case GALLERY_KIND_UNSPECIFIED, UNRECOGNIZED ->
          throw Refusal.invalid("to", "INVALID_FIELD", "which gallery?");
    };
  }
}
