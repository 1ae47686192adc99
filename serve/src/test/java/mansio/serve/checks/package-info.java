@NullMarked
package mansio.serve.checks;

import org.jspecify.annotations.NullMarked;
