/**
 * Reports to senders (RFC 3461, RFC 3464, RFC 6533): who is told what, in words a person
 * understands and in fields a program reads.
 */
@NullMarked
package mansio.state.dsn;

import org.jspecify.annotations.NullMarked;
