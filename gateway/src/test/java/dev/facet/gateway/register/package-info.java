/**
 * A checker of promises under concurrency: every face id is a register that is enrolled, deleted
 * and read, and what clients saw must be explained by some order of single steps.
 */
@NullMarked
package dev.facet.gateway.register;

import org.jspecify.annotations.NullMarked;
