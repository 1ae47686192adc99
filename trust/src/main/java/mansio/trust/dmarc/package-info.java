/**
 * DMARC (RFC 7489, RFC 9989): records found and read, identifiers aligned, what the owner of the
 * From domain wants. Needs the results of SPF and DKIM as plain facts.
 */
@NullMarked
package mansio.trust.dmarc;

import org.jspecify.annotations.NullMarked;
