package dev.facet.inference.batch;

/** The model's answer for one item: an output, or the failure on this item. */
public sealed interface BatchResult<O> extends Ending<O> {

  /**
   * The output.
   *
   * @throws ModelFailedException if the model failed on this item
   */
  O output();

  @Override
  BatchTiming timing();

  @Override
  Outcome outcome();

  /** The model answered. */
  record Done<O>(O output, BatchTiming timing) implements BatchResult<O> {
    @Override
    public Outcome outcome() {
      return Outcome.SUCCEEDED;
    }
  }

  /** The model failed on this item; its batch mates are not concerned. */
  record Failed<O>(ModelFailedException failure, BatchTiming timing) implements BatchResult<O> {
    @Override
    public O output() {
      throw failure;
    }

    @Override
    public Outcome outcome() {
      return Outcome.MODEL_FAILED;
    }
  }
}
