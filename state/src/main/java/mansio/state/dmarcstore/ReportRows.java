package mansio.state.dmarcstore;

import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;
import mansio.trust.dmarc.Alignment;
import mansio.trust.dmarc.Policy;
import mansio.trust.dmarc.ReportUri;
import mansio.trust.dmarcreport.AggregateReport.AuthResult;
import mansio.trust.dmarcreport.AggregateReport.Dkim;
import mansio.trust.dmarcreport.AggregateReport.Identifiers;
import mansio.trust.dmarcreport.AggregateReport.Published;
import mansio.trust.dmarcreport.AggregateReport.Reason;
import mansio.trust.dmarcreport.AggregateReport.ReasonType;
import mansio.trust.dmarcreport.AggregateReport.Row;
import mansio.trust.dmarcreport.AggregateReport.Scope;
import mansio.trust.dmarcreport.AggregateReport.Spf;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Values of reports as they are stored. */
final class ReportRows {
    /** A hostile message makes a row no larger than this many signatures. */
    private static final int MAX_RESULTS = 10;

    private ReportRows() {}

    static void write(ValueWriter out, Published it) {
        out.text(it.domain())
                .flag(it.dkim() == Alignment.STRICT)
                .flag(it.spf() == Alignment.STRICT)
                .u8(code(it.policy()))
                .u8(code(it.subdomains()))
                .flag(it.nonExistent().isPresent());
        it.nonExistent().ifPresent(policy -> out.u8(code(policy)));
        out.u8(it.percent()).flag(it.testing()).text(it.options());
    }

    static Published published(ValueReader in) {
        return new Published(
                in.text(),
                alignment(in),
                alignment(in),
                policy(in),
                policy(in),
                in.flag() ? Optional.of(policy(in)) : Optional.empty(),
                in.u8(),
                in.flag(),
                in.text());
    }

    private static Alignment alignment(ValueReader in) {
        return in.flag() ? Alignment.STRICT : Alignment.RELAXED;
    }

    static int code(Policy policy) {
        return switch (policy) {
            case NONE -> 0;
            case QUARANTINE -> 1;
            case REJECT -> 2;
        };
    }

    static Policy policy(ValueReader in) {
        return switch (in.u8()) {
            case 1 -> Policy.QUARANTINE;
            case 2 -> Policy.REJECT;
            default -> Policy.NONE;
        };
    }

    static void write(ValueWriter out, List<ReportUri> destinations) {
        out.varint(destinations.size());
        for (ReportUri it : destinations) {
            out.text(it.uri()).varint(it.maxBytes().orElse(0)).flag(it.maxBytes().isPresent());
        }
    }

    static List<ReportUri> destinations(ValueReader in) {
        List<ReportUri> destinations = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            String uri = in.text();
            long max = in.varint();
            OptionalLong limit = in.flag() ? OptionalLong.of(max) : OptionalLong.empty();
            ReportUri.parse(uri)
                    .map(it -> new ReportUri(it.uri(), it.address(), limit))
                    .ifPresent(destinations::add);
        }
        return destinations;
    }

    /** All of a row but its count. */
    static byte[] encode(Row row) {
        ValueWriter out =
                new ValueWriter()
                        .bytes(row.source().getAddress())
                        .u8(code(row.disposition()))
                        .flag(row.dkimAligned())
                        .flag(row.spfAligned())
                        .text(row.identifiers().envelopeTo())
                        .text(row.identifiers().envelopeFrom())
                        .text(row.identifiers().headerFrom());
        List<Reason> reasons = first(row.reasons());
        out.varint(reasons.size());
        reasons.forEach(it -> out.text(it.type().name()).text(it.comment()));
        List<Dkim> dkim = first(row.dkim());
        out.varint(dkim.size());
        for (Dkim it : dkim) {
            out.text(it.domain()).text(it.selector()).text(it.result().name()).text(it.human());
        }
        List<Spf> spf = first(row.spf());
        out.varint(spf.size());
        for (Spf it : spf) {
            out.text(it.domain()).flag(it.scope() == Scope.HELO).text(it.result().name());
        }
        return out.toBytes();
    }

    private static <T> List<T> first(List<T> all) {
        return all.subList(0, Math.min(all.size(), MAX_RESULTS));
    }

    static Row decode(ValueReader in, long count) {
        InetAddress source = address(in.bytes());
        Policy disposition = policy(in);
        boolean dkimAligned = in.flag();
        boolean spfAligned = in.flag();
        Identifiers identifiers = new Identifiers(in.text(), in.text(), in.text());
        List<Reason> reasons = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            reasons.add(new Reason(ReasonType.valueOf(in.text()), in.text()));
        }
        List<Dkim> dkim = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            dkim.add(new Dkim(in.text(), in.text(), AuthResult.valueOf(in.text()), in.text()));
        }
        List<Spf> spf = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            spf.add(
                    new Spf(
                            in.text(),
                            in.flag() ? Scope.HELO : Scope.MFROM,
                            AuthResult.valueOf(in.text())));
        }
        return new Row(
                source,
                count,
                disposition,
                dkimAligned,
                spfAligned,
                reasons,
                identifiers,
                dkim,
                spf);
    }

    static InetAddress address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // The length was right when it was written.
        }
    }
}
