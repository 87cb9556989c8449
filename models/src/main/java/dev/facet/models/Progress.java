package dev.facet.models;

/** Hears, on the fetching thread, how far the fetching of a file has come. */
@FunctionalInterface
public interface Progress {

  /** Tells nobody. */
  Progress NONE = (done, total) -> {};

  /** Called now and then, {@code doneBytes} never above {@code totalBytes}. */
  void advanced(long doneBytes, long totalBytes);
}
