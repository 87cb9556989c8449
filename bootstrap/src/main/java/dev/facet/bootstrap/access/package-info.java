/**
 * Who may call a service, and over what: TLS with {@link dev.facet.bootstrap.access.WatchedFiles
 * files that may change}, client certificates, and the token that services share. The same for the
 * channels by which one service calls another.
 */
@NullMarked
package dev.facet.bootstrap.access;

import org.jspecify.annotations.NullMarked;
