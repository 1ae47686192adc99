/**
 * What DMARC reports are made of (RFC 7489 section 7.2): what was seen of others' domains and is
 * still to be told to them, and what others told of ours.
 */
@NullMarked
package mansio.state.dmarcstore;

import org.jspecify.annotations.NullMarked;
