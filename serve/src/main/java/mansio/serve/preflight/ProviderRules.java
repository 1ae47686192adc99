package mansio.serve.preflight;

import mansio.codec.message.Header;
import mansio.codec.message.HeaderField;
import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;
import mansio.trust.dmarc.DmarcResult;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What Gmail, Yahoo and Microsoft ask for besides (their rules for senders of 2024 and 2025). */
final class ProviderRules {
    /** Yahoo takes no more; Gmail and Microsoft neither. */
    static final int MAX_BYTES = 25 << 20;

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
                            "free-mail-from",
                            10,
                            ProviderRules::freeMail,
                            "write an address of your own domain into From, and theirs into"
                                    + " Reply-To"),
                    new Rule(
                            "size",
                            10,
                            ProviderRules::size,
                            "send a link in place of large attachments"));

    private ProviderRules() {}

    private static Optional<String> oneClick(Arrived message) {
        Header header = message.message().header();
        if (!isBulk(header)) return Optional.empty();
        Optional<String> unsubscribe = header.value("List-Unsubscribe");
        if (unsubscribe.isEmpty()) return Optional.of("bulk mail without List-Unsubscribe");
        if (!Ascii.lower(unsubscribe.get()).contains("<https://")) {
            return Optional.of("List-Unsubscribe has no https address");
        }
        boolean post =
                header.value("List-Unsubscribe-Post")
                        .filter(it -> it.strip().equalsIgnoreCase("List-Unsubscribe=One-Click"))
                        .isPresent();
        if (!post) return Optional.of("List-Unsubscribe-Post does not offer one click");
        boolean signed =
                message.findings().dkim().stream()
                        .flatMap(it -> it.signature().stream())
                        .anyMatch(
                                it ->
                                        it.headers().contains("list-unsubscribe")
                                                && it.headers().contains("list-unsubscribe-post"));
        return signed ? Optional.empty() : Optional.of("no signature covers List-Unsubscribe");
    }

    private static boolean isBulk(Header header) {
        String precedence = header.first("Precedence").map(HeaderField::unfolded).orElse("");
        return Set.of("bulk", "list").contains(Ascii.lower(precedence.strip()))
                || header.count("List-Id") > 0
                || header.count("List-Unsubscribe") > 0;
    }

    private static Optional<String> freeMail(Arrived message) {
        DmarcResult dmarc = message.findings().dmarc();
        return dmarc.author()
                .map(Domain::text)
                .filter(FREE_MAIL::contains)
                .filter(_ -> dmarc.result() != DmarcResult.Result.PASS)
                .map(it -> "From is an address at " + it + ", for which this server may not send");
    }

    private static Optional<String> size(Arrived message) {
        int length = message.bytes().length;
        return length <= MAX_BYTES
                ? Optional.empty()
                : Optional.of("the message has " + length + " bytes, and 25 MiB is the most");
    }
}
