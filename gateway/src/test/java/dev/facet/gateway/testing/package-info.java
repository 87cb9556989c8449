/** Real servers for tests: each is started once, on loopback, and stopped by its process id. */
@NullMarked
package dev.facet.gateway.testing;

import org.jspecify.annotations.NullMarked;
