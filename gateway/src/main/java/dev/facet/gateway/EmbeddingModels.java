package dev.facet.gateway;

import dev.facet.bootstrap.Refusal;
import dev.facet.gateway.ledger.ModelId;
import io.grpc.Status;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The embedding models behind the gateway, as the embedder last told them.
 *
 * <p>A model that is not known is asked for once more before it is refused, so a restarted embedder
 * needs no restart of the gateway. Errors: {@code EMBEDDER_DOWN} while the embedder was never
 * reached.
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

  /** The model of a catalogue name, or the default one for the empty name. */
  EmbeddingModel named(String name) {
    Predicate<EmbeddingModel> wanted =
        name.isEmpty() ? EmbeddingModel::standard : model -> model.id().name().equals(name);
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

  /** The model that a collection is bound to, and no other of its name. */
  EmbeddingModel exactly(ModelId id) {
    return find(model -> model.id().equals(id))
        .orElseThrow(
            () ->
                Refusal.of(
                    Status.Code.FAILED_PRECONDITION,
                    "MODEL_MISMATCH",
                    "the embedder does not have the collection's model %s %s"
                        .formatted(id.name(), id.version())));
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
