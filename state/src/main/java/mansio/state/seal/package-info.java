/**
 * Secrets that the server must be able to read again, such as the password for a relay host: sealed
 * with a master key that is kept apart from the data. Values sealed under one key for one purpose
 * open under the same key for the same purpose only.
 */
@NullMarked
package mansio.state.seal;

import org.jspecify.annotations.NullMarked;
