/**
 * {@code facet bench drain}: two replicas of each service behind names, in a network namespace of
 * their own; what callers notice when one is restarted, killed or stopped.
 */
@NullMarked
package dev.facet.bench.drain;

import org.jspecify.annotations.NullMarked;
