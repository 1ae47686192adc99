/**
 * Compares the records that should be in the DNS with what the world sees: good, missing or wrong,
 * which mistake it is, and the text that mends it.
 */
@NullMarked
package mansio.serve.dnscheck;

import org.jspecify.annotations.NullMarked;
