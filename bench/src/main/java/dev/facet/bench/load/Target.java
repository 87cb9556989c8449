package dev.facet.bench.load;

import org.jspecify.annotations.Nullable;

/**
 * What is called, ready to be called. Closing it gives up the calls under way, and takes back what
 * was prepared.
 *
 * @param scratch null when no collection was made for it
 * @param note what was prepared, in words; empty when nothing was
 */
record Target(
    Connections connections, @Nullable ScratchCollection scratch, Operation operation, String note)
    implements AutoCloseable {

  @Override
  public void close() {
    operation.close();
    try {
      if (scratch != null) {
        scratch.close();
      }
    } finally {
      connections.close();
    }
  }
}
