/**
 * The {@code facet} command: one class for each subcommand. It starts the services as processes and
 * otherwise talks to the gateway as any client does; of a store it knows nothing.
 */
@NullMarked
package dev.facet.cli;

import org.jspecify.annotations.NullMarked;
