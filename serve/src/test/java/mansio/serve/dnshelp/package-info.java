/** Tests of the records that are advised. */
@NullMarked
package mansio.serve.dnshelp;

import org.jspecify.annotations.NullMarked;
