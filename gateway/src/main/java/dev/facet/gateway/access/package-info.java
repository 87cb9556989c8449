/**
 * The gateway's door: who calls ({@link dev.facet.gateway.access.KeyRing}), what they may do
 * ({@link dev.facet.gateway.access.MethodScopes}), how much ({@link
 * dev.facet.gateway.access.Quotas}), and whose turn it is ({@link dev.facet.gateway.access.Turns}).
 */
@NullMarked
package dev.facet.gateway.access;

import org.jspecify.annotations.NullMarked;
