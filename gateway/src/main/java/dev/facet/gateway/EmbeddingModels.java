package dev.facet.gateway;

import dev.facet.bootstrap.Refusal;
import dev.facet.gateway.ledger.ModelId;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The embedding models behind the gateway, as the embedder last told them.
 *
 * <p>A model that is not known is asked for once more before it is refused, and so is one that the
 * embedder turns out not to have any more: neither a restarted embedder nor a version that was
 * switched needs anything of the gateway. Errors: {@code EMBEDDER_DOWN} while the embedder was
 * never reached.
 */
final class EmbeddingModels {
  private final Supplier<List<EmbeddingModel>> embedder;
  private volatile List<EmbeddingModel> known = List.of();

  EmbeddingModels(Supplier<List<EmbeddingModel>> embedder) {
    this.embedder = embedder;
  }

  /** Asks the embedder again. */
  void refresh() {
    known = List.copyOf(embedder.get());
  }

  /** The model of a NAME, of a NAME@VERSION, or the default one for the empty name. */
  EmbeddingModel named(String name) {
    Predicate<EmbeddingModel> wanted =
        name.isEmpty()
            ? EmbeddingModel::standard
            : model ->
                (model.current() && model.id().name().equals(name)) || isExactly(name, model);
    return find(wanted)
        .orElseThrow(
            () ->
                Refusal.of(
                    Status.Code.NOT_FOUND,
                    "MODEL_NOT_FOUND",
                    name.isEmpty()
                        ? "the embedder has no default model"
                        : "the embedder has no model %s".formatted(name)));
  }

  /**
   * The same as the embedder has it now, not seconds ago, for what is bound to it for good; while
   * the embedder is away, as it last had it.
   */
  EmbeddingModel namedNow(String name) {
    try {
      refresh();
    } catch (StatusRuntimeException away) {
      // What is known must do, or named() says that nothing is.
    }
    return named(name);
  }

  /**
   * The model that a collection is bound to, and no other of its name.
   *
   * @throws ModelGoneException if the embedder does not have it
   */
  EmbeddingModel exactly(ModelId id) {
    return find(model -> model.id().equals(id)).orElseThrow(() -> new ModelGoneException(id));
  }

  /**
   * Does work with a model, and does it once more, with the model chosen anew, if the embedder
   * turns out to have lost it.
   */
  <T> T with(Supplier<EmbeddingModel> choice, Function<EmbeddingModel, T> work) {
    try {
      return work.apply(choice.get());
    } catch (ModelGoneException gone) {
      refresh();
      return work.apply(choice.get());
    }
  }

  private static boolean isExactly(String name, EmbeddingModel model) {
    return name.equals(model.id().name() + "@" + model.id().version());
  }

  private Optional<EmbeddingModel> find(Predicate<EmbeddingModel> wanted) {
    Optional<EmbeddingModel> found = known.stream().filter(wanted).findFirst();
    if (found.isEmpty()) {
      refresh();
      found = known.stream().filter(wanted).findFirst();
    }
    return found;
  }
}
