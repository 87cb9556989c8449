/** The models that a service has open: leased by calls, loaded and unloaded while calls run. */
@NullMarked
package dev.facet.inference.serving;

import org.jspecify.annotations.NullMarked;
