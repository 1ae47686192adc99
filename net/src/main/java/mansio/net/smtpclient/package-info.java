/** The client's side of SMTP (RFC 5321) over a dialled connection; decides nothing about mail. */
@NullMarked
package mansio.net.smtpclient;

import org.jspecify.annotations.NullMarked;
