package dev.facet.inference.batch;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * What a model runs on has failed, and none of its items; thrown by {@link BatchModel#run}, which
 * alone can tell the two apart.
 */
public final class DeviceException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private final Fault fault;

  /** What is left to do about it. */
  public enum Fault {
    /** There was too little memory for the run; for fewer items there may be enough. */
    OUT_OF_MEMORY,
    /** No run will succeed in this process any more. */
    LOST
  }

  public DeviceException(Fault fault, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  public Fault fault() {
    return fault;
  }
}
