/**
 * {@code facet load}: calls sent to a running service at a stated pace, and what their callers
 * would have seen. It knows the public contract, and nothing of the galleries measured beside it.
 *
 * <p>In an open loop a call is due at a moment that was fixed before; its latency counts from then,
 * whether or not it could be sent. So a service that stalls is charged with every call that would
 * have come meanwhile. In a closed loop a client that waits sends nothing, and a stall is one slow
 * answer: such figures say how fast a service is, not what callers see who come by themselves.
 */
@NullMarked
package dev.facet.bench.load;

import org.jspecify.annotations.NullMarked;
