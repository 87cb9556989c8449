/**
 * What detector and embedder share as servers of models: settings, models in service, rows of the
 * error table, and messages. The package knows no faces.
 */
@NullMarked
package dev.facet.serving;

import org.jspecify.annotations.NullMarked;
