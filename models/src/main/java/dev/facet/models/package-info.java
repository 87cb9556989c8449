/**
 * Which models there are, where their files come from, and the form in which the services run them.
 */
@NullMarked
package dev.facet.models;

import org.jspecify.annotations.NullMarked;
