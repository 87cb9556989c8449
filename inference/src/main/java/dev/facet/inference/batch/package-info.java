/**
 * Dynamic batching: items of many requests share the runs of one model. Knows the JDK and nothing
 * else: no tensor, no wire format, no metrics library. {@link dev.facet.inference.batch.Batcher} is
 * the door, {@link dev.facet.inference.batch.BatchModel} what it runs, {@link
 * dev.facet.inference.batch.BatchListener} where it tells what happened.
 */
@NullMarked
package dev.facet.inference.batch;

import org.jspecify.annotations.NullMarked;
