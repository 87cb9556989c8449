package dev.facet.gateway;

import static dev.facet.gateway.Answers.crop;
import static dev.facet.gateway.Answers.enrolled;
import static dev.facet.gateway.Answers.face;
import static dev.facet.gateway.Answers.newCollection;
import static dev.facet.gateway.Answers.picture;
import static dev.facet.gateway.Answers.refused;
import static dev.facet.gateway.Answers.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.FieldMask;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.facet.proto.type.v1.ChipSpec;
import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.FaceChoice;
import dev.facet.proto.type.v1.Timings;
import dev.facet.proto.v1.Consistency;
import dev.facet.proto.v1.Decision;
import dev.facet.proto.v1.DeleteFaceRequest;
import dev.facet.proto.v1.DetectRequest;
import dev.facet.proto.v1.DetectResponse;
import dev.facet.proto.v1.EmbedRequest;
import dev.facet.proto.v1.EmbedResponse;
import dev.facet.proto.v1.IdentifiedFace;
import dev.facet.proto.v1.IdentifyRequest;
import dev.facet.proto.v1.IdentifyResponse;
import dev.facet.proto.v1.Match;
import dev.facet.proto.v1.MergeSubjectsRequest;
import dev.facet.proto.v1.Probe;
import dev.facet.proto.v1.SearchFilter;
import dev.facet.proto.v1.SearchRequest;
import dev.facet.proto.v1.SearchResponse;
import dev.facet.proto.v1.Subject;
import dev.facet.proto.v1.UpdateSubjectRequest;
import dev.facet.proto.v1.VerifyRequest;
import dev.facet.proto.v1.VerifyResponse;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Who a face is: found, embedded, searched, decided about and compared. */
@TestInstance(Lifecycle.PER_CLASS)
class RecognitionTest {
  private static final Offset<Float> EXACTLY = within(1e-5f);

  private final FakeServices services = new FakeServices();
  private final TestGateway gateway;

  RecognitionTest(@TempDir Path data) {
    gateway = TestGateway.ready(data, services);
  }

  @AfterAll
  void close() {
    gateway.close();
    services.close();
  }

  @Test
  void detectionTellsPlacesSizesAndDetector() {
    DetectResponse response =
        gateway
            .faces()
            .detect(
                DetectRequest.newBuilder()
                    .setImage(Answers.image("anna bob"))
                    .setChipSpec(ChipSpec.getDefaultInstance())
                    .build());
    assertThat(response.getFacesList()).hasSize(2);
    assertThat(response.getFaces(1).getFace().getBox().getX()).isEqualTo(100);
    assertThat(response.getFaces(1).getFace().getLandmarks().getRightEye().getX()).isEqualTo(43);
    assertThat(response.getFaces(0).getChip().getImage().getData().toStringUtf8())
        .isEqualTo("chip of anna");
    assertThat(response.getWidth()).isEqualTo(640);
    assertThat(response.getDetector()).isEqualTo(FakeDetector.ID);
    assertThat(response.getTimings().getDetectMicros()).isEqualTo(300);
  }

  @Test
  void pictureWithoutAFaceIsAnEmptyAnswerWhereNoneIsAskedFor() {
    newCollection(gateway, "empty");
    assertThat(
            gateway
                .faces()
                .detect(DetectRequest.newBuilder().setImage(Answers.image("nobody")).build())
                .getFacesList())
        .isEmpty();
    assertThat(gateway.faces().search(search("empty", picture("nobody"))).getResultsList())
        .isEmpty();
    assertThat(gateway.faces().identify(identify("empty", picture("nobody"))).getFacesList())
        .isEmpty();
  }

  @Test
  void embeddingGivesTheModelsVectors() {
    EmbedResponse ofPicture =
        gateway
            .faces()
            .embed(EmbedRequest.newBuilder().setImage(Answers.image("anna bob")).build());
    assertThat(ofPicture.getFacesList()).hasSize(2);
    assertThat(ofPicture.getFaces(1).getVector()).isEqualTo(FakeEmbedder.vector("bob"));
    assertThat(ofPicture.getFaces(1).hasFace()).isTrue();
    assertThat(ofPicture.getModel().getName()).isEqualTo("fake-a");
    assertThat(ofPicture.getTimings().getEmbedBatchSize()).isEqualTo(2);

    EmbedResponse ofCrop =
        gateway.faces().embed(EmbedRequest.newBuilder().setCrop(crop("bob").getCrop()).build());
    assertThat(ofCrop.getFaces(0).getVector()).isEqualTo(FakeEmbedder.vector("bob"));
    assertThat(ofCrop.getFaces(0).hasFace()).isFalse();
    assertThat(ofCrop.getTimings().hasDecodeMicros()).isFalse();
  }

