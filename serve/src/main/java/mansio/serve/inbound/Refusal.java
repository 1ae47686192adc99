package mansio.serve.inbound;

import mansio.serve.checks.Findings;
import mansio.trust.dmarc.DmarcResult;
import mansio.trust.dnsbl.ListEvidence.Listing;
import mansio.trust.spf.Result;
import mansio.trust.spf.SpfResult;

/**
 * A "no" to a message, as SMTP says it.
 *
 * @param code 400 to 599
 * @param status RFC 3463, such as {@code 5.4.6}
 * @param text one sentence for the sender's administrator
 */
public record Refusal(int code, String status, String text) {
    /** With code and status it fits a reply line (RFC 5321 section 4.5.3.1.5). */
    private static final int MAX_TEXT = 480;

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

    static final Refusal CANNOT_TELL =
            new Refusal(
                    451,
                    "4.4.3",
                    "The DNS does not tell now what is needed to check the sender; try again"
                            + " later");
    static final Refusal SPF_CANNOT_TELL =
            new Refusal(451, "4.7.24", "The SPF record of the sender cannot be had now; try later");
    static final Refusal UNKNOWN_NOT_FORWARDED =
            new Refusal(
                    550,
                    "5.7.26",
                    "This address forwards to another server, and only mail whose author's domain"
                            + " passes SPF or DKIM; set these up for the domain");

    static final Refusal NOT_ANSWERED =
            new Refusal(
                    550,
                    "5.7.26",
                    "This address answers only mail whose author and sender pass SPF or DKIM, so"
                            + " that nobody gets answers to what others sent");
    static final Refusal ANSWERS_PEOPLE =
            new Refusal(550, "5.7.1", "This address does not answer lists and automatic mail");
    static final Refusal ASKED_TOO_OFTEN =
            new Refusal(451, "4.7.1", "This address has answered enough for now; try in an hour");

    /** Of a host whose address has no name that leads back to it (RFC 7372). */
    static Refusal reverseName(String reason) {
        return new Refusal(
                550,
                "5.7.25",
                "The reverse DNS of your address is not in order: "
                        + reason
                        + "; its operator has to set a PTR record whose name leads back to it");
    }

    /** Of a sender that is on a list. */
    static Refusal listed(Listing listing) {
        String words = listing.reason().isEmpty() ? "" : ": " + listing.reason();
        return new Refusal(
                550,
                "5.7.1",
                listing.subject() + " is listed by " + listing.list().zone().text() + words);
    }

    /** Of a host that may not send for the domain of the reverse-path (RFC 7372). */
    static Refusal spf(SpfResult spf) {
        String domain = spf.domain().map(it -> it.text()).orElse("the sender's domain");
        String words = spf.explanation().map(it -> "; " + domain + " says: " + it).orElse("");
        return new Refusal(
                550, "5.7.23", "SPF: " + domain + " does not let your address send for it" + words);
    }

    /**
     * Of a message that fails DMARC, with the code that tells most (RFC 7372): no signature held;
     * one did, of another domain; or nothing passed at all.
     */
    static Refusal dmarc(DmarcResult dmarc, Findings findings) {
        String domain = dmarc.author().map(it -> it.text()).orElse("the author's domain");
        boolean signed = findings.dkim().stream().anyMatch(it -> it.passes());
        boolean sent = findings.mailFrom().result() == Result.PASS;
        String status = signed ? "5.7.22" : sent ? "5.7.20" : "5.7.26";
        return new Refusal(
                550,
                status,
                "DMARC: neither SPF nor a DKIM signature of "
                        + domain
                        + " says that this message is from there, and the domain asks to refuse"
                        + " such mail; sign it for that domain or send it by its own servers");
    }

    public Refusal {
        if (text.length() > MAX_TEXT) text = text.substring(0, MAX_TEXT);
        if (code < 400 || code > 599) throw new IllegalArgumentException("code " + code);
    }
}
