package mansio.trust.dkim;

import java.util.Base64;
import java.util.List;

/**
 * Writes a signature field, folded at 78 columns, in two steps: first as it is signed, with an
 * empty b= tag, then with the signature in it. Used by one thread.
 */
public final class TagWriter {
    private static final int COLUMNS = 78;

    private static final String FOLD = "\r\n ";

    private final StringBuilder text;
    private int column;
    private boolean hasTags;
    private int signatureAt;

    /**
     * @param name of the field
     */
    public TagWriter(String name) {
        text = new StringBuilder(name).append(':');
        column = text.length();
    }

    /** Adds a tag, which is not broken. */
    public TagWriter tag(String name, String value) {
        String tag = name + "=" + value;
        if (hasTags) {
            text.append(';');
            column++;
        }
        hasTags = true;
        // One column is kept for the semicolon behind.
        if (column + 1 + tag.length() + 1 > COLUMNS) {
            fold();
        } else {
            text.append(' ');
            column++;
        }
        text.append(tag);
        column += tag.length();
        return this;
    }

    /** Adds a list with colons, which is broken behind them where it must be. */
    public TagWriter list(String name, List<String> items) {
        tag(name, items.isEmpty() ? "" : items.getFirst());
        for (int i = 1; i < items.size(); i++) {
            text.append(':');
            column++;
            if (column + items.get(i).length() + 1 > COLUMNS) {
                fold();
            }
            text.append(items.get(i));
            column += items.get(i).length();
        }
        return this;
    }

    /** Adds the b= tag, on lines of its own. */
    public TagWriter signature() {
        column = COLUMNS;
        tag("b", "");
        signatureAt = text.length();
        column = COLUMNS;
        return this;
    }

    private void fold() {
        text.append(FOLD);
        column = 1;
    }

    /** The field as it is signed: without signature and final line break. */
    public RawField unsigned() {
        return RawField.of(text.toString());
    }

    /** The field with its signature, ended by CRLF. */
    public String signed(byte[] signature) {
        return signed(signature, COLUMNS - 1);
    }

    /**
     * As {@link #signed(byte[])}.
     *
     * @param columns of a line of the signature, which has 5 or more
     */
    public String signed(byte[] signature, int columns) {
        StringBuilder out = new StringBuilder(text.substring(0, signatureAt));
        String base64 = Base64.getEncoder().encodeToString(signature);
        int room = columns - " b=".length();
        for (int at = 0; at < base64.length(); ) {
            int end = Math.min(base64.length(), at + room);
            out.append(at == 0 ? "" : FOLD).append(base64, at, end);
            at = end;
            room = columns - " ".length();
        }
        return out.append(text, signatureAt, text.length()).append("\r\n").toString();
    }
}
