package dev.facet.gateway;

import dev.facet.bootstrap.Unary;
import dev.facet.proto.detector.v1.DetectorModel;
import dev.facet.proto.embedder.v1.EmbedderModel;
import dev.facet.proto.v1.AdminServiceGrpc;
import dev.facet.proto.v1.GetModelStatusRequest;
import dev.facet.proto.v1.GetModelStatusResponse;
import dev.facet.proto.v1.ModelStatus;
import dev.facet.proto.v1.MoveGalleryRequest;
import dev.facet.proto.v1.MoveGalleryResponse;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What serves behind the gateway; tenants and keys are not built yet. */
final class AdminService extends AdminServiceGrpc.AdminServiceImplBase {
  private final Source<DetectorModel> detectors;
  private final Source<EmbedderModel> embedders;
  private final GalleryJobService galleryJobs;

  AdminService(DetectorClient detector, EmbedderClient embedder, GalleryJobService galleryJobs) {
    this.galleryJobs = galleryJobs;
    detectors = new Source<>(() -> detector.models().getModelsList(), ModelMessages::status);
    embedders = new Source<>(() -> embedder.models().getModelsList(), ModelMessages::status);
  }

  @Override
  public void moveGallery(
      MoveGalleryRequest request, StreamObserver<MoveGalleryResponse> observer) {
    Unary.answer(observer, () -> galleryJobs.move(request));
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
