@NullMarked
package mansio.serve.dmarcreports;

import org.jspecify.annotations.NullMarked;
