/** What the documentation shows, run as tests: a user's code, outside the packages of Facet. */
@NullMarked
package dev.facet.example;

import org.jspecify.annotations.NullMarked;
