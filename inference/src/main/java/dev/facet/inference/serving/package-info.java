/**
 * The models that a service has open: leased by calls, loaded and unloaded while calls run. Knows
 * only the JDK.
 */
@NullMarked
package dev.facet.inference.serving;

import org.jspecify.annotations.NullMarked;