  @Test
  void nearestFacesComeFirstWithAllThatIsNeededToJudgeThem() {
    newCollection(gateway, "near");
    String anna = enrolled(gateway, "near", "ada", "anna");
    String late = enrolled(gateway, "near", "ada", "anna:0.8");
    enrolled(gateway, "near", "eve", "eve");
    SearchResponse response =
        gateway.faces().search(search("near", picture("anna:0.1")).toBuilder().setTopK(2).build());

    assertThat(response.getResultsList()).hasSize(1);
    var result = response.getResults(0);
    assertThat(result.getFace().getScore()).isEqualTo(0.99f);
    assertThat(result.getSearchedFaces()).isEqualTo(3);
    assertThat(result.hasExpectedFalseMatches()).isFalse();
    assertThat(result.getMatchesList()).extracting(Match::getFaceId).containsExactly(anna, late);
    Match match = result.getMatches(0);
    assertThat(match.getSubjectId()).isEqualTo("ada");
    assertThat(match.getDisplayName()).isEqualTo("ada");
    assertThat(match.getComparison().getSquaredDistance()).isCloseTo(0.1f, EXACTLY);
    assertThat(match.getComparison().getCosineSimilarity()).isCloseTo(0.95f, EXACTLY);
    assertThat(match.getComparison().getThreshold()).isEqualTo(FakeEmbedder.THRESHOLD);
    assertThat(match.getComparison().getModel().getName()).isEqualTo("fake-a");
    assertThat(match.getComparison().hasMatchProbability()).isFalse();
    assertThat(response.getTimings().hasSearchMicros()).isTrue();
  }

  @Test
  void everyFaceOfTheProbeIsSearched() {
    newCollection(gateway, "both");
    enrolled(gateway, "both", "ada", "anna");
    enrolled(gateway, "both", "bob", "bob");
    SearchResponse response = gateway.faces().search(search("both", picture("bob anna")));
    assertThat(response.getResultsList())
        .extracting(result -> result.getMatches(0).getSubjectId())
        .containsExactly("bob", "ada");
  }

  @Test
  void searchKeepsWithinADistanceAndToDistinctSubjectsOnRequest() {
    newCollection(gateway, "kept-to");
    enrolled(gateway, "kept-to", "ada", "anna");
    enrolled(gateway, "kept-to", "ada", "anna:0.2");
    enrolled(gateway, "kept-to", "eve", "anna:0.4");
    enrolled(gateway, "kept-to", "zoe", "zoe");
    SearchRequest request = search("kept-to", vector("anna"));
    assertThat(subjects(request.toBuilder().setMaxSquaredDistance(0.5f).build()))
        .containsExactly("ada", "ada", "eve");
    assertThat(subjects(request.toBuilder().setDistinctSubjects(true).build()))
        .containsExactly("ada", "eve", "zoe");
  }

  @Test
  void filterTakesSubjectsAndMetadata() {
    newCollection(gateway, "filtered");
    enrolled(gateway, "filtered", "ada", "anna");
    Struct blue =
        Struct.newBuilder()
            .putFields("team", Value.newBuilder().setStringValue("blue").build())
            .build();
    var _ =
        gateway
            .faces()
            .enroll(
                Answers.enroll("filtered", "eve", picture("eve")).toBuilder()
                    .setMetadata(blue)
                    .build());
    SearchRequest request = search("filtered", vector("anna"));
    assertThat(
            subjects(
                request.toBuilder()
                    .setFilter(SearchFilter.newBuilder().addSubjectIds("eve"))
                    .build()))
        .containsExactly("eve");
    assertThat(
            subjects(
                request.toBuilder().setFilter(SearchFilter.newBuilder().setMetadata(blue)).build()))
        .containsExactly("eve");
  }

  @Test
  void probeMayBeAnEnrolledFace() {
    newCollection(gateway, "own");
    String anna = enrolled(gateway, "own", "ada", "anna");
    String near = enrolled(gateway, "own", "ada", "anna:0.3");
    assertThat(gateway.faces().search(search("own", face(anna))).getResults(0).getMatchesList())
        .extracting(Match::getFaceId)
        .containsExactly(anna, near);
  }

