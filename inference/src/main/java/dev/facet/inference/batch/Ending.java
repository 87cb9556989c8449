package dev.facet.inference.batch;

/** The one end of an accepted item: answered by the model, or dropped without an answer. */
sealed interface Ending<O> permits BatchResult, Ending.Dropped {

  Outcome outcome();

  BatchTiming timing();

  /** Never answered: deadline passed, cancelled, or closed. */
  record Dropped<O>(Outcome outcome, BatchTiming timing) implements Ending<O> {}
}
