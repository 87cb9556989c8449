package dev.facet.inference.batch;

/**
 * What one item's way through the batcher cost.
 *
 * @param queueNanos from being accepted to the start of its run, or to its end without one
 * @param batchSize items in the batch it ran in, itself included; 0 if it never ran
 * @param runNanos from the start of its batch's run to this item's answer, re-runs included; 0 if
 *     it never ran
 */
public record BatchTiming(long queueNanos, int batchSize, long runNanos) {}
