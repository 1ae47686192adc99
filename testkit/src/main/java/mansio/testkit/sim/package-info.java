/** Runs threads, time and a network in an order drawn from a seed (docs/design/simulation.md). */
@NullMarked
package mansio.testkit.sim;

import org.jspecify.annotations.NullMarked;
