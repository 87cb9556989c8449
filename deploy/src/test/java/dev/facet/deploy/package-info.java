/** Tests of the manifests: valid, within the policy, and true to the code. */
@NullMarked
package dev.facet.deploy;

import org.jspecify.annotations.NullMarked;
