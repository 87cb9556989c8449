package dev.facet.inference.batch;

import java.util.List;
import java.util.Optional;

/**
 * What a batcher runs: many items in, as many outputs out. {@link #run} is called by several runner
 * threads at once if the policy says so.
 */
@FunctionalInterface
public interface BatchModel<I, O> {

  /**
   * Answers each item, in order. May pad the batch to a size it prefers ({@link
   * BatchPolicy#bucket}); must return exactly one output per item. If it throws, the batcher runs
   * parts of the batch again to find the item to blame, so a run must have no other effect than its
   * outputs.
   *
   * <p>A failure of what it runs on is told as a {@link DeviceException}: no item is blamed for it.
   *
   * @param items between 1 and {@link BatchPolicy#maxBatch()} items of one {@link #shape}
   */
  List<O> run(List<I> items) throws Exception;

  /**
   * The key that items must share to run together, compared with {@code equals}. One shape for all
   * unless overridden. Called on the submitting thread.
   */
  default Object shape(I item) {
    return "";
  }

  /**
   * Why this output must not be given out, for example a value that is not finite; empty if it is
   * sound. A flaw fails its own item only.
   */
  default Optional<String> flaw(O output) {
    return Optional.empty();
  }
}
