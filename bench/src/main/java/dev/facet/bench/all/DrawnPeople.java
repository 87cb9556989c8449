package dev.facet.bench.all;

import dev.facet.bench.BenchFailure;
import dev.facet.bench.FaceFactors;
import dev.facet.bench.FaceVectors;
import dev.facet.proto.type.v1.ModelId;
import dev.facet.proto.type.v1.ModelVector;
import dev.facet.proto.type.v1.Vector;
import dev.facet.proto.v1.CollectionServiceGrpc;
import dev.facet.proto.v1.CreateCollectionRequest;
import dev.facet.proto.v1.EnrollRequest;
import dev.facet.proto.v1.FaceServiceGrpc;
import dev.facet.proto.v1.FaceServiceGrpc.FaceServiceBlockingStub;
import dev.facet.proto.v1.Probe;
import io.grpc.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Fills a collection, through the public door, with vectors that vary as those of real faces do.
 */
final class DrawnPeople {

  /** So many at a time share the ledger's commits. */
  private static final int CALLERS = 128;

  private static final int SEED = 1;

  private final FaceServiceBlockingStub faces;
  private final String collection;
  private final ModelId model;
  private final FaceVectors vectors = new FaceVectors(FaceFactors.standard(), SEED);

  /** Creates the collection, of the default embedding model. */
  DrawnPeople(Channel gateway, String collection) {
    this.faces = FaceServiceGrpc.newBlockingStub(gateway);
    this.collection = collection;
    this.model =
        CollectionServiceGrpc.newBlockingStub(gateway)
            .createCollection(
                CreateCollectionRequest.newBuilder().setCollectionId(collection).build())
            .getCollection()
            .getModel();
  }

  /**
   * Enrols one face of each person.
   *
   * @return faces per second
   */
  double enroll(int people) {
    AtomicInteger next = new AtomicInteger();
    long start = System.nanoTime();
    List<Future<?>> callers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CALLERS; i++) {
        callers.add(
            threads.submit(
                () -> {
                  for (int n = next.getAndIncrement(); n < people; n = next.getAndIncrement()) {
                    enrollOne(n);
                  }
                }));
      }
      for (Future<?> caller : callers) {
        caller.get();
      }
    } catch (ExecutionException e) {
      throw new BenchFailure(BenchFailure.UNAVAILABLE, "an enrolment: " + e.getCause());
    } catch (InterruptedException e) {
      throw BenchFailure.interrupted(e);
    }
    return people / ((System.nanoTime() - start) / 1e9);
  }

  private void enrollOne(int person) {
    float[] values = new float[FaceFactors.DIMENSION];
    vectors.of(person).next(values, 0);
    Vector.Builder vector = Vector.newBuilder();
    for (float value : values) {
      vector.addValues(value);
    }
    var _ =
        faces
            .withDeadlineAfter(60, TimeUnit.SECONDS)
            .enroll(
                EnrollRequest.newBuilder()
                    .setCollectionId(collection)
                    .setSubjectId("person-" + person)
                    .setProbe(
                        Probe.newBuilder()
                            .setVector(ModelVector.newBuilder().setVector(vector).setModel(model)))
                    .build());
  }
}
