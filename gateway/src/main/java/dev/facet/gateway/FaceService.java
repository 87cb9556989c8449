package dev.facet.gateway;

import dev.facet.bootstrap.Unary;
import dev.facet.proto.v1.DeleteFaceRequest;
import dev.facet.proto.v1.DeleteFaceResponse;
import dev.facet.proto.v1.DeleteSubjectRequest;
import dev.facet.proto.v1.DeleteSubjectResponse;
import dev.facet.proto.v1.DetectRequest;
import dev.facet.proto.v1.DetectResponse;
import dev.facet.proto.v1.EmbedRequest;
import dev.facet.proto.v1.EmbedResponse;
import dev.facet.proto.v1.EnrollRequest;
import dev.facet.proto.v1.EnrollResponse;
import dev.facet.proto.v1.EnrollStreamRequest;
import dev.facet.proto.v1.EnrollStreamResponse;
import dev.facet.proto.v1.FaceServiceGrpc;
import dev.facet.proto.v1.GetFaceImageRequest;
import dev.facet.proto.v1.GetFaceImageResponse;
import dev.facet.proto.v1.GetFaceRequest;
import dev.facet.proto.v1.GetFaceResponse;
import dev.facet.proto.v1.GetSubjectRequest;
import dev.facet.proto.v1.GetSubjectResponse;
import dev.facet.proto.v1.IdentifyRequest;
import dev.facet.proto.v1.IdentifyResponse;
import dev.facet.proto.v1.ListFacesRequest;
import dev.facet.proto.v1.ListFacesResponse;
import dev.facet.proto.v1.ListSubjectsRequest;
import dev.facet.proto.v1.ListSubjectsResponse;
import dev.facet.proto.v1.MergeSubjectsRequest;
import dev.facet.proto.v1.MergeSubjectsResponse;
import dev.facet.proto.v1.SearchRequest;
import dev.facet.proto.v1.SearchResponse;
import dev.facet.proto.v1.UpdateFaceRequest;
import dev.facet.proto.v1.UpdateFaceResponse;
import dev.facet.proto.v1.UpdateSubjectRequest;
import dev.facet.proto.v1.UpdateSubjectResponse;
import dev.facet.proto.v1.VerifyRequest;
import dev.facet.proto.v1.VerifyResponse;
import io.grpc.stub.StreamObserver;

/** The table of contents of {@code facet.v1.FaceService}: which part answers which call. */
final class FaceService extends FaceServiceGrpc.FaceServiceImplBase {
  private final DetectionService detection;
  private final RecognitionService recognition;
  private final EnrollService enrollment;
  private final FaceRecordService faces;
  private final SubjectRecordService subjects;

  FaceService(
      DetectionService detection,
      RecognitionService recognition,
      EnrollService enrollment,
      FaceRecordService faces,
      SubjectRecordService subjects) {
    this.detection = detection;
    this.recognition = recognition;
    this.enrollment = enrollment;
    this.faces = faces;
    this.subjects = subjects;
  }

  @Override
  public void detect(DetectRequest request, StreamObserver<DetectResponse> observer) {
    Unary.answer(observer, () -> detection.detect(request));
  }

  @Override
  public void embed(EmbedRequest request, StreamObserver<EmbedResponse> observer) {
    Unary.answer(observer, () -> detection.embed(request));
  }

  @Override
  public void enroll(EnrollRequest request, StreamObserver<EnrollResponse> observer) {
    Unary.answer(observer, () -> enrollment.enroll(request));
  }

  @Override
  public StreamObserver<EnrollStreamRequest> enrollStream(
      StreamObserver<EnrollStreamResponse> observer) {
    return enrollment.stream(observer);
  }

  @Override
  public void search(SearchRequest request, StreamObserver<SearchResponse> observer) {
    Unary.answer(observer, () -> recognition.search(request));
  }

  @Override
  public void identify(IdentifyRequest request, StreamObserver<IdentifyResponse> observer) {
    Unary.answer(observer, () -> recognition.identify(request));
  }

  @Override
  public void verify(VerifyRequest request, StreamObserver<VerifyResponse> observer) {
    Unary.answer(observer, () -> recognition.verify(request));
  }

  @Override
  public void getFace(GetFaceRequest request, StreamObserver<GetFaceResponse> observer) {
    Unary.answer(observer, () -> faces.get(request));
  }

  @Override
  public void listFaces(ListFacesRequest request, StreamObserver<ListFacesResponse> observer) {
    Unary.answer(observer, () -> faces.list(request));
  }

  @Override
  public void getFaceImage(
      GetFaceImageRequest request, StreamObserver<GetFaceImageResponse> observer) {
    Unary.answer(observer, () -> faces.image(request));
  }

  @Override
  public void updateFace(UpdateFaceRequest request, StreamObserver<UpdateFaceResponse> observer) {
    Unary.answer(observer, () -> faces.update(request));
  }

  @Override
  public void deleteFace(DeleteFaceRequest request, StreamObserver<DeleteFaceResponse> observer) {
    Unary.answer(observer, () -> faces.delete(request));
  }

  @Override
  public void getSubject(GetSubjectRequest request, StreamObserver<GetSubjectResponse> observer) {
    Unary.answer(observer, () -> subjects.get(request));
  }

  @Override
  public void listSubjects(
      ListSubjectsRequest request, StreamObserver<ListSubjectsResponse> observer) {
    Unary.answer(observer, () -> subjects.list(request));
  }

  @Override
  public void updateSubject(
      UpdateSubjectRequest request, StreamObserver<UpdateSubjectResponse> observer) {
    Unary.answer(observer, () -> subjects.update(request));
  }

  @Override
  public void mergeSubjects(
      MergeSubjectsRequest request, StreamObserver<MergeSubjectsResponse> observer) {
    Unary.answer(observer, () -> subjects.merge(request));
  }

  @Override
  public void deleteSubject(
      DeleteSubjectRequest request, StreamObserver<DeleteSubjectResponse> observer) {
    Unary.answer(observer, () -> subjects.delete(request));
  }
}
