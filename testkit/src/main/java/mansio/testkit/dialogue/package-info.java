/** Protocol dialogues kept as text files, played against a server. */
@NullMarked
package mansio.testkit.dialogue;

import org.jspecify.annotations.NullMarked;
