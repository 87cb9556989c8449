/** The models of a service while they change. */
@NullMarked
package dev.facet.inference.serving;

import org.jspecify.annotations.NullMarked;
