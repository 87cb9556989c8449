package dev.facet.gateway;

import com.google.protobuf.Empty;
import dev.facet.bootstrap.RequestChecks;
import dev.facet.gateway.gallery.GalleryKind;
import dev.facet.gateway.gallery.ServingGallery;
import dev.facet.gateway.jobs.CollectionCheck;
import dev.facet.gateway.jobs.GalleryMove;
import dev.facet.gateway.jobs.GalleryRebuild;
import dev.facet.gateway.jobs.Job;
import dev.facet.gateway.jobs.JobRunner;
import dev.facet.gateway.jobs.RecallMeasure;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.proto.v1.CheckCollectionRequest;
import dev.facet.proto.v1.CheckCollectionResponse;
import dev.facet.proto.v1.ConfirmRebuildRequest;
import dev.facet.proto.v1.ConfirmRebuildResponse;
import dev.facet.proto.v1.MeasureRecallRequest;
import dev.facet.proto.v1.MeasureRecallResponse;
import dev.facet.proto.v1.MoveGalleryRequest;
import dev.facet.proto.v1.MoveGalleryResponse;
import dev.facet.proto.v1.Operation;
import dev.facet.proto.v1.RebuildGalleryRequest;
import dev.facet.proto.v1.RebuildGalleryResponse;
import java.util.ArrayList;
import java.util.List;

/** The calls that begin a long job over the gallery. */
final class GalleryJobService {
  private static final int PAGE = 1_000;
  private static final int MOST_SEARCHES = 10_000;
  private static final int SEARCHES = 1_000;

  private final Ledger ledger;
  private final JobRunner jobs;
  private final CollectionCheck check;
  private final GalleryRebuild rebuild;
  private final RecallMeasure recall;
  private final GalleryStores stores;
  private final ServingGallery serving;
  private final GalleryMove move;

  GalleryJobService(
      Ledger ledger,
      JobRunner jobs,
      CollectionCheck check,
      GalleryRebuild rebuild,
      RecallMeasure recall,
      GalleryStores stores,
      ServingGallery serving,
      GalleryMove move) {
    this.ledger = ledger;
    this.jobs = jobs;
    this.check = check;
    this.rebuild = rebuild;
    this.recall = recall;
    this.stores = stores;
    this.serving = serving;
    this.move = move;
  }

  CheckCollectionResponse check(CheckCollectionRequest request) {
    new RequestChecks().optionalId("collection_id", request.getCollectionId()).done();
    List<FaceCollection> collections =
        request.getCollectionId().isEmpty()
            ? all()
            : List.of(new TenantCollections(ledger).named(request.getCollectionId()));
    return CheckCollectionResponse.newBuilder()
        .setOperation(
            start(
                "CheckCollection",
                request.getCollectionId(),
                progress ->
                    OperationMessages.report(
                        check.check(collections, request.getRepair(), progress))))
        .build();
  }

  RebuildGalleryResponse rebuild(RebuildGalleryRequest request) {
    FaceCollection collection = checked(request.getCollectionId());
    return RebuildGalleryResponse.newBuilder()
        .setOperation(
            start(
                "RebuildGallery",
                request.getCollectionId(),
                progress -> OperationMessages.report(rebuild.rebuild(collection, progress))))
        .build();
  }

  ConfirmRebuildResponse confirm(ConfirmRebuildRequest request) {
    FaceCollection collection = checked(request.getCollectionId());
    rebuild.requireKept(collection);
    return ConfirmRebuildResponse.newBuilder()
        .setOperation(
            start(
                "ConfirmRebuild",
                request.getCollectionId(),
                progress -> {
                  if (request.getKeepNew()) {
                    rebuild.confirm(collection);
                  } else {
                    rebuild.revert(collection, progress);
                  }
                  return Empty.getDefaultInstance();
                }))
        .build();
  }

  MeasureRecallResponse recall(MeasureRecallRequest request) {
    new RequestChecks()
        .id("collection_id", request.getCollectionId())
        .count("sample", request.getSample(), 0, MOST_SEARCHES)
        .range("noise", request.getNoise(), 0, 1)
        .done();
    FaceCollection collection = new TenantCollections(ledger).named(request.getCollectionId());
    int searches = request.getSample() == 0 ? SEARCHES : request.getSample();
    return MeasureRecallResponse.newBuilder()
        .setOperation(
            start(
                "MeasureRecall",
                request.getCollectionId(),
                progress ->
                    OperationMessages.report(
                        recall.measure(collection, searches, request.getNoise(), progress))))
        .build();
  }

  MoveGalleryResponse move(MoveGalleryRequest request) {
    GalleryKind to = OperationMessages.galleryKind(request.getTo());
    stores.require(to);
    return MoveGalleryResponse.newBuilder()
        .setOperation(
            OperationMessages.operation(
                jobs.start(
                    CurrentTenant.id(),
                    "MoveGallery",
                    "",
                    progress -> OperationMessages.report(move.move(to, progress)))))
        .build();
  }

  /** A job in the gallery that serves when it begins, which serves until it has ended. */
  private Operation start(String kind, String collectionId, Job job) {
    Job steady =
        progress -> {
          serving.steady().lockInterruptibly();
          try {
            return job.run(progress);
          } finally {
            serving.steady().unlock();
          }
        };
    return OperationMessages.operation(jobs.start(CurrentTenant.id(), kind, collectionId, steady));
  }

  private FaceCollection checked(String collectionId) {
    new RequestChecks().id("collection_id", collectionId).done();
    return new TenantCollections(ledger).named(collectionId);
  }

  private List<FaceCollection> all() {
    List<FaceCollection> all = new ArrayList<>();
    List<FaceCollection> page;
    do {
      String after = all.isEmpty() ? "" : all.getLast().key().collectionId();
      page = ledger.collections(CurrentTenant.id(), after, PAGE);
      all.addAll(page);
    } while (page.size() == PAGE);
    return all;
  }
}
