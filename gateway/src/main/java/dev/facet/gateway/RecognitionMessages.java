package dev.facet.gateway;

import dev.facet.bootstrap.RequestChecks;
import dev.facet.gateway.gallery.FaceMatch;
import dev.facet.gateway.gallery.FaceMatches;
import dev.facet.gateway.ledger.FaceFilter;
import dev.facet.gateway.ledger.ModelId;
import dev.facet.proto.type.v1.Timings;
import dev.facet.proto.v1.Comparison;
import dev.facet.proto.v1.IdentifiedFace;
import dev.facet.proto.v1.Match;
import dev.facet.proto.v1.SearchFilter;
import java.util.HashSet;
import java.util.List;

/** Matches, decisions and timings as the contract's messages. */
final class RecognitionMessages {
  private static final float FARTHEST = 4;
  private static final int MAX_SUBJECTS = 1000;

  private RecognitionMessages() {}

  static void check(RequestChecks checks, SearchFilter filter) {
    List<String> subjects = filter.getSubjectIdsList();
    checks.expect(
        subjects.size() <= MAX_SUBJECTS,
        "filter.subject_ids",
        "must be at most %d".formatted(MAX_SUBJECTS));
    for (int i = 0; i < subjects.size(); i++) {
      checks.id("filter.subject_ids[%d]".formatted(i), subjects.get(i));
    }
    MetadataMessages.check(checks, "filter.metadata", filter.getMetadata());
  }

  /** A checked filter. */
  static FaceFilter filter(SearchFilter filter) {
    return new FaceFilter(
        new HashSet<>(filter.getSubjectIdsList()), MetadataMessages.members(filter.getMetadata()));
  }

  static dev.facet.proto.v1.FaceMatches matches(
      ProbeFace face, FaceMatches found, VectorSpace space) {
    dev.facet.proto.v1.FaceMatches.Builder message =
        dev.facet.proto.v1.FaceMatches.newBuilder().setSearchedFaces(found.searchedFaces());
    face.found().map(FaceMessages::found).ifPresent(message::setFace);
    for (FaceMatch match : found.matches()) {
      message.addMatches(match(match, space.threshold(), space.model()));
    }
    return message.build();
  }

  static IdentifiedFace identified(
      ProbeFace face, Recognition.Identity identity, Recognition.Rule rule, VectorSpace space) {
    IdentifiedFace.Builder message =
        IdentifiedFace.newBuilder()
            .setDecision(decision(identity.decision()))
            .setSearchedFaces(identity.searchedFaces());
    face.found().map(FaceMessages::found).ifPresent(message::setFace);
    for (FaceMatch candidate : identity.candidates()) {
      message.addCandidates(match(candidate, rule.threshold(), space.model()));
    }
    return message.build();
  }

  static Comparison comparison(float squaredDistance, float threshold, ModelId model) {
    float distance = Math.min(squaredDistance, FARTHEST); // vectors are of unit length but nearly
    return Comparison.newBuilder()
        .setSquaredDistance(distance)
        .setCosineSimilarity(1 - distance / 2)
        .setThreshold(threshold)
        .setModel(ModelMessages.id(model))
        .build();
  }

  static dev.facet.proto.v1.Decision decision(Decision decision) {
    return switch (decision) {
      case MATCH -> dev.facet.proto.v1.Decision.DECISION_MATCH;
      case AMBIGUOUS -> dev.facet.proto.v1.Decision.DECISION_AMBIGUOUS;
      case UNKNOWN -> dev.facet.proto.v1.Decision.DECISION_UNKNOWN;
    };
  }

  static Timings timings(Call call) {
    Timings.Builder timings = Timings.newBuilder().setTotalMicros(call.totalMicros());
    call.stage(Stage.DECODE).ifPresent(timings::setDecodeMicros);
    call.stage(Stage.DETECT_QUEUE).ifPresent(timings::setDetectQueueMicros);
    call.stage(Stage.DETECT).ifPresent(timings::setDetectMicros);
    call.stage(Stage.DETECT_BATCH_SIZE)
        .ifPresent(size -> timings.setDetectBatchSize(Math.toIntExact(size)));
    call.stage(Stage.CROP).ifPresent(timings::setCropMicros);
    call.stage(Stage.EMBED_QUEUE).ifPresent(timings::setEmbedQueueMicros);
    call.stage(Stage.EMBED).ifPresent(timings::setEmbedMicros);
    call.stage(Stage.EMBED_BATCH_SIZE)
        .ifPresent(size -> timings.setEmbedBatchSize(Math.toIntExact(size)));
    call.stage(Stage.SEARCH).ifPresent(timings::setSearchMicros);
    call.stage(Stage.ARCHIVE).ifPresent(timings::setArchiveMicros);
    call.stage(Stage.LEDGER).ifPresent(timings::setLedgerMicros);
    return timings.build();
  }

  private static Match match(FaceMatch match, float threshold, ModelId model) {
    return Match.newBuilder()
        .setFaceId(match.faceId())
        .setSubjectId(match.subjectId())
        .setDisplayName(ResourceMessages.shownName(match.displayName(), match.subjectId()))
        .setComparison(comparison(match.squaredDistance(), threshold, model))
        .build();
  }
}
