/**
 * DMARC reports (RFC 7489 section 7): what we saw of others' domains is sent to them once a day,
 * what others saw of ours is filed and summed up.
 */
@NullMarked
package mansio.serve.dmarcreports;

import org.jspecify.annotations.NullMarked;
