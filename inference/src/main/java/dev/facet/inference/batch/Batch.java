package dev.facet.inference.batch;

import java.util.List;

/**
 * Items taken from the queue to share one run.
 *
 * @param items of one shape, in order of their turn; may be empty
 * @param expired items found past their deadline when the batch was formed, not to be run
 */
record Batch<I, O>(List<Item<I, O>> items, List<Item<I, O>> expired) {}
