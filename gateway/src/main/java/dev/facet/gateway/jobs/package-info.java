/**
 * Long jobs over whole collections: comparing, rebuilding and measuring what serves. Knows no
 * message of the contract: results are values, and services turn them into messages.
 */
@NullMarked
package dev.facet.gateway.jobs;

import org.jspecify.annotations.NullMarked;
