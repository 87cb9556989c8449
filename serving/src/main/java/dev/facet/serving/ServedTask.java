package dev.facet.serving;

import dev.facet.inference.batch.Batcher;
import dev.facet.models.Catalogue;
import dev.facet.models.ModelRecord;
import dev.facet.models.ServedModel;
import java.util.List;
import java.util.Optional;

/** What is a service's own about its models: which those are, and how one is opened and closed. */
public interface ServedTask<M> {

  /** The models of this task. */
  List<ModelRecord> records(Catalogue catalogue);

  /**
   * Opens a model and has it ready for calls, or throws and leaves nothing behind.
   *
   * @throws IllegalArgumentException if the model is not of this task
   */
  M open(ServedModel model);

  /** What an open model was opened from. */
  ServedModel served(M model);

  /** What runs an open model. */
  List<Batcher<?, ?>> batchers(M model);

  /** Closes a model that nobody uses any more. */
  void close(M model);

  /** Why opening failed, without path or address; empty for what is not this task's own. */
  default Optional<String> explain(RuntimeException failure) {
    return Optional.empty();
  }
}
