/**
 * Which DNS records the world should find for a server and its domains, and why. Nothing is looked
 * up or stored here.
 */
@NullMarked
package mansio.serve.dnshelp;

import org.jspecify.annotations.NullMarked;
