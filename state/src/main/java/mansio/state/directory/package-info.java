/**
 * Who is here: domains, accounts, aliases, and the credentials that prove who somebody is; live, in
 * the directory partition.
 */
@NullMarked
package mansio.state.directory;

import org.jspecify.annotations.NullMarked;
