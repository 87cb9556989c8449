/**
 * The truth of the gateway: which tenants, collections, subjects and faces there are, kept in SQL.
 * Knows no gRPC, no picture and no search index.
 */
@NullMarked
package dev.facet.gateway.ledger;

import org.jspecify.annotations.NullMarked;
