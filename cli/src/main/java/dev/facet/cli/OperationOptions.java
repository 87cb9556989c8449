package dev.facet.cli;

import dev.facet.proto.v1.Operation;
import picocli.CommandLine.Option;

/** Options of every command that begins a long job. */
final class OperationOptions {
  @Option(names = "--detach", description = "Begin the job and do not wait for it.")
  private boolean detach;

  /** Waits for the job, unless it was asked not to, and returns the exit code. */
  int follow(Operation begun, GatewayClient client, Console console) {
    OperationWatch watch = new OperationWatch(client, console);
    return detach ? watch.tell(begun) : watch.follow(begun);
  }
}