  @Test
  void decisionIsMatchWithinTheThresholdAndUnknownBeyond() {
    newCollection(gateway, "decided");
    enrolled(gateway, "decided", "ada", "anna");
    assertThat(decision(identify("decided", picture("anna:1.2"))))
        .isEqualTo(Decision.DECISION_MATCH);
    assertThat(decision(identify("decided", picture("anna:1.3"))))
        .isEqualTo(Decision.DECISION_UNKNOWN);
    assertThat(
            decision(
                identify("decided", picture("anna:0.5")).toBuilder().setThreshold(0.4f).build()))
        .isEqualTo(Decision.DECISION_UNKNOWN);
  }

  @Test
  void candidatesAreListedBeyondTheThreshold() {
    newCollection(gateway, "candidates");
    enrolled(gateway, "candidates", "ada", "anna");
    enrolled(gateway, "candidates", "eve", "eve");
    IdentifiedFace unknown = first(identify("candidates", picture("zoe")));
    assertThat(unknown.getDecision()).isEqualTo(Decision.DECISION_UNKNOWN);
    assertThat(unknown.getCandidatesList()).hasSize(2);
    assertThat(unknown.getSearchedFaces()).isEqualTo(2);
  }

  @Test
  void secondSubjectWithinTheMarginMakesItAmbiguousAndIsListed() {
    newCollection(gateway, "twins");
    enrolled(gateway, "twins", "ada", "anna");
    enrolled(gateway, "twins", "ada", "anna:0.1");
    enrolled(gateway, "twins", "eve", "anna:0.3");
    IdentifyRequest request =
        identify("twins", vector("anna")).toBuilder().setMaxCandidates(1).build();
    assertThat(decision(request)).isEqualTo(Decision.DECISION_MATCH);
    assertThat(decision(request.toBuilder().setAmbiguityMargin(0.2f).build()))
        .isEqualTo(Decision.DECISION_MATCH);
    IdentifiedFace ambiguous = first(request.toBuilder().setAmbiguityMargin(0.31f).build());
    assertThat(ambiguous.getDecision()).isEqualTo(Decision.DECISION_AMBIGUOUS);
    assertThat(ambiguous.getCandidatesList())
        .extracting(Match::getSubjectId)
        .containsExactly("ada", "eve");
  }

  @Test
  void verificationComparesTwoProbesOfAnyForm() {
    for (Probe other : List.of(picture("anna:0.4"), crop("anna:0.4"), vector("anna:0.4"))) {
      VerifyResponse response =
          gateway
              .faces()
              .verify(VerifyRequest.newBuilder().setProbe(picture("anna")).setOther(other).build());
      assertThat(response.getDecision()).isEqualTo(Decision.DECISION_MATCH);
      assertThat(response.getComparison().getSquaredDistance()).isCloseTo(0.4f, EXACTLY);
      assertThat(response.hasProbeFace()).isTrue();
      assertThat(response.hasOtherFace()).isEqualTo(other.hasImage());
    }
  }

  @Test
  void verificationTakesTheLargestFaceUnlessToldOtherwise() {
    VerifyRequest request =
        VerifyRequest.newBuilder().setProbe(picture("anna bob")).setOther(picture("anna")).build();
    assertThat(gateway.faces().verify(request).getDecision()).isEqualTo(Decision.DECISION_MATCH);
    assertThat(
            refused(
                    () ->
                        gateway
                            .faces()
                            .verify(
                                request.toBuilder()
                                    .setOptions(
                                        DetectionOptions.newBuilder()
                                            .setChoice(FaceChoice.FACE_CHOICE_ONLY))
                                    .build()))
                .reason())
        .isEqualTo("MULTIPLE_FACES");
  }

  @Test
  void verificationAgainstASubjectCountsItsNearestFace() {
    newCollection(gateway, "verified");
    enrolled(gateway, "verified", "ada", "anna:0.9");
    String near = enrolled(gateway, "verified", "ada", "anna:0.2");
    enrolled(gateway, "verified", "eve", "anna");
    VerifyResponse response =
        gateway
            .faces()
            .verify(
                VerifyRequest.newBuilder()
                    .setCollectionId("verified")
                    .setProbe(picture("anna"))
                    .setSubjectId("ada")
                    .build());
    assertThat(response.getDecision()).isEqualTo(Decision.DECISION_MATCH);
    assertThat(response.getNearestFaceId()).isEqualTo(near);
    assertThat(response.getComparison().getSquaredDistance()).isCloseTo(0.2f, EXACTLY);
  }

