package mansio.state.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Documents one key of the configuration file. The key is the component's name in snake_case; the
 * component's type says what may stand there ({@link Form}).
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Entry {
    /** What it is for: one or more sentences. */
    String about();

    /**
     * The value when the key is missing, as it would stand in the file; several for a list. Empty:
     * none.
     */
    String[] usual() default {};

    /** The key must be there. */
    boolean required() default false;

    /** The least number allowed. */
    long min() default 0;

    /** The greatest number allowed. */
    long max() default Long.MAX_VALUE;
}
