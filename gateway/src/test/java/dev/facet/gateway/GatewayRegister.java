package dev.facet.gateway;

import dev.facet.gateway.ledger.UnitVector;
import dev.facet.gateway.register.Register;
import dev.facet.gateway.register.Versions;
import dev.facet.proto.type.v1.ModelVector;
import dev.facet.proto.type.v1.Vector;
import dev.facet.proto.v1.Consistency;
import dev.facet.proto.v1.DeleteFaceRequest;
import dev.facet.proto.v1.EnrollRequest;
import dev.facet.proto.v1.Match;
import dev.facet.proto.v1.Probe;
import dev.facet.proto.v1.SearchRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;

/** Face ids of one collection as registers, through one gateway. */
record GatewayRegister(GatewayProcess gateway, String collection) implements Register {
  static final String MODEL = "wide";
  static final int DIMENSION = 512;

  @Override
  public boolean enroll(String faceId, int version) {
    try {
      var _ =
          gateway
              .faces()
              .enroll(
                  EnrollRequest.newBuilder()
                      .setCollectionId(collection)
                      .setSubjectId("subject")
                      .setFaceId(faceId)
                      .setProbe(probe(Versions.of(faceId, version, DIMENSION)))
                      .build());
      return true;
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.ALREADY_EXISTS) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public boolean delete(String faceId) {
    try {
      var _ =
          gateway
              .faces()
              .deleteFace(
                  DeleteFaceRequest.newBuilder()
                      .setCollectionId(collection)
                      .setFaceId(faceId)
                      .build());
      return true;
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public int read(String faceId) {
    List<Match> matches =
        gateway
            .faces()
            .search(
                SearchRequest.newBuilder()
                    .setCollectionId(collection)
                    .setProbe(probe(Versions.of(faceId, DIMENSION)))
                    .setMaxSquaredDistance(Versions.REACH)
                    .setConsistency(Consistency.CONSISTENCY_FRESH)
                    .build())
            .getResults(0)
            .getMatchesList();
    if (matches.size() > 1) {
      return -1; // one id, two faces: no register
    }
    return matches.isEmpty()
        ? 0
        : Versions.at(matches.getFirst().getComparison().getSquaredDistance());
  }

  private static Probe probe(UnitVector vector) {
    Vector.Builder values = Vector.newBuilder();
    for (float value : vector.values()) {
      values.addValues(value);
    }
    return Probe.newBuilder()
        .setVector(
            ModelVector.newBuilder()
                .setVector(values)
                .setModel(FakeEmbedder.model(MODEL, false).getId()))
        .build();
  }
}
