package dev.facet.cli;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import dev.facet.proto.type.v1.Box;
import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.FaceChoice;
import dev.facet.proto.type.v1.Image;
import dev.facet.proto.type.v1.ModelId;
import dev.facet.proto.type.v1.Point;
import dev.facet.proto.type.v1.Vector;
import dev.facet.proto.v1.AdminServiceGrpc.AdminServiceImplBase;
import dev.facet.proto.v1.CheckCollectionRequest;
import dev.facet.proto.v1.CheckCollectionResponse;
import dev.facet.proto.v1.Collection;
import dev.facet.proto.v1.CollectionServiceGrpc.CollectionServiceImplBase;
import dev.facet.proto.v1.Comparison;
import dev.facet.proto.v1.ConfirmRebuildRequest;
import dev.facet.proto.v1.ConfirmRebuildResponse;
import dev.facet.proto.v1.CreateCollectionRequest;
import dev.facet.proto.v1.CreateCollectionResponse;
import dev.facet.proto.v1.Decision;
import dev.facet.proto.v1.DetectRequest;
import dev.facet.proto.v1.DetectResponse;
import dev.facet.proto.v1.DetectedFace;
import dev.facet.proto.v1.DropCollectionRequest;
import dev.facet.proto.v1.DropCollectionResponse;
import dev.facet.proto.v1.EmbedRequest;
import dev.facet.proto.v1.EmbedResponse;
import dev.facet.proto.v1.EmbeddedFace;
import dev.facet.proto.v1.EnrollRequest;
import dev.facet.proto.v1.EnrollResponse;
import dev.facet.proto.v1.EnrolledFace;
import dev.facet.proto.v1.Face;
import dev.facet.proto.v1.FaceMatches;
import dev.facet.proto.v1.FaceServiceGrpc.FaceServiceImplBase;
import dev.facet.proto.v1.FoundFace;
import dev.facet.proto.v1.GetCollectionRequest;
import dev.facet.proto.v1.GetCollectionResponse;
import dev.facet.proto.v1.IdentifiedFace;
import dev.facet.proto.v1.IdentifyRequest;
import dev.facet.proto.v1.IdentifyResponse;
import dev.facet.proto.v1.ListFacesRequest;
import dev.facet.proto.v1.ListFacesResponse;
import dev.facet.proto.v1.Match;
import dev.facet.proto.v1.MeasureRecallRequest;
import dev.facet.proto.v1.MeasureRecallResponse;
import dev.facet.proto.v1.MoveGalleryRequest;
import dev.facet.proto.v1.MoveGalleryResponse;
import dev.facet.proto.v1.RebuildGalleryRequest;
import dev.facet.proto.v1.RebuildGalleryResponse;
import dev.facet.proto.v1.SearchRequest;
import dev.facet.proto.v1.SearchResponse;
import dev.facet.proto.v1.VerifyRequest;
import dev.facet.proto.v1.VerifyResponse;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.imageio.ImageIO;

/**
 * A gateway on a loopback port whose photos are texts: {@code PERSON anything} shows that person's
 * face, {@code nobody} shows none and {@code broken} is no photo. A person looks the same in all
 * photos. A PNG file shows the person named by the colour in its middle, as six digits.
 *
 * <p>Of its two detectors the one that is not the default is blind to photos that end in {@code
 * dark}; to its other embedding model all faces are one. A face is found at the last of the angles
 * asked for.
 */
final class FakeGateway implements AutoCloseable {

  static final String DETECTOR = "fake-detector";
  static final String BLINDER_DETECTOR = "blinder-detector";
  static final String MODEL = "fake-model";
  static final String BLURRED_MODEL = "blurred-model";

  private final Store store;
  private final AtomicInteger unavailable = new AtomicInteger();
  private final AtomicInteger enrolmentsUntilDeath = new AtomicInteger(Integer.MAX_VALUE);
  private final Set<FaceChoice> choices = ConcurrentHashMap.newKeySet();
  private final Set<DetectionOptions> options = ConcurrentHashMap.newKeySet();
  private final Set<ByteString> searched = ConcurrentHashMap.newKeySet();
  private final Set<String> models = ConcurrentHashMap.newKeySet();
  private final FakeJobs jobs = new FakeJobs();
  private final Server server;

  /**
   * What survives the gateway: the enrolled faces by collection and id, and the model of every
   * collection ever.
   */
  record Store(Map<String, Map<String, Enrolled>> collections, Map<String, String> everCreated) {
    Store() {
      this(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    }

    /** The faces of a collection that is there. */
    Map<String, Enrolled> faces(String collection) {
      Map<String, Enrolled> faces = collections.get(collection);
      if (faces == null) {
        throw refusal(Status.Code.NOT_FOUND, "COLLECTION_NOT_FOUND", "there is no such collection");
      }
      return faces;
    }

    Collection collection(String id) {
      return Collection.newBuilder()
          .setCollectionId(id)
          .setMatchThreshold(1)
          .setModel(ModelId.newBuilder().setName(everCreated.getOrDefault(id, MODEL)))
          .build();
    }
  }

