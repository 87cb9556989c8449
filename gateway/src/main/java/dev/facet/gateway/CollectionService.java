package dev.facet.gateway;

import dev.facet.bootstrap.Refusal;
import dev.facet.bootstrap.RequestChecks;
import dev.facet.bootstrap.Unary;
import dev.facet.gateway.gallery.GalleryFollower;
import dev.facet.gateway.ledger.CollectionDetails;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.Statistics;
import dev.facet.proto.v1.CheckCollectionRequest;
import dev.facet.proto.v1.CheckCollectionResponse;
import dev.facet.proto.v1.CollectionServiceGrpc;
import dev.facet.proto.v1.ConfirmRebuildRequest;
import dev.facet.proto.v1.ConfirmRebuildResponse;
import dev.facet.proto.v1.CreateCollectionRequest;
import dev.facet.proto.v1.CreateCollectionResponse;
import dev.facet.proto.v1.DropCollectionRequest;
import dev.facet.proto.v1.DropCollectionResponse;
import dev.facet.proto.v1.GetCollectionRequest;
import dev.facet.proto.v1.GetCollectionResponse;
import dev.facet.proto.v1.GetCollectionStatisticsRequest;
import dev.facet.proto.v1.GetCollectionStatisticsResponse;
import dev.facet.proto.v1.ListCollectionsRequest;
import dev.facet.proto.v1.ListCollectionsResponse;
import dev.facet.proto.v1.MeasureRecallRequest;
import dev.facet.proto.v1.MeasureRecallResponse;
import dev.facet.proto.v1.RebuildGalleryRequest;
import dev.facet.proto.v1.RebuildGalleryResponse;
import dev.facet.proto.v1.RetentionPolicy;
import dev.facet.proto.v1.UpdateCollectionRequest;
import dev.facet.proto.v1.UpdateCollectionResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The calls about collections; some of the long jobs over them are not built yet. */
final class CollectionService extends CollectionServiceGrpc.CollectionServiceImplBase {
  private final Ledger ledger;
  private final EmbeddingModels models;
  private final GalleryFollower follower;
  private final GalleryJobService jobs;

  CollectionService(
      Ledger ledger, EmbeddingModels models, GalleryFollower follower, GalleryJobService jobs) {
    this.ledger = ledger;
    this.models = models;
    this.follower = follower;
    this.jobs = jobs;
  }

  @Override
  public void createCollection(
      CreateCollectionRequest request, StreamObserver<CreateCollectionResponse> observer) {
    Unary.answer(observer, () -> create(request));
  }

  @Override
  public void getCollection(
      GetCollectionRequest request, StreamObserver<GetCollectionResponse> observer) {
    Unary.answer(
        observer,
        () ->
            GetCollectionResponse.newBuilder()
                .setCollection(
                    ResourceMessages.collection(checkedCollection(request.getCollectionId())))
                .build());
  }

  @Override
  public void listCollections(
      ListCollectionsRequest request, StreamObserver<ListCollectionsResponse> observer) {
    Unary.answer(observer, () -> list(request));
  }

  @Override
  public void updateCollection(
      UpdateCollectionRequest request, StreamObserver<UpdateCollectionResponse> observer) {
    Unary.answer(observer, () -> update(request));
  }

  @Override
  public void dropCollection(
      DropCollectionRequest request, StreamObserver<DropCollectionResponse> observer) {
    Unary.answer(observer, () -> drop(request));
  }

  @Override
  public void getCollectionStatistics(
      GetCollectionStatisticsRequest request,
      StreamObserver<GetCollectionStatisticsResponse> observer) {
    Unary.answer(observer, () -> statistics(request));
  }

  @Override
  public void checkCollection(
      CheckCollectionRequest request, StreamObserver<CheckCollectionResponse> observer) {
    Unary.answer(observer, () -> jobs.check(request));
  }

  @Override
  public void rebuildGallery(
      RebuildGalleryRequest request, StreamObserver<RebuildGalleryResponse> observer) {
    Unary.answer(observer, () -> jobs.rebuild(request));
  }

  @Override
  public void confirmRebuild(
      ConfirmRebuildRequest request, StreamObserver<ConfirmRebuildResponse> observer) {
    Unary.answer(observer, () -> jobs.confirm(request));
  }

  @Override
  public void measureRecall(
      MeasureRecallRequest request, StreamObserver<MeasureRecallResponse> observer) {
    Unary.answer(observer, () -> jobs.recall(request));
  }

