package dev.facet.gateway;

import dev.facet.bootstrap.ErrorTable;
import dev.facet.bootstrap.ServiceHost;
import dev.facet.bootstrap.Settings;
import dev.facet.gateway.access.AccessInterceptor;
import dev.facet.gateway.access.AccessNotes;
import dev.facet.gateway.access.Caller;
import dev.facet.gateway.access.Turns;
import dev.facet.gateway.archive.Archive;
import dev.facet.gateway.archive.OrphanSweep;
import dev.facet.gateway.archive.Purge;
import dev.facet.gateway.gallery.FaceSearch;
import dev.facet.gateway.gallery.GalleryFollower;
import dev.facet.gateway.gallery.ServingGallery;
import dev.facet.gateway.jobs.CollectionCheck;
import dev.facet.gateway.jobs.GalleryMove;
import dev.facet.gateway.jobs.GalleryRebuild;
import dev.facet.gateway.jobs.JobRunner;
import dev.facet.gateway.jobs.RecallMeasure;
import dev.facet.gateway.ledger.Ledger;
import java.time.InstantSource;
import java.util.function.Consumer;

/** The gateway: its parts in the order that a photo travels, and one host. */
public final class GatewayMain {
  private GatewayMain() {}

  public static void main(String... args) {
    run(Settings.load(GatewaySettings.class, args), host -> {});
  }

  /**
   * Runs until the host is closed or the process is told to end.
   *
   * @param opened sees the host before anything else is there
   */
  static void run(GatewaySettings settings, Consumer<ServiceHost> opened) {
    GatewaySettings.Data data = settings.data();
    GatewaySettings.Recognition recognition = settings.recognition();
    InstantSource clock = InstantSource.system();
    ErrorTable errors = GatewayErrors.table();
    try (ServiceHost host = ServiceHost.open("gateway", settings.server());
        Backends backends = new Backends(settings, host);
        Ledger ledger =
            Ledger.open(settings.postgres().settings(), data.ledger(), clock, Caller::actor);
        Archive archive = Archive.open(settings.s3(), data.archive(), clock);
        ServingGallery gallery = new GalleryStores(settings, ledger).serving();
        GalleryFollower follower = new GalleryFollower(ledger, gallery, data.followEvery());
        JobRunner jobs = new JobRunner(ledger.operations(), errors);
        AccessNotes notes = new AccessNotes(ledger, clock)) {
      opened.accept(host);
      ledger.createTenant(Caller.OPERATOR);
      GalleryWait wait = new GalleryWait(follower, recognition.galleryWait());

      DetectorClient detector = new DetectorClient(backends.detector(), recognition.leastTime());
      EmbedderClient embedder = new EmbedderClient(backends.embedder());
      EmbeddingModels models =
          new EmbeddingModels(() -> ModelMessages.embeddingModels(embedder.models()));
      FaceFinder finder = new FaceFinder(detector, embedder);
      Probes probes = new Probes(finder, models, ledger);
      Recognition search = new Recognition(new FaceSearch(ledger, gallery), ledger, wait);
      Enroller enroller = new Enroller(probes, ledger, archive, wait);

      TenantCollections collections = new TenantCollections(ledger);
      GatewayMetrics metrics = new GatewayMetrics(host.meters(), ledger, follower);

      CollectionCheck check =
          new CollectionCheck(ledger, archive, gallery, follower, clock, data.orphanAge());
      GalleryRebuild rebuild = new GalleryRebuild(ledger, gallery, follower);
      RecallMeasure recall = new RecallMeasure(ledger, gallery, follower);
      GalleryStores stores = new GalleryStores(settings, ledger);
      GalleryMove move = new GalleryMove(ledger, gallery, follower, stores::open);
      GalleryJobService galleryJobs =
          new GalleryJobService(ledger, jobs, check, rebuild, recall, stores, gallery, move);
      wait.fill(ledger.sequence(), gallery);
      Turns turns = new Turns(settings.access().callsInFlight(), settings.access().waitingCalls());
      AccessInterceptor door =
          new AccessInterceptor(settings.access().keys(ledger.tenants(), clock), notes, turns);
      host.answer(
          errors,
          door.before(
              new FaceService(
                  new DetectionService(detector, finder, models),
                  new RecognitionService(probes, search, models, collections, metrics),
                  new EnrollService(
                      enroller, collections, metrics, errors, turns, recognition.streamWidth()),
                  new FaceRecordService(ledger, archive),
                  new SubjectRecordService(ledger))),
          door.before(new CollectionService(ledger, models, follower, galleryJobs)),
          door.before(new OperationService(ledger.operations(), host::isEnding)),
          door.before(
              new AdminService(
                  detector,
                  embedder,
                  galleryJobs,
                  new TenantService(ledger.tenants()),
                  new ApiKeyService(ledger.tenants(), clock),
                  new AuditService(ledger.audit()))));

      Purge purge = new Purge(ledger, archive, follower::position);
      OrphanSweep orphans = new OrphanSweep(ledger, archive, clock, data.orphanAge());
      try (var _ = new Housekeeping(purge, data.purgeEvery(), orphans, data.sweepEvery());
          var _ = new GalleryChoice(ledger, gallery, move);
          var _ = new RecallWatch(ledger, recall, metrics, settings.gallery().recallEvery());
          var _ =
              new BackendWatch(
                  backends, detector, models, settings.backend().refresh(), host::ready)) {
        host.awaitTermination();
      }
    }
  }
}