  /** A stored face. */
  record Enrolled(String subject, String displayName, String person) {}

  FakeGateway() throws IOException {
    this(new Store());
  }

  FakeGateway(Store store) throws IOException {
    this.store = store;
    HealthStatusManager health = new HealthStatusManager();
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new Faces())
            .addService(new Admin())
            .addService(new Collections())
            .addService(jobs)
            .addService(health.getHealthService())
            .build()
            .start();
  }

  /** Its long jobs. */
  FakeJobs jobs() {
    return jobs;
  }

  String address() {
    return "127.0.0.1:" + server.getPort();
  }

  /** The next calls are answered UNAVAILABLE, so many of them. */
  void beUnavailable(int calls) {
    unavailable.set(calls);
  }

  /** The gateway dies when it has stored so many more faces, without answering the last one. */
  void dieAfter(int enrolments) {
    enrolmentsUntilDeath.set(enrolments);
  }

  /** Which faces were enrolled and identified. */
  Set<FaceChoice> choices() {
    return choices;
  }

  /** How faces were looked for in any photo. */
  Set<DetectionOptions> options() {
    return options;
  }

  /** The photos of identifications. */
  Set<ByteString> searched() {
    return searched;
  }

  /** The models that verifications, embeddings and new collections asked for. */
  Set<String> models() {
    return models;
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private static String text(Image photo) {
    byte[] bytes = photo.getData().toByteArray();
    if (bytes.length < 2 || bytes[1] != 'P') {
      return photo.getData().toStringUtf8();
    }
    try {
      BufferedImage picture = ImageIO.read(new ByteArrayInputStream(bytes));
      return "%06x"
          .formatted(picture.getRGB(picture.getWidth() / 2, picture.getHeight() / 2) & 0xFFFFFF);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Who is found in a photo. */
  private Optional<String> person(Image photo, DetectionOptions how) {
    options.add(how);
    String text = text(photo);
    if (!Set.of("", DETECTOR, BLINDER_DETECTOR).contains(how.getDetector())) {
      throw refusal(
          Status.Code.NOT_FOUND, "MODEL_NOT_FOUND", "there is no detector " + how.getDetector());
    }
    return how.getDetector().equals(BLINDER_DETECTOR) && text.endsWith("dark")
        ? Optional.empty()
        : person(text);
  }

  private String onlyPerson(Image photo, DetectionOptions how) {
    return person(photo, how)
        .orElseThrow(
            () -> refusal(Status.Code.FAILED_PRECONDITION, "NO_FACE", "no face in the picture"));
  }

  private static ModelId detector(DetectionOptions how) {
    return ModelId.newBuilder()
        .setName(how.getDetector().isEmpty() ? DETECTOR : how.getDetector())
        .build();
  }

  private ModelId model(String asked) {
    models.add(asked);
    if (!Set.of("", MODEL, BLURRED_MODEL).contains(asked)) {
      throw refusal(Status.Code.NOT_FOUND, "MODEL_NOT_FOUND", "there is no model " + asked);
    }
    return ModelId.newBuilder().setName(asked.isEmpty() ? MODEL : asked).build();
  }

  private static Optional<String> person(String photo) {
    if (photo.startsWith("broken")) {
      throw refusal(Status.Code.INVALID_ARGUMENT, "UNSUPPORTED_FORMAT", "not a picture");
    }
    return photo.startsWith("nobody") ? Optional.empty() : Optional.of(photo.split(" ", -1)[0]);
  }

  static StatusRuntimeException refusal(Status.Code code, String reason, String message) {
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(code.value())
            .setMessage(message)
            .addDetails(
                Any.pack(ErrorInfo.newBuilder().setReason(reason).setDomain("facet.dev").build()))
            .build());
  }

  private static FoundFace found(DetectionOptions how) {
    List<Float> angles = how.getAnglesList();
    return FoundFace.newBuilder()
        .setAngle(angles.isEmpty() ? 0 : angles.getLast())
        .setBox(Box.newBuilder().setX(2).setY(3).setWidth(20).setHeight(24))
        .setLandmarks(
            dev.facet.proto.type.v1.Landmarks.newBuilder()
                .setNose(Point.newBuilder().setX(12).setY(15)))
        .setScore(0.95f)
        .build();
  }

  private static Match match(String id, Enrolled face, float distance) {
    return Match.newBuilder()
        .setFaceId(id)
        .setSubjectId(face.subject)
        .setDisplayName(face.displayName)
        .setComparison(comparison(distance))
        .build();
  }

  private static Comparison comparison(float squaredDistance) {
    return Comparison.newBuilder()
        .setSquaredDistance(squaredDistance)
        .setCosineSimilarity(1 - squaredDistance / 2)
        .setThreshold(1)
        .build();
  }

  private static List<Match> nearest(Map<String, Enrolled> faces, String person) {
    List<Match> matches = new ArrayList<>();
    faces.forEach(
        (id, face) -> {
          if (face.person.equals(person)) {
            matches.addFirst(match(id, face, 0.5f));
          } else {
            matches.addLast(match(id, face, 2));
          }
        });
    return matches;
  }

  private <R> void answer(StreamObserver<R> to, Supplier<R> answer) {
    reply(
        to,
        () -> {
          if (unavailable.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw refusal(Status.Code.UNAVAILABLE, "QUEUE_FULL", "64 of 64 waiting");
          }
          return answer.get();
        });
  }

  static <R> void reply(StreamObserver<R> to, Supplier<R> answer) {
    try {
      to.onNext(answer.get());
      to.onCompleted();
    } catch (StatusRuntimeException e) {
      to.onError(e);
    }
  }

  private final class Faces extends FaceServiceImplBase {

    @Override
    public void detect(DetectRequest request, StreamObserver<DetectResponse> to) {
      answer(
          to,
          () -> {
            DetectionOptions how = request.getOptions();
            DetectResponse.Builder response =
                DetectResponse.newBuilder().setWidth(40).setHeight(30).setDetector(detector(how));
            person(request.getImage(), how)
                .ifPresent(
                    person -> response.addFaces(DetectedFace.newBuilder().setFace(found(how))));
            return response.build();
          });
    }

    @Override
    public void embed(EmbedRequest request, StreamObserver<EmbedResponse> to) {
      answer(
          to,
          () -> {
            ModelId model = model(request.getModel());
            String person = onlyPerson(request.getImage(), request.getOptions());
            double angle = model.getName().equals(BLURRED_MODEL) ? 0 : person.hashCode();
            return EmbedResponse.newBuilder()
                .setModel(model)
                .addFaces(
                    EmbeddedFace.newBuilder()
                        .setVector(
                            Vector.newBuilder()
                                .addValues((float) Math.cos(angle))
                                .addValues((float) Math.sin(angle))))
                .build();
          });
    }

    @Override
    public void enroll(EnrollRequest request, StreamObserver<EnrollResponse> to) {
      answer(
          to,
          () -> {
            choices.add(request.getOptions().getChoice());
            String photo = text(request.getProbe().getImage());
            String person = onlyPerson(request.getProbe().getImage(), request.getOptions());
            String id = Integer.toHexString((request.getSubjectId() + photo).hashCode());
            Enrolled before =
                store
                    .faces(request.getCollectionId())
                    .putIfAbsent(
                        id, new Enrolled(request.getSubjectId(), request.getDisplayName(), person));
            if (before == null && enrolmentsUntilDeath.decrementAndGet() <= 0) {
              server.shutdownNow();
            }
            return EnrollResponse.newBuilder()
                .addFaces(
                    EnrolledFace.newBuilder()
                        .setFace(
                            Face.newBuilder().setFaceId(id).setSubjectId(request.getSubjectId())))
                .setReplayed(before != null)
                .build();
          });
    }

    @Override
    public void search(SearchRequest request, StreamObserver<SearchResponse> to) {
      answer(
          to,
          () -> {
            SearchResponse.Builder response = SearchResponse.newBuilder();
            person(request.getProbe().getImage(), request.getOptions())
                .ifPresent(
                    person ->
                        response.addResults(
                            FaceMatches.newBuilder()
                                .setFace(found(request.getOptions()))
                                .setSearchedFaces(store.faces(request.getCollectionId()).size())
                                .addAllMatches(
                                    nearest(store.faces(request.getCollectionId()), person).stream()
                                        .limit(request.getTopK())
                                        .toList())));
            return response.build();
          });
    }

    @Override
    public void identify(IdentifyRequest request, StreamObserver<IdentifyResponse> to) {
      answer(
          to,
          () -> {
            choices.add(request.getOptions().getChoice());
            searched.add(request.getProbe().getImage().getData());
            IdentifyResponse.Builder response = IdentifyResponse.newBuilder();
            person(request.getProbe().getImage(), request.getOptions())
                .ifPresent(
                    person -> {
                      List<Match> near = nearest(store.faces(request.getCollectionId()), person);
                      boolean known =
                          !near.isEmpty()
                              && near.getFirst().getComparison().getSquaredDistance() < 1;
                      response.addFaces(
                          IdentifiedFace.newBuilder()
                              .setFace(found(request.getOptions()))
                              .setDecision(
                                  known ? Decision.DECISION_MATCH : Decision.DECISION_UNKNOWN)
                              .addAllCandidates(near));
                    });
            return response.build();
          });
    }

    @Override
    public void verify(VerifyRequest request, StreamObserver<VerifyResponse> to) {
      answer(
          to,
          () -> {
            models.add(request.getModel());
            boolean same =
                onlyPerson(request.getProbe().getImage(), request.getOptions())
                    .equals(onlyPerson(request.getOther().getImage(), request.getOptions()));
            return VerifyResponse.newBuilder()
                .setDecision(same ? Decision.DECISION_MATCH : Decision.DECISION_UNKNOWN)
                .setComparison(comparison(same ? 0.5f : 2))
                .build();
          });
    }

    @Override
    public void listFaces(ListFacesRequest request, StreamObserver<ListFacesResponse> to) {
      answer(
          to,
          () -> {
            // One face a page.
            List<String> ids = List.copyOf(store.faces(request.getCollectionId()).keySet());
            int page =
                request.getPageToken().isEmpty() ? 0 : Integer.parseInt(request.getPageToken());
            ListFacesResponse.Builder response = ListFacesResponse.newBuilder();
            if (page < ids.size()) {
              response.addFaces(Face.newBuilder().setFaceId(ids.get(page)).setSubjectId("someone"));
            }
            if (page + 1 < ids.size()) {
              response.setNextPageToken(Integer.toString(page + 1));
            }
            return response.build();
          });
    }
  }

  private final class Admin extends AdminServiceImplBase {
    @Override
    public void moveGallery(
        MoveGalleryRequest request, StreamObserver<MoveGalleryResponse> observer) {
      reply(
          observer,
          () ->
              MoveGalleryResponse.newBuilder()
                  .setOperation(jobs.begin(request, "MoveGallery", ""))
                  .build());
    }
  }

  private final class Collections extends CollectionServiceImplBase {

    @Override
    public void getCollection(
        GetCollectionRequest request, StreamObserver<GetCollectionResponse> to) {
      answer(
          to,
          () -> {
            store.faces(request.getCollectionId());
            return GetCollectionResponse.newBuilder()
                .setCollection(store.collection(request.getCollectionId()))
                .build();
          });
    }

    @Override
    public void createCollection(
        CreateCollectionRequest request, StreamObserver<CreateCollectionResponse> to) {
      answer(
          to,
          () -> {
            String id = request.getCollectionId();
            ModelId model = model(request.getModel());
            if (store.collections.putIfAbsent(id, new ConcurrentSkipListMap<>()) != null) {
              throw refusal(
                  Status.Code.ALREADY_EXISTS, "COLLECTION_EXISTS", "there is such a collection");
            }
            store.everCreated.put(id, model.getName());
            return CreateCollectionResponse.newBuilder()
                .setCollection(store.collection(id))
                .build();
          });
    }

    @Override
    public void dropCollection(
        DropCollectionRequest request, StreamObserver<DropCollectionResponse> to) {
      answer(
          to,
          () -> {
            store.collections.remove(request.getCollectionId());
            return DropCollectionResponse.getDefaultInstance();
          });
    }

    @Override
    public void checkCollection(
        CheckCollectionRequest request, StreamObserver<CheckCollectionResponse> to) {
      answer(
          to,
          () ->
              CheckCollectionResponse.newBuilder()
                  .setOperation(jobs.begin(request, "CheckCollection", request.getCollectionId()))
                  .build());
    }

    @Override
    public void rebuildGallery(
        RebuildGalleryRequest request, StreamObserver<RebuildGalleryResponse> to) {
      answer(
          to,
          () ->
              RebuildGalleryResponse.newBuilder()
                  .setOperation(jobs.begin(request, "RebuildGallery", request.getCollectionId()))
                  .build());
    }

    @Override
    public void confirmRebuild(
        ConfirmRebuildRequest request, StreamObserver<ConfirmRebuildResponse> to) {
      answer(
          to,
          () ->
              ConfirmRebuildResponse.newBuilder()
                  .setOperation(jobs.begin(request, "ConfirmRebuild", request.getCollectionId()))
                  .build());
    }

    @Override
    public void measureRecall(
        MeasureRecallRequest request, StreamObserver<MeasureRecallResponse> to) {
      answer(
          to,
          () ->
              MeasureRecallResponse.newBuilder()
                  .setOperation(jobs.begin(request, "MeasureRecall", request.getCollectionId()))
                  .build());
    }
  }
}
