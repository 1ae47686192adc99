package mansio.codec.imap;

import java.util.Optional;

/**
 * RFC 9051 9: resp-cond-state, without the tag. The text is one clean line: nothing a peer has sent
 * can split a response.
 */
public record Reply(Status status, Optional<ResponseCode> code, String text) {
    /** RFC 9051 section 7.1. */
    public enum Status {
        OK,
        NO,
        BAD
    }

    public Reply {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                throw new IllegalArgumentException("text holds character " + (int) c);
            }
        }
        if (text.isEmpty()) {
            throw new IllegalArgumentException("no text");
        }
    }

    public static Reply ok(String text) {
        return new Reply(Status.OK, Optional.empty(), text);
    }

    public static Reply ok(ResponseCode code, String text) {
        return new Reply(Status.OK, Optional.of(code), text);
    }

    public static Reply no(ResponseCode code, String text) {
        return new Reply(Status.NO, Optional.of(code), text);
    }

    public static Reply bad(String text) {
        return new Reply(Status.BAD, Optional.empty(), text);
    }

    public static Reply bad(ResponseCode code, String text) {
        return new Reply(Status.BAD, Optional.of(code), text);
    }
}
