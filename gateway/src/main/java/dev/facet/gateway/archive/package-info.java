/**
 * Pictures of faces, kept so that a face can be shown and embedded again with another model. Knows
 * the ledger only to ask which pictures are still wanted.
 */
@NullMarked
package dev.facet.gateway.archive;

import org.jspecify.annotations.NullMarked;
