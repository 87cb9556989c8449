package dev.facet.gateway;

import dev.facet.bootstrap.RequestChecks;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.Merge;
import dev.facet.gateway.ledger.Subject;
import dev.facet.gateway.ledger.SubjectDetails;
import dev.facet.proto.v1.DeleteSubjectRequest;
import dev.facet.proto.v1.DeleteSubjectResponse;
import dev.facet.proto.v1.GetSubjectRequest;
import dev.facet.proto.v1.GetSubjectResponse;
import dev.facet.proto.v1.ListSubjectsRequest;
import dev.facet.proto.v1.ListSubjectsResponse;
import dev.facet.proto.v1.MergeSubjectsRequest;
import dev.facet.proto.v1.MergeSubjectsResponse;
import dev.facet.proto.v1.UpdateSubjectRequest;
import dev.facet.proto.v1.UpdateSubjectResponse;
import java.util.List;
import java.util.Set;

/** The calls about subjects: get, list, change, merge, delete. */
final class SubjectRecordService {
  private final Ledger ledger;
  private final TenantCollections collections;

  SubjectRecordService(Ledger ledger) {
    this.ledger = ledger;
    this.collections = new TenantCollections(ledger);
  }

  GetSubjectResponse get(GetSubjectRequest request) {
    check(request.getCollectionId(), request.getSubjectId());
    FaceCollection collection = collections.named(request.getCollectionId());
    Subject subject =
        ledger.subject(collection, request.getSubjectId()).orElseThrow(NotFound::subject);
    return GetSubjectResponse.newBuilder()
        .setSubject(ResourceMessages.subject(collection, subject))
        .build();
  }

  ListSubjectsResponse list(ListSubjectsRequest request) {
    RequestChecks checks = new RequestChecks().id("collection_id", request.getCollectionId());
    Page.check(checks, request.getPageSize());
    checks.done();
    FaceCollection collection = collections.named(request.getCollectionId());
    PageTokens tokens = new PageTokens("subjects " + collection.number());
    String after = tokens.position(request.getPageToken());
    Page<Subject> page =
        Page.read(
            request.getPageSize(),
            tokens,
            limit -> ledger.subjects(collection, after, limit),
            Subject::subjectId);
    return ListSubjectsResponse.newBuilder()
        .addAllSubjects(
            page.items().stream()
                .map(subject -> ResourceMessages.subject(collection, subject))
                .toList())
        .setNextPageToken(page.nextToken())
        .build();
  }

  UpdateSubjectResponse update(UpdateSubjectRequest request) {
    var wanted = request.getSubject();
    List<String> paths = request.getUpdateMask().getPathsList();
    RequestChecks checks =
        new RequestChecks()
            .id("subject.collection_id", wanted.getCollectionId())
            .id("subject.subject_id", wanted.getSubjectId())
            .text("subject.display_name", wanted.getDisplayName())
            .text("subject.external_id", wanted.getExternalId());
    MetadataMessages.check(checks, "subject.metadata", wanted.getMetadata());
    FieldMaskMessages.checkUpdate(
        checks, request.getUpdateMask(), Set.of("display_name", "external_id", "metadata"));
    checks.done();
    FaceCollection collection = collections.named(wanted.getCollectionId());
    Subject subject =
        ledger.updateSubject(
            collection,
            wanted.getSubjectId(),
            old ->
                new SubjectDetails(
                    paths.contains("display_name") ? wanted.getDisplayName() : old.displayName(),
                    paths.contains("external_id") ? wanted.getExternalId() : old.externalId(),
                    paths.contains("metadata")
                        ? MetadataMessages.json(wanted.getMetadata())
                        : old.metadata()));
    return UpdateSubjectResponse.newBuilder()
        .setSubject(ResourceMessages.subject(collection, subject))
        .build();
  }

  MergeSubjectsResponse merge(MergeSubjectsRequest request) {
    new RequestChecks()
        .id("collection_id", request.getCollectionId())
        .id("from_subject_id", request.getFromSubjectId())
        .id("into_subject_id", request.getIntoSubjectId())
        .expect(
            !request.getFromSubjectId().equals(request.getIntoSubjectId()),
            "into_subject_id",
            "must be another subject than from_subject_id")
        .done();
    FaceCollection collection = collections.named(request.getCollectionId());
    Merge merge =
        ledger.mergeSubjects(collection, request.getFromSubjectId(), request.getIntoSubjectId());
    return MergeSubjectsResponse.newBuilder()
        .setSubject(ResourceMessages.subject(collection, merge.subject()))
        .setMovedFaces(merge.movedFaces())
        .build();
  }

  DeleteSubjectResponse delete(DeleteSubjectRequest request) {
    check(request.getCollectionId(), request.getSubjectId());
    FaceCollection collection = collections.named(request.getCollectionId());
    return DeleteSubjectResponse.newBuilder()
        .setDeletedFaces(ledger.deleteSubject(collection, request.getSubjectId()).faces())
        .build();
  }

  private static void check(String collectionId, String subjectId) {
    new RequestChecks().id("collection_id", collectionId).id("subject_id", subjectId).done();
  }
}
