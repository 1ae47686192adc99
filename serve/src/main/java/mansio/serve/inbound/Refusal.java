package mansio.serve.inbound;

/**
 * A "no" to a message, as SMTP says it.
 *
 * @param code 400 to 599
 * @param status RFC 3463, such as {@code 5.4.6}
 * @param text one sentence for the sender's administrator
 */
public record Refusal(int code, String status, String text) {
    static final Refusal LOOP =
            new Refusal(554, "5.4.6", "Too many Received fields: this message is in a loop");
    static final Refusal FORWARDED_BEFORE =
            new Refusal(
                    554,
                    "5.4.6",
                    "This message was forwarded for this address before: it is in a loop");
    static final Refusal TOO_LARGE =
            new Refusal(552, "5.3.4", "The message is larger than this server takes");
    static final Refusal HEADER_TOO_LARGE =
            new Refusal(
                    552, "5.3.4", "The header of this message is larger than this server takes");
    static final Refusal AUTHOR_UNCLEAR =
            new Refusal(
                    550,
                    "5.7.1",
                    "The From field does not name one author clearly; send one From field with one"
                            + " address");
    static final Refusal NOT_YOURS =
            new Refusal(
                    550,
                    "5.7.1",
                    "From or Sender is not an address of the account you logged in with");

    public Refusal {
        if (code < 400 || code > 599) throw new IllegalArgumentException("code " + code);
    }
}
