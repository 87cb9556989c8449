package dev.facet.bench.load;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import org.jspecify.annotations.Nullable;

/**
 * Why a call was not answered.
 *
 * @param code gRPC's code, or {@code NOT_SENT} or {@code NEVER_ANSWERED}
 * @param reason a name of the contract's ErrorReason; empty when the transport gave the code
 */
record Failure(String code, String reason) implements Comparable<Failure> {

  /** Too many were under way, so the generator let this one out; it counts as one that came. */
  static final Failure NOT_SENT = new Failure("NOT_SENT", "");

  /** No end of the call was heard of, long after its deadline. */
  static final Failure NEVER_ANSWERED = new Failure("NEVER_ANSWERED", "");

  /** A request of a stream had no answer within the time of a call. */
  static final Failure NO_ANSWER_IN_TIME = new Failure(Status.Code.DEADLINE_EXCEEDED.name(), "");

  /** Of a call that ended with an exception of gRPC's. */
  static Failure of(Throwable error) {
    return of(Status.fromThrowable(error).getCode(), StatusProto.fromThrowable(error));
  }

  /** Of the answer to one request of a stream. */
  static Failure of(com.google.rpc.Status error) {
    return of(Status.fromCodeValue(error.getCode()).getCode(), error);
  }

  private static Failure of(Status.Code code, com.google.rpc.@Nullable Status details) {
    if (details != null) {
      for (Any detail : details.getDetailsList()) {
        if (detail.is(ErrorInfo.class)) {
          try {
            return new Failure(code.name(), detail.unpack(ErrorInfo.class).getReason());
          } catch (InvalidProtocolBufferException e) {
            return new Failure(code.name(), "");
          }
        }
      }
    }
    return new Failure(code.name(), "");
  }

  @Override
  public int compareTo(Failure other) {
    int byCode = code.compareTo(other.code);
    return byCode == 0 ? reason.compareTo(other.reason) : byCode;
  }
}