  private CreateCollectionResponse create(CreateCollectionRequest request) {
    RequestChecks checks =
        new RequestChecks()
            .optionalId("collection_id", request.getCollectionId())
            .text("display_name", request.getDisplayName())
            .squaredDistance("match_threshold", request.getMatchThreshold());
    MetadataMessages.check(checks, "metadata", request.getMetadata());
    checks.optionalModel("model", request.getModel());
    checks.done();
    refuseRetention(request.getRetention());
    EmbeddingModel model = models.namedNow(request.getModel());
    String id =
        request.getCollectionId().isEmpty()
            ? UUID.randomUUID().toString()
            : request.getCollectionId();
    FaceCollection collection =
        ledger.createCollection(
            CurrentTenant.key(id),
            model.id(),
            model.dimension(),
            new CollectionDetails(
                request.getDisplayName(),
                request.hasMatchThreshold() ? request.getMatchThreshold() : model.matchThreshold(),
                Optional.empty(),
                MetadataMessages.json(request.getMetadata())));
    return CreateCollectionResponse.newBuilder()
        .setCollection(ResourceMessages.collection(collection))
        .build();
  }

  private ListCollectionsResponse list(ListCollectionsRequest request) {
    RequestChecks checks = new RequestChecks();
    Page.check(checks, request.getPageSize());
    checks.done();
    PageTokens tokens = new PageTokens("collections " + CurrentTenant.id());
    String after = tokens.position(request.getPageToken());
    Page<FaceCollection> page =
        Page.read(
            request.getPageSize(),
            tokens,
            limit -> ledger.collections(CurrentTenant.id(), after, limit),
            collection -> collection.key().collectionId());
    return ListCollectionsResponse.newBuilder()
        .addAllCollections(page.items().stream().map(ResourceMessages::collection).toList())
        .setNextPageToken(page.nextToken())
        .build();
  }

  private UpdateCollectionResponse update(UpdateCollectionRequest request) {
    var wanted = request.getCollection();
    List<String> paths = request.getUpdateMask().getPathsList();
    RequestChecks checks =
        new RequestChecks()
            .id("collection.collection_id", wanted.getCollectionId())
            .text("collection.display_name", wanted.getDisplayName())
            .squaredDistance("collection.match_threshold", wanted.getMatchThreshold());
    MetadataMessages.check(checks, "collection.metadata", wanted.getMetadata());
    FieldMaskMessages.checkUpdate(
        checks,
        request.getUpdateMask(),
        Set.of("display_name", "match_threshold", "retention", "metadata"));
    checks.done();
    if (paths.contains("retention")) {
      refuseRetention(wanted.getRetention());
    }
    FaceCollection collection =
        ledger.updateCollection(
            CurrentTenant.key(wanted.getCollectionId()),
            old ->
                new CollectionDetails(
                    paths.contains("display_name") ? wanted.getDisplayName() : old.displayName(),
                    paths.contains("match_threshold")
                        ? wanted.getMatchThreshold()
                        : old.matchThreshold(),
                    old.faceTtl(),
                    paths.contains("metadata")
                        ? MetadataMessages.json(wanted.getMetadata())
                        : old.metadata()));
    return UpdateCollectionResponse.newBuilder()
        .setCollection(ResourceMessages.collection(collection))
        .build();
  }

  private DropCollectionResponse drop(DropCollectionRequest request) {
    new RequestChecks().id("collection_id", request.getCollectionId()).done();
    int faces =
        ledger
            .dropCollection(CurrentTenant.key(request.getCollectionId()), request.getForce())
            .faces();
    return DropCollectionResponse.newBuilder().setDeletedFaces(faces).build();
  }

  private GetCollectionStatisticsResponse statistics(GetCollectionStatisticsRequest request) {
    Statistics statistics = ledger.statistics(checkedCollection(request.getCollectionId()));
    GetCollectionStatisticsResponse.Builder response =
        GetCollectionStatisticsResponse.newBuilder()
            .setSubjects(statistics.subjects())
            .setFaces(statistics.faces())
            .setImages(statistics.images())
            .setLedgerSequence(statistics.sequence())
            .setGallerySequence(follower.position());
    statistics.newestFace().map(ResourceMessages::timestamp).ifPresent(response::setNewestFaceTime);
    return response.build();
  }

  private FaceCollection checkedCollection(String collectionId) {
    new RequestChecks().id("collection_id", collectionId).done();
    return new TenantCollections(ledger).named(collectionId);
  }

  /** Nothing deletes faces by age yet, and a promise that nobody keeps must not be taken. */
  private static void refuseRetention(RetentionPolicy retention) {
    if (retention.hasFaceTtl()) {
      throw Refusal.of(
          Status.Code.UNIMPLEMENTED, "NOT_BUILT", "retention.face_ttl is not built yet");
    }
  }
}
