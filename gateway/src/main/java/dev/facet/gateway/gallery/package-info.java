/**
 * The search index: a view of the ledger, followed by sequence number and built again from it at
 * any time.
 */
@NullMarked
package dev.facet.gateway.gallery;

import org.jspecify.annotations.NullMarked;
