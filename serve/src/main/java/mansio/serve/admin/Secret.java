package mansio.serve.admin;

import java.util.random.RandomGenerator;

/** A password. It never shows itself in a log. */
public record Secret(String text) {
    /** Letters and digits that nobody takes for one another. */
    private static final String LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

    /** 16 of 32 letters: 80 bits. */
    private static final int LENGTH = 16;

    /** A new one. */
    static Secret generate(RandomGenerator random) {
        StringBuilder text = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) text.append(LETTERS.charAt(random.nextInt(32)));
        return new Secret(text.toString());
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
