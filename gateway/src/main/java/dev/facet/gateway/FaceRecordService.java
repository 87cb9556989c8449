package dev.facet.gateway;

import dev.facet.bootstrap.Refusal;
import dev.facet.bootstrap.RequestChecks;
import dev.facet.gateway.archive.Archive;
import dev.facet.gateway.archive.Chip;
import dev.facet.gateway.ledger.Deletion;
import dev.facet.gateway.ledger.Face;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.FaceDetails;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.proto.v1.DeleteFaceRequest;
import dev.facet.proto.v1.DeleteFaceResponse;
import dev.facet.proto.v1.GetFaceImageRequest;
import dev.facet.proto.v1.GetFaceImageResponse;
import dev.facet.proto.v1.GetFaceRequest;
import dev.facet.proto.v1.GetFaceResponse;
import dev.facet.proto.v1.ListFacesRequest;
import dev.facet.proto.v1.ListFacesResponse;
import dev.facet.proto.v1.UpdateFaceRequest;
import dev.facet.proto.v1.UpdateFaceResponse;
import io.grpc.Status;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The calls about enrolled faces as records: get, list, picture, change, delete. */
final class FaceRecordService {
  private final Ledger ledger;
  private final TenantCollections collections;
  private final Archive archive;

  FaceRecordService(Ledger ledger, Archive archive) {
    this.ledger = ledger;
    this.collections = new TenantCollections(ledger);
    this.archive = archive;
  }

  GetFaceResponse get(GetFaceRequest request) {
    RequestChecks checks = new RequestChecks().id("collection_id", request.getCollectionId());
    checks.id("face_id", request.getFaceId());
    FieldMaskMessages.check(checks, "read_mask", request.getReadMask(), Set.of("face", "vector"));
    checks.done();
    FaceCollection collection = collections.named(request.getCollectionId());
    GetFaceResponse.Builder response =
        GetFaceResponse.newBuilder()
            .setFace(ResourceMessages.face(collection, face(collection, request.getFaceId())));
    if (request.getReadMask().getPathsList().contains("vector")) {
      response.setVector(
          FaceMessages.vector(
              ledger.vector(collection, request.getFaceId()).orElseThrow(NotFound::face)));
    }
    return response.build();
  }

  ListFacesResponse list(ListFacesRequest request) {
    RequestChecks checks = new RequestChecks().id("collection_id", request.getCollectionId());
    checks.optionalId("subject_id", request.getSubjectId());
    Page.check(checks, request.getPageSize());
    checks.done();
    FaceCollection collection = collections.named(request.getCollectionId());
    PageTokens tokens =
        new PageTokens("faces %d %s".formatted(collection.number(), request.getSubjectId()));
    long after = tokens.number(request.getPageToken());
    Optional<String> subject =
        request.getSubjectId().isEmpty() ? Optional.empty() : Optional.of(request.getSubjectId());
    Page<Face> page =
        Page.read(
            request.getPageSize(),
            tokens,
            limit -> ledger.faces(collection, subject, after, limit),
            face -> Long.toString(face.sequence()));
    return ListFacesResponse.newBuilder()
        .addAllFaces(
            page.items().stream().map(face -> ResourceMessages.face(collection, face)).toList())
        .setNextPageToken(page.nextToken())
        .build();
  }

  GetFaceImageResponse image(GetFaceImageRequest request) {
    check(request.getCollectionId(), request.getFaceId());
    FaceCollection collection = collections.named(request.getCollectionId());
    Chip chip =
        face(collection, request.getFaceId())
            .chip()
            .flatMap(name -> archive.get(collection.number(), name))
            .orElseThrow(
                () ->
                    Refusal.of(
                        Status.Code.NOT_FOUND,
                        "IMAGE_NOT_KEPT",
                        "no picture of this face is kept"));
    return GetFaceImageResponse.newBuilder().setChip(FaceMessages.chip(chip)).build();
  }

  UpdateFaceResponse update(UpdateFaceRequest request) {
    var wanted = request.getFace();
    List<String> paths = request.getUpdateMask().getPathsList();
    RequestChecks checks =
        new RequestChecks()
            .id("face.collection_id", wanted.getCollectionId())
            .id("face.face_id", wanted.getFaceId())
            .text("face.external_id", wanted.getExternalId());
    MetadataMessages.check(checks, "face.metadata", wanted.getMetadata());
    FieldMaskMessages.checkUpdate(
        checks, request.getUpdateMask(), Set.of("subject_id", "external_id", "metadata"));
    if (paths.contains("subject_id")) {
      checks.id("face.subject_id", wanted.getSubjectId());
    }
    checks.done();
    FaceCollection collection = collections.named(wanted.getCollectionId());
    Face face =
        ledger.updateFace(
            collection,
            wanted.getFaceId(),
            old ->
                new FaceDetails(
                    paths.contains("subject_id") ? wanted.getSubjectId() : old.subjectId(),
                    paths.contains("external_id") ? wanted.getExternalId() : old.externalId(),
                    paths.contains("metadata")
                        ? MetadataMessages.json(wanted.getMetadata())
                        : old.metadata()));
    return UpdateFaceResponse.newBuilder().setFace(ResourceMessages.face(collection, face)).build();
  }

  DeleteFaceResponse delete(DeleteFaceRequest request) {
    check(request.getCollectionId(), request.getFaceId());
    FaceCollection collection = collections.named(request.getCollectionId());
    Deletion deletion = ledger.deleteFace(collection, request.getFaceId());
    return DeleteFaceResponse.newBuilder()
        .setHideTime(ResourceMessages.timestamp(deletion.hidden()))
        .build();
  }

  private static void check(String collectionId, String faceId) {
    new RequestChecks().id("collection_id", collectionId).id("face_id", faceId).done();
  }

  private Face face(FaceCollection collection, String faceId) {
    return ledger.face(collection, faceId).orElseThrow(NotFound::face);
  }
}
