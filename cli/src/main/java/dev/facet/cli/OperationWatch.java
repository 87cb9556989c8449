package dev.facet.cli;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.facet.proto.v1.CheckReport;
import dev.facet.proto.v1.Operation;
import dev.facet.proto.v1.OperationState;
import org.jspecify.annotations.Nullable;

/** Shows how far a long job is, and what came of it. */
final class OperationWatch {
  private final GatewayClient client;
  private final Console console;
  private @Nullable ProgressBar bar;
  private long total;

  OperationWatch(GatewayClient client, Console console) {
    this.client = client;
    this.console = console;
  }

  /**
   * Waits until the job is done, tells what came of it and returns the exit code.
   *
   * @throws CommandFailure when it failed, or the waiting was interrupted, which leaves it running
   */
  int follow(Operation operation) {
    Operation done;
    try {
      done = client.awaitDone(operation, this::show);
    } catch (CommandFailure e) {
      if (e.exitCode() == ExitCode.INTERRUPTED) {
        throw new CommandFailure(
            ExitCode.INTERRUPTED,
            "interrupted; the job goes on: facet gallery operations %s (--watch, --cancel)"
                .formatted(operation.getOperationId()),
            e);
      }
      throw e;
    } finally {
      clear();
    }
    return tell(done);
  }

  private void show(Operation operation) {
    if (operation.getTotalItems() != total || bar == null) {
      clear();
      total = operation.getTotalItems();
      bar = total == 0 ? null : console.progress(OperationWords.task(operation), total);
    }
    if (bar != null) {
      bar.to(operation.getDoneItems());
    }
  }

  private void clear() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  /**
   * Tells how the job is now and returns the exit code.
   *
   * @throws CommandFailure when it failed
   */
  int tell(Operation operation) {
    if (console.json()) {
      console.document(operation);
    } else {
      console.line("%s", OperationWords.line(operation));
      OperationWords.result(operation.getResult()).forEach(line -> console.line("%s", line));
    }
    if (operation.getState() == OperationState.OPERATION_STATE_FAILED) {
      throw client.failure(operation.getError());
    }
    return operation.getState() == OperationState.OPERATION_STATE_CANCELLED
            || isWrong(operation.getResult())
        ? ExitCode.NEGATIVE
        : ExitCode.OK;
  }

  private static boolean isWrong(Any result) {
    try {
      return result.is(CheckReport.class)
          && result.unpack(CheckReport.class).getFindingsList().stream()
              .anyMatch(finding -> finding.getRepaired() < finding.getCount());
    } catch (InvalidProtocolBufferException e) {
      throw OperationWords.foreign(e);
    }
  }
}
