/** SASL mechanisms as state machines, both sides: no sockets, no stored accounts. */
@NullMarked
package mansio.codec.sasl;

import org.jspecify.annotations.NullMarked;
