package dev.facet.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The model to start with, fetched.
 *
 * @param why for the person who did not choose it
 */
public record ModelChoice(ModelRecord model, String why) {

  /**
   * The model that was asked for, or else the first of the candidates that can be had.
   *
   * @param fetch brings a model onto this machine
   * @throws UnknownModelException when the model that was asked for is none of the candidates
   * @throws ModelException when it cannot be had
   * @throws NoModelException when none of the candidates can
   */
  public static ModelChoice of(
      ModelStore store,
      List<ModelRecord> candidates,
      Optional<String> asked,
      Consumer<ModelRecord> fetch) {
    if (asked.isEmpty()) {
      return firstToBeHad(candidates, fetch);
    }
    ModelRecord model = store.catalogue().model(asked.get());
    if (!candidates.contains(model)) {
      throw UnknownModelException.notOneOf(
          candidates.stream().map(ModelRecord::name).toList(), model.name());
    }
    fetch.accept(model);
    return new ModelChoice(model, "asked for");
  }

  private static ModelChoice firstToBeHad(
      List<ModelRecord> candidates, Consumer<ModelRecord> fetch) {
    List<String> missing = new ArrayList<>();
    List<ModelUnavailableException> reasons = new ArrayList<>();
    for (ModelRecord model : candidates) {
      try {
        fetch.accept(model);
        return new ModelChoice(
            model,
            missing.isEmpty()
                ? "first in preference"
                : "the next after %s, which cannot be had".formatted(String.join(", ", missing)));
      } catch (ModelUnavailableException e) {
        missing.add(model.name());
        reasons.add(e);
      }
    }
    throw new NoModelException(reasons);
  }
}
