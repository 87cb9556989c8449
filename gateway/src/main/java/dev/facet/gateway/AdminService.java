package dev.facet.gateway;

import dev.facet.bootstrap.Unary;
import dev.facet.proto.detector.v1.DetectorModel;
import dev.facet.proto.embedder.v1.EmbedderModel;
import dev.facet.proto.v1.AdminServiceGrpc;
import dev.facet.proto.v1.CreateApiKeyRequest;
import dev.facet.proto.v1.CreateApiKeyResponse;
import dev.facet.proto.v1.CreateTenantRequest;
import dev.facet.proto.v1.CreateTenantResponse;
import dev.facet.proto.v1.DeleteTenantRequest;
import dev.facet.proto.v1.DeleteTenantResponse;
import dev.facet.proto.v1.GetModelStatusRequest;
import dev.facet.proto.v1.GetModelStatusResponse;
import dev.facet.proto.v1.ListApiKeysRequest;
import dev.facet.proto.v1.ListApiKeysResponse;
import dev.facet.proto.v1.ListAuditRecordsRequest;
import dev.facet.proto.v1.ListAuditRecordsResponse;
import dev.facet.proto.v1.ListTenantsRequest;
import dev.facet.proto.v1.ListTenantsResponse;
import dev.facet.proto.v1.ModelStatus;
import dev.facet.proto.v1.MoveGalleryRequest;
import dev.facet.proto.v1.MoveGalleryResponse;
import dev.facet.proto.v1.RevokeApiKeyRequest;
import dev.facet.proto.v1.RevokeApiKeyResponse;
import dev.facet.proto.v1.RotateApiKeyRequest;
import dev.facet.proto.v1.RotateApiKeyResponse;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Tenants, keys and their records, and what serves behind the gateway. */
final class AdminService extends AdminServiceGrpc.AdminServiceImplBase {
  private final Source<DetectorModel> detectors;
  private final Source<EmbedderModel> embedders;
  private final GalleryJobService galleryJobs;
  private final TenantService tenants;
  private final ApiKeyService keys;
  private final AuditService audit;

  AdminService(
      DetectorClient detector,
      EmbedderClient embedder,
      GalleryJobService galleryJobs,
      TenantService tenants,
      ApiKeyService keys,
      AuditService audit) {
    this.galleryJobs = galleryJobs;
    this.tenants = tenants;
    this.keys = keys;
    this.audit = audit;
    detectors = new Source<>(() -> detector.models().getModelsList(), ModelMessages::status);
    embedders = new Source<>(() -> embedder.models().getModelsList(), ModelMessages::status);
  }

  @Override
  public void createTenant(
      CreateTenantRequest request, StreamObserver<CreateTenantResponse> observer) {
    Unary.answer(observer, () -> tenants.create(request));
  }

  @Override
  public void listTenants(
      ListTenantsRequest request, StreamObserver<ListTenantsResponse> observer) {
    Unary.answer(observer, () -> tenants.list(request));
  }

  @Override
  public void deleteTenant(
      DeleteTenantRequest request, StreamObserver<DeleteTenantResponse> observer) {
    Unary.answer(observer, () -> tenants.delete(request));
  }

  @Override
  public void createApiKey(
      CreateApiKeyRequest request, StreamObserver<CreateApiKeyResponse> observer) {
    Unary.answer(observer, () -> keys.create(request));
  }

  @Override
  public void listApiKeys(
      ListApiKeysRequest request, StreamObserver<ListApiKeysResponse> observer) {
    Unary.answer(observer, () -> keys.list(request));
  }

  @Override
  public void rotateApiKey(
      RotateApiKeyRequest request, StreamObserver<RotateApiKeyResponse> observer) {
    Unary.answer(observer, () -> keys.rotate(request));
  }

  @Override
  public void revokeApiKey(
      RevokeApiKeyRequest request, StreamObserver<RevokeApiKeyResponse> observer) {
    Unary.answer(observer, () -> keys.revoke(request));
  }

  @Override
  public void listAuditRecords(
      ListAuditRecordsRequest request, StreamObserver<ListAuditRecordsResponse> observer) {
    Unary.answer(observer, () -> audit.list(request));
  }

  @Override
  public void moveGallery(
      MoveGalleryRequest request, StreamObserver<MoveGalleryResponse> observer) {
    Unary.answer(
        observer,
        () -> {
          TenantService.requireOperator();
          return galleryJobs.move(request);
        });
  }

  @Override
  public void getModelStatus(
      GetModelStatusRequest request, StreamObserver<GetModelStatusResponse> observer) {
    Unary.answer(
        observer,
        () ->
            GetModelStatusResponse.newBuilder()
                .addAllModels(detectors.status().toList())
                .addAllModels(embedders.status().toList())
                .build());
  }

  /** A service that is asked for its models; while it is away, those it had last are not ready. */
  private static final class Source<M> {
    private final Supplier<List<M>> service;
    private final BiFunction<M, Boolean, ModelStatus> message;
    private volatile List<M> last = List.of();

    Source(Supplier<List<M>> service, BiFunction<M, Boolean, ModelStatus> message) {
      this.service = service;
      this.message = message;
    }

    Stream<ModelStatus> status() {
      boolean ready = true;
      try {
        last = service.get();
      } catch (StatusRuntimeException away) {
        ready = false;
      }
      boolean answers = ready;
      return last.stream().map(model -> message.apply(model, answers));
    }
  }
}
