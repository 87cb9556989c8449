/**
 * The gallery of a cluster: what is older in Milvus, which all gateways share, and what is newer in
 * the memory of each.
 */
@NullMarked
package dev.facet.gateway.gallery.milvus;

import org.jspecify.annotations.NullMarked;
