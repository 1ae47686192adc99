/** Which domains are registries, below which others register theirs: the Public Suffix List. */
@NullMarked
package mansio.trust.psl;

import org.jspecify.annotations.NullMarked;
