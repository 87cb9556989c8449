package dev.facet.inference.batch;

/**
 * A batch that a runner is at now.
 *
 * @param runner the thread that runs the model
 * @param number of the batch, counted by its batcher
 * @param items in the batch
 */
public record RunUnderWay(Thread runner, long number, int items) {}
