/**
 * The keys that sign what leaves (DKIM, RFC 6376): made for each domain of ours, sealed, published
 * by its owner, seen in the DNS, used, and retired.
 */
@NullMarked
package mansio.state.dkimkey;

import org.jspecify.annotations.NullMarked;
