/**
 * What every service needs to run: {@link dev.facet.bootstrap.Settings settings} from records, a
 * {@link dev.facet.bootstrap.ServiceHost host} for gRPC with health, metrics and an orderly end,
 * and one {@link dev.facet.bootstrap.ErrorTable table} from exceptions to answers. The package
 * knows nothing of faces.
 */
@NullMarked
package dev.facet.bootstrap;

import org.jspecify.annotations.NullMarked;
