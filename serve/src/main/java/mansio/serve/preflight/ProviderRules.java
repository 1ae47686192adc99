package mansio.serve.preflight;

import mansio.codec.message.Header;
import mansio.codec.message.HeaderField;
import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;
import mansio.serve.preflight.Finding.Fault;
import mansio.serve.preflight.Finding.Unknown;
import mansio.trust.arc.ArcResult;
import mansio.trust.dkim.DkimResult;
import mansio.trust.dkim.DkimState;
import mansio.trust.dmarc.DmarcResult;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What Gmail, Yahoo and Microsoft ask for besides (their rules for senders of 2024 and 2025). */
final class ProviderRules {
    /** Yahoo takes no more; Gmail and Microsoft neither. */
    static final int MAX_BYTES = 25 << 20;

    /** Fields that lists and forwarders add. */
    private static final List<String> SENT_ON =
            List.of("List-Id", "List-Post", "Resent-From", "X-Forwarded-To", "X-Forwarded-For");

    private static final Set<String> FREE_MAIL =
            Set.of(
                    "gmail.com",
                    "googlemail.com",
                    "yahoo.com",
                    "aol.com",
                    "outlook.com",
                    "hotmail.com",
                    "live.com",
                    "msn.com");

    static final List<Rule> ALL =
            List.of(
                    new Rule(
                            "one-click",
                            10,
                            ProviderRules::oneClick,
                            "bulk mail needs List-Unsubscribe with an https address,"
                                    + " List-Unsubscribe-Post: List-Unsubscribe=One-Click, and both"
                                    + " signed (RFC 8058)"),
                    new Rule(
                            "arc",
                            10,
                            ProviderRules::arc,
                            "who sends on what others wrote seals it (RFC 8617) and leaves what is"
                                    + " signed as it is"),
                    Rule.plain(
                            "free-mail-from",
                            10,
                            ProviderRules::freeMail,
                            "write an address of your own domain into From, and theirs into"
                                    + " Reply-To"),
                    Rule.plain(
                            "size",
                            10,
                            ProviderRules::size,
                            "send a link in place of large attachments"));

    private ProviderRules() {}

    private static Finding oneClick(Arrived message) {
        Header header = message.message().header();
        if (!isBulk(header)) return Finding.GOOD;
        Optional<String> unsubscribe = header.value("List-Unsubscribe");
        if (unsubscribe.isEmpty()) return new Fault("bulk mail without List-Unsubscribe");
        if (!Ascii.lower(unsubscribe.get()).contains("<https://")) {
            return new Fault("List-Unsubscribe has no https address");
        }
        boolean post =
                header.value("List-Unsubscribe-Post")
                        .filter(it -> it.strip().equalsIgnoreCase("List-Unsubscribe=One-Click"))
                        .isPresent();
        if (!post) return new Fault("List-Unsubscribe-Post does not offer one click");
        List<DkimResult> covering =
                message.findings().dkim().stream().filter(ProviderRules::coversLink).toList();
        if (covering.isEmpty()) return new Fault("no signature covers List-Unsubscribe");
        if (covering.stream().anyMatch(DkimResult::passes)) return Finding.GOOD;
        return covering.stream().anyMatch(it -> it.state() == DkimState.TEMPERROR)
                ? new Unknown("the signature of List-Unsubscribe cannot be checked")
                : new Fault("no signature that holds covers List-Unsubscribe");
    }

    /** RFC 8058 section 4: both fields, by a signature that is valid. */
    private static boolean coversLink(DkimResult signature) {
        return signature
                .signature()
                .filter(
                        it ->
                                it.headers().contains("list-unsubscribe")
                                        && it.headers().contains("list-unsubscribe-post"))
                .isPresent();
    }

    private static boolean isBulk(Header header) {
        String precedence = header.first("Precedence").map(HeaderField::unfolded).orElse("");
        return Set.of("bulk", "list").contains(Ascii.lower(precedence.strip()))
                || header.count("List-Id") > 0
                || header.count("List-Unsubscribe") > 0;
    }

    /** Gmail asks for it: what was sent on cannot pass DMARC when it was changed on the way. */
    private static Finding arc(Arrived message) {
        ArcResult arc = message.findings().arc();
        return switch (arc.state()) {
            case PASS -> Finding.GOOD;
            case FAIL ->
                    arc.temporary()
                            ? new Unknown("the ARC chain cannot be checked: " + arc.reason())
                            : new Fault("the ARC chain does not hold: " + arc.reason());
            case NONE ->
                    isSentOn(message.message().header())
                                    && !message.findings().known().author()
                                    && !message.findings().known().open()
                            ? new Fault("it was sent on, changed or by another server, without ARC")
                            : Finding.GOOD;
        };
    }

    private static boolean isSentOn(Header header) {
        return SENT_ON.stream().anyMatch(it -> header.count(it) > 0);
    }

    /** What Gmail and Yahoo ask of senders of bulk, which no single message shows. */
    static List<String> notes(Arrived message) {
        return isBulk(message.message().header())
                ? List.of(
                        "of bulk mail fewer than 0.1 % may be reported as spam, and never 0.3 %"
                                + " (Gmail, Yahoo); more than 5000 messages a day to one of them"
                                + " are bulk, whatever they say")
                : List.of();
    }

    private static Optional<String> freeMail(Arrived message) {
        DmarcResult dmarc = message.findings().dmarc();
        return dmarc.author()
                .map(Domain::text)
                .filter(FREE_MAIL::contains)
                .filter(_ -> dmarc.result() != DmarcResult.Result.PASS)
                .filter(_ -> dmarc.result() != DmarcResult.Result.TEMPERROR)
                .map(it -> "From is an address at " + it + ", for which this server may not send");
    }

    private static Optional<String> size(Arrived message) {
        int length = message.bytes().length;
        return length <= MAX_BYTES
                ? Optional.empty()
                : Optional.of("the message has " + length + " bytes, and 25 MiB is the most");
    }
}
