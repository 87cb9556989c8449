package dev.facet.inference.serving;

import java.util.function.Supplier;

/**
 * A version that could be loaded.
 *
 * @param identity equal for two that give the same answers: a version whose files were changed
 *     without a new version differs
 * @param opener returns the model ready for calls, or throws and leaves nothing behind
 */
public record Candidate<M>(ModelVersion version, Object identity, Supplier<? extends M> opener) {}
