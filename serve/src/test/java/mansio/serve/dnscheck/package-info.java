/** Tests of the records that are advised. */
@NullMarked
package mansio.serve.dnscheck;

import org.jspecify.annotations.NullMarked;