  @Test
  void strangersAreUnknownToEachOther() {
    VerifyResponse response =
        gateway
            .faces()
            .verify(
                VerifyRequest.newBuilder()
                    .setProbe(vector("anna"))
                    .setOther(vector("bob"))
                    .build());
    assertThat(response.getDecision()).isEqualTo(Decision.DECISION_UNKNOWN);
    assertThat(response.getComparison().getThreshold()).isEqualTo(FakeEmbedder.THRESHOLD);
  }

  @Test
  void vectorIsSearchedWithoutDetectorAndEmbedder() {
    newCollection(gateway, "vectors");
    enrolled(gateway, "vectors", "ada", "anna");
    Timings timings = gateway.faces().search(search("vectors", vector("anna"))).getTimings();
    assertThat(timings.hasDetectMicros()).isFalse();
    assertThat(timings.hasEmbedMicros()).isFalse();
  }

  @Test
  void deletedFaceIsNeverAHitAndLeavesNoGap() {
    newCollection(gateway, "gaps");
    String dead = enrolled(gateway, "gaps", "ada", "anna");
    String alive = enrolled(gateway, "gaps", "eve", "anna:0.5");
    var _ =
        gateway
            .faces()
            .deleteFace(
                DeleteFaceRequest.newBuilder().setCollectionId("gaps").setFaceId(dead).build());
    assertThat(
            gateway
                .faces()
                .search(
                    search("gaps", vector("anna")).toBuilder()
                        .setTopK(1)
                        .setConsistency(Consistency.CONSISTENCY_FRESH)
                        .build())
                .getResults(0)
                .getMatchesList())
        .extracting(Match::getFaceId)
        .containsExactly(alive);
  }

  @Test
  void renamedAndMergedSubjectsShowAtOnce() {
    newCollection(gateway, "renamed");
    enrolled(gateway, "renamed", "ada", "anna");
    enrolled(gateway, "renamed", "ada2", "anna:0.1");
    var _ =
        gateway
            .faces()
            .updateSubject(
                UpdateSubjectRequest.newBuilder()
                    .setSubject(
                        Subject.newBuilder()
                            .setCollectionId("renamed")
                            .setSubjectId("ada")
                            .setDisplayName("Ada L."))
                    .setUpdateMask(FieldMask.newBuilder().addPaths("display_name"))
                    .build());
    var _ =
        gateway
            .faces()
            .mergeSubjects(
                MergeSubjectsRequest.newBuilder()
                    .setCollectionId("renamed")
                    .setFromSubjectId("ada2")
                    .setIntoSubjectId("ada")
                    .build());
    assertThat(
            gateway
                .faces()
                .search(search("renamed", vector("anna")))
                .getResults(0)
                .getMatchesList())
        .hasSize(2)
        .allSatisfy(
            match -> {
              assertThat(match.getSubjectId()).isEqualTo("ada");
              assertThat(match.getDisplayName()).isEqualTo("Ada L.");
            });
  }

  @Test
  void collectionsDoNotSeeEachOther() {
    newCollection(gateway, "left");
    newCollection(gateway, "right");
    enrolled(gateway, "left", "ada", "anna");
    assertThat(subjects(search("right", vector("anna")))).isEmpty();
  }

  @Test
  void callsAreCounted() throws Exception {
    newCollection(gateway, "counted");
    enrolled(gateway, "counted", "ada", "anna");
    assertThat(decision(identify("counted", vector("anna")))).isEqualTo(Decision.DECISION_MATCH);
    assertThat(gateway.metrics())
        .contains("facet_faces_enrolled_total{")
        .contains("facet_faces_searched_total{call=\"identify\"")
        .contains("facet_decisions_total{decision=\"match\"")
        .contains("facet_ledger_sequence{")
        .contains("facet_gallery_lag{");
  }

  private static SearchRequest search(String collection, Probe probe) {
    return SearchRequest.newBuilder().setCollectionId(collection).setProbe(probe).build();
  }

  private static IdentifyRequest identify(String collection, Probe probe) {
    return IdentifyRequest.newBuilder().setCollectionId(collection).setProbe(probe).build();
  }

  private List<String> subjects(SearchRequest request) {
    return gateway.faces().search(request).getResults(0).getMatchesList().stream()
        .map(Match::getSubjectId)
        .toList();
  }

  private Decision decision(IdentifyRequest request) {
    return first(request).getDecision();
  }

  private IdentifiedFace first(IdentifyRequest request) {
    IdentifyResponse response = gateway.faces().identify(request);
    assertThat(response.getFacesList()).hasSize(1);
    return response.getFaces(0);
  }
}
