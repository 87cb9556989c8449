/**
 * The public door: {@link dev.facet.gateway.GatewayMain} joins detector, embedder, ledger, archive
 * and gallery into recognition. Only the {@code *Service}, {@code *Client} and {@code *Messages}
 * classes know the contract's messages; what they join knows faces.
 */
@NullMarked
package dev.facet.gateway;

import org.jspecify.annotations.NullMarked;
